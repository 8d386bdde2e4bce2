"""Baking: right frames, no work twice, nothing half-written, clear failures."""

import json
import subprocess
import sys

import pytest

from dlbasics.explorers import __main__ as command
from dlbasics.explorers import _bake, _baked
from dlbasics.explorers._bake import FrameError, bake, draw_one, fingerprint
from dlbasics.explorers._baked import DamagedError, Drawn, pack, unpack

FRAMES = [
    Drawn('<svg ><g id="{id}0"><path d="M0 0"/></g></svg>', "Eins — “ä”.", None),
    Drawn('<svg ><g id="{id}0"><path d="M1 0"/></g></svg>', "Zwei.", True),
    Drawn('<svg ><g id="{id}0"><path d="M0 0"/></g></svg>', "Drei.", False),
]


@pytest.fixture
def inline(monkeypatch):
    """Compute in this process, quickly, and count the frames."""
    counted = []

    def compute(made, states, pool):
        counted.extend(states)
        return [Drawn(f"<svg>{made.say(s)}</svg>", "A line.", None) for s in states]

    monkeypatch.setattr(_bake, "compute", compute)
    return counted


def listing(folder):
    return sorted(path.name for path in folder.iterdir())


def test_packing_loses_nothing_and_is_deterministic():
    assert unpack(pack(FRAMES)) == FRAMES
    assert pack(FRAMES) == pack(FRAMES)


def test_workers_draw_what_this_process_draws(toy, tmp_path):
    (manifest,) = bake([toy], tmp_path / "out", jobs=2)
    frames = _baked.read_frames(tmp_path / "out", manifest)
    assert len(frames) == manifest["frames"] == 12
    assert frames == [draw_one(toy, state) for state in toy.combinations()]
    assert listing(tmp_path / "out") == [manifest["file"], "toy.json"]


def test_the_manifest_describes_the_controls(toy, tmp_path, inline):
    (manifest,) = bake([toy], tmp_path)
    slope, color, dots = manifest["controls"]
    assert (slope["kind"], slope["default"]) == ("slider", 1)
    assert slope["tokens"] == ["0.5", "1", "big"]
    assert (color["kind"], color["label"]) == ("choice", "color")
    assert (dots["kind"], dots["label"]) == ("toggle", "with dots")
    assert dots["tokens"] == ["off", "on"]


def test_a_second_bake_does_nothing(toy, tmp_path, inline):
    first = bake([toy], tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("toy*")}
    assert bake([toy], tmp_path) == first
    assert len(inline) == 12
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("toy*")} == before


def test_a_changed_source_is_baked_again_and_the_old_file_goes(
    toy, toy_file, tmp_path, inline
):
    out = tmp_path / "out"
    (before,) = bake([toy], out)
    toy_file.write_text(toy_file.read_text() + "\nMORE = 1\n")
    (after,) = bake([toy], out)
    assert len(inline) == 24
    assert after["key"] != before["key"]
    toy.title = "Another"
    assert len(listing(out)) == 2


def test_the_key_follows_what_is_imported(toy, toy_file):
    before = fingerprint(toy)
    sources = {path.name for path in _bake.sources_of([toy_file])}
    assert {"palette.py", "_svg.py"} & sources == {"palette.py"}
    toy_file.write_text(toy_file.read_text() + "\nfrom dlbasics import losses\n")
    assert "losses.py" in {path.name for path in _bake.sources_of([toy_file])}
    assert fingerprint(toy) != before


def test_shipped_data_count_as_source():
    from dlbasics import datasets

    sources = _bake.sources_of([_bake.Path(datasets.__file__)])
    assert "mnist.npz" in {path.name for path in sources}


@pytest.mark.parametrize(
    "damage",
    [
        lambda js, manifest: js.write_bytes(js.read_bytes()[:-50]),
        lambda js, manifest: js.write_bytes(b""),
        lambda js, manifest: js.write_bytes(js.read_bytes().replace(b"A", b"B", 1)),
        lambda js, manifest: manifest.write_text(manifest.read_text()[:40]),
        lambda js, manifest: manifest.write_text("[]"),
        lambda js, manifest: manifest.write_bytes(b"\xff\xfe"),
    ],
    ids=["truncated", "empty", "one-letter", "half-manifest", "list", "no-text"],
)
def test_damage_is_said_and_mended(toy, tmp_path, inline, capsys, damage):
    (manifest,) = bake([toy], tmp_path)
    damage(tmp_path / manifest["file"], tmp_path / "toy.json")
    with pytest.raises(DamagedError, match="is damaged"):
        _baked.read_manifest(tmp_path, "toy")
    assert bake([toy], tmp_path) == [manifest]
    assert "is damaged" in capsys.readouterr().out


def test_a_missing_script_is_baked_again(toy, tmp_path, inline):
    (manifest,) = bake([toy], tmp_path)
    (tmp_path / manifest["file"]).unlink()
    assert bake([toy], tmp_path) == [manifest]
    assert len(inline) == 24


def test_a_failing_frame_is_named_and_nothing_is_written(toy_file, tmp_path):
    source = toy_file.read_text().replace('"big" else slope', '"big" else slope / 0')
    toy_file.write_text(source)
    from toy_explorers import toy

    out = tmp_path / "out"
    with pytest.raises(FrameError) as caught:
        bake([toy], out, jobs=1)
    message = str(caught.value)
    assert message.startswith("toy(slope=0.5, color='blue', dots=False) raised Zero")
    assert not out.exists()


@pytest.mark.parametrize("stop_at", ["script", "manifest"])
def test_an_interruption_leaves_the_old_files(
    toy, toy_file, tmp_path, inline, monkeypatch, stop_at
):
    out = tmp_path / "out"
    (before,) = bake([toy], out)
    toy_file.write_text(toy_file.read_text() + "\nMORE = 1\n")
    toy.title = "Another"
    replace = _bake.Path.replace

    def interrupted(path, target):
        if target.suffix == {"script": ".js", "manifest": ".json"}[stop_at]:
            raise KeyboardInterrupt
        return replace(path, target)

    monkeypatch.setattr(_bake.Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        bake([toy], out)
    assert not list(out.glob(".*"))
    assert _baked.read_manifest(out, "toy") == before


def test_command_line_names_what_there_is(capsys):
    assert command.main(["list"]) == 0
    assert "activation_histograms: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--only", "nothing"],
            "no explorer 'nothing'; there are activation_histograms",
        ),
        (["-j", "0"], "expected --jobs of 1 or more, got 0"),
    ],
)
def test_command_line_refuses(tmp_path, capsys, arguments, message):
    with pytest.raises(SystemExit):
        command.main(["bake", "--out", str(tmp_path), *arguments])
    assert message in capsys.readouterr().err


def test_command_line_bakes_and_reports_failures(toy, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "all_explorers", lambda: {"toy": toy})
    bake_toy = ["bake", "--out", str(tmp_path), "--only", "toy", "-j", "1"]
    assert command.main(bake_toy) == 0
    assert "toy: 12 frames, 12 of them different" in capsys.readouterr().out
    assert json.loads((tmp_path / "toy.json").read_text())["frames"] == 12

    def fail(*args, **kwargs):
        raise FrameError("toy(slope=1) raised OverflowError: too steep")

    monkeypatch.setattr(command, "bake", fail)
    assert command.main(bake_toy) == 1
    assert "bake failed: toy(slope=1) raised" in capsys.readouterr().err


def test_it_is_a_program():
    run = [sys.executable, "-m", "dlbasics.explorers", "list"]
    assert "activation_histograms" in subprocess.check_output(run, text=True)
