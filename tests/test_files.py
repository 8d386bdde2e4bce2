"""Writing aside: an interruption leaves the old file, or the new one, and no litter."""

import errno
import os

import pytest

from dlbasics.files import write_aside


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_new_file(tmp_path):
    with write_aside(tmp_path / "a.bin") as file:
        file.write(b"new")
        assert not (tmp_path / "a.bin").exists()
    assert contents(tmp_path) == {"a.bin": b"new"}


def test_replaced_only_at_the_end(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    with write_aside(str(path)) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert contents(tmp_path) == {"a.bin": b"new"}


@pytest.mark.parametrize(
    "error",
    [KeyboardInterrupt(), OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))],
    ids=["interrupted", "disk full"],
)
@pytest.mark.parametrize("before", [{}, {"a.bin": b"old"}], ids=["new", "old"])
def test_interrupted(tmp_path, error, before):
    for name, data in before.items():
        (tmp_path / name).write_bytes(data)

    def write():
        with write_aside(tmp_path / "a.bin") as file:
            file.write(b"half")
            raise error

    with pytest.raises(type(error)):
        write()
    assert contents(tmp_path) == before


def test_missing_folder(tmp_path):
    with (
        pytest.raises(FileNotFoundError, match=r"nowhere.*a\.bin"),
        write_aside(tmp_path / "nowhere" / "a.bin"),
    ):
        pass
    assert contents(tmp_path) == {}
