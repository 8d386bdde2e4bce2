"""What is recorded: it loads, it is what the scripts write, and bad names say so."""

import re

import numpy as np
import pytest
import record_ladder
import record_sigma_sweep
import record_transfer
from test_reference import FOLDER as REFERENCE

from dlbasics import ablation, recorded
from dlbasics.recorded import RECORDED, load_recorded
from dlbasics.transfer import WAYS


def test_there_are_no_other_files_and_each_is_small():
    paths = list(recorded.FOLDER.glob("*.npz"))
    assert {path.stem for path in paths} == set(RECORDED)
    assert max(path.stat().st_size for path in paths) <= 50_000


def test_an_unknown_name_says_what_there_is():
    message = f"expected one of {', '.join(RECORDED)}; got 'sweep'"
    with pytest.raises(ValueError, match=message):
        load_recorded("sweep")


@pytest.mark.parametrize("damage", ["missing", "torn", "another"])
def test_a_bad_file_says_what_to_do(damage, tmp_path, monkeypatch):
    monkeypatch.setattr(recorded, "FOLDER", tmp_path)
    if damage == "torn":
        (tmp_path / "sigma_sweep.npz").write_bytes(b"PK\x03\x04 torn")
    if damage == "another":
        np.savez(tmp_path / "sigma_sweep.npz", sigma=np.ones(16))
    state = "missing" if damage == "missing" else "damaged"
    message = rf"sigma_sweep\.npz is {state}.*; expected SHA-256 .*: install"
    with pytest.raises(ValueError, match=message):
        load_recorded("sigma_sweep")


def test_the_values_of_pytorch_are_those_of_the_reference_tests():
    ours = load_recorded("batch_norm_pytorch")
    with np.load(REFERENCE / "batch_norm.npz", allow_pickle=False) as stored:
        assert ours.keys() == set(stored.files)
        release = ".".join(map(str, ours.pop("torch")))
        assert str(stored["torch"]).partition("+")[0] == release
        for name, array in ours.items():
            np.testing.assert_array_equal(array, stored[name])


@pytest.mark.parametrize("recording", ["sigma_sweep", "speed"])
def test_shapes_are_those_of_the_docstring(recording):
    for name, array in load_recorded(recording).items():
        if array.dtype != np.uint8:  # these are texts
            said = re.search(rf"`{name}`\s+\(([\d, ]+)\)", load_recorded.__doc__)
            assert array.shape == tuple(map(int, re.findall(r"\d+", said[1]))), name


def test_the_sweep_is_over_the_deviations_of_its_script():
    sigma = load_recorded("sigma_sweep")["sigma"]
    np.testing.assert_array_equal(sigma, record_sigma_sweep.SIGMAS)


def test_the_quick_run_writes_only_where_it_is_told(tmp_path, capsys):
    assert record_sigma_sweep.main(["--quick", "--output", str(tmp_path)]) == 0
    (path,) = tmp_path.iterdir()
    with np.load(path, allow_pickle=False) as stored:
        assert stored["train"].shape == (2, 2, 5, 1)
        assert (stored["train"][:, 1] > 0).all()
        assert (stored["validation"][:, 0] == -1).all()  # these overflow at once
        first = stored["train"][:, 1, :, 0]
    full = load_recorded("sigma_sweep")["train"][:2, 1, :, 0]
    assert np.abs(first - full).max() <= 30, "one epoch is the first of twenty"
    assert "wrote" in capsys.readouterr().out


def test_a_folder_that_is_not_there(tmp_path, capsys):
    with pytest.raises(SystemExit):
        record_sigma_sweep.main(["--output", str(tmp_path / "none")])
    assert "expected a folder" in capsys.readouterr().err


@pytest.mark.parametrize("script", [record_ladder, record_transfer])
def test_the_quick_runs_of_chapter_12(script, tmp_path):
    assert script.main(["--quick", "--output", str(tmp_path)]) == 0
    (path,) = tmp_path.iterdir()
    full = load_recorded(path.stem)
    with np.load(path, allow_pickle=False) as stored:
        assert set(stored.files) == set(full)
        for name in set(full) - {"labels"}:
            assert (stored[name] > 0.05).all()
            assert (stored[name] < 1).all()


def test_shapes_of_chapter_12_are_those_of_the_docstring():
    ladder, transfer = load_recorded("ladder"), load_recorded("transfer")
    assert ladder["single"].shape == (len(ablation.RUNGS), 5)
    assert ladder["ensemble"].shape == (len(ablation.RUNGS), 6)
    assert transfer["accuracy"].shape == (len(WAYS), len(transfer["labels"]), 5)
    np.testing.assert_array_equal(transfer["labels"], record_transfer.N_LABELS)
