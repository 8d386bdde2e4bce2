"""Baked explorers as files: `<name>-<hash>.js` with the frames, and `<name>.json`.

The frames of one explorer are made of the same few hundred pieces (an axis, a label, a
histogram that two states share). So the file keeps each piece once, and each frame as
a list of pieces; gzip and base64 make it a script that works from `file://`, where a
page may not fetch anything. The page undoes this in `book/_ext/.../explorers.js`.
The `.json` holds all that the page needs before a reader touches a control.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from dlbasics.explorers._declaration import Explorer
from dlbasics.files import write_aside

SCRIPT = '(globalThis.dlbFrames ??= {})["%s"] = "%s";\n'
PIECES = re.compile(r"(?<=>)(?=<)")


class Drawn(NamedTuple):
    """A frame as the page gets it."""

    svg: str
    description: str
    reached: bool | None


class DamagedError(RuntimeError):
    """A baked file is not what was written."""


def pack(frames: Iterable[Drawn], **more: object) -> bytes:
    """Compress frames, in the order of `Explorer.combinations`, with more beside."""
    pieces: dict[str, int] = {}
    distinct: dict[tuple[int, ...], int] = {}
    states = []
    for svg, description, reached in frames:
        numbers = tuple(pieces.setdefault(p, len(pieces)) for p in PIECES.split(svg))
        frame = distinct.setdefault(numbers, len(distinct))
        states.append((frame, description, reached))
    frame_of, descriptions, reached = zip(*states, strict=True)
    content = {
        "pieces": list(pieces),
        "frames": list(distinct),
        "states": frame_of,
        "descriptions": descriptions,
        "reached": reached,
        **more,
    }
    return compress(content)


def compress(content: dict) -> bytes:
    """Return what a page's script unpacks to `content`."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), 9, mtime=0)


def unpack(packed: bytes) -> list[Drawn]:
    """Undo `pack`."""
    content = json.loads(gzip.decompress(packed))
    pieces, frames = content["pieces"], content["frames"]
    svgs = ["".join(pieces[n] for n in frame) for frame in frames]
    rows = zip(
        content["states"], content["descriptions"], content["reached"], strict=True
    )
    return [Drawn(svgs[frame], *rest) for frame, *rest in rows]


def write(folder: Path, made: Explorer, key: str, frames: list[Drawn]) -> dict:
    """Put an explorer's frames into `folder`; remove what was there before, last."""
    packed = pack(frames, **made.for_script())
    script = (SCRIPT % (made.name, base64.b64encode(packed).decode())).encode()
    digest = hashlib.sha256(script).hexdigest()
    manifest = {
        "name": made.name,
        "title": made.title,
        "target": made.target,
        **made.for_page(),
        "controls": [describe(made, name) for name in made.controls],
        "file": f"{made.name}-{digest[:10]}.js",
        "sha256": digest,
        "bytes": len(script),
        "frames": len(frames),
        "drawings": len({frame.svg for frame in frames}),
        "key": key,
    }
    folder.mkdir(parents=True, exist_ok=True)
    with write_aside(folder / manifest["file"]) as file:
        file.write(script)
    with write_aside(folder / f"{made.name}.json") as file:
        file.write(json.dumps(manifest, ensure_ascii=False, indent=1).encode())
    for old in folder.glob(f"{made.name}-??????????.js"):
        if old.name != manifest["file"]:
            old.unlink()
    return manifest


def describe(made: Explorer, name: str) -> dict:
    """Return what a page has to know about a control."""
    control = made.controls[name]
    return {
        "name": name,
        "kind": control.kind,
        "label": made.label(name),
        "tokens": [control.token(value) for value in control.values],
        "texts": [control.text(value) for value in control.values],
        "default": control.values.index(control.default),
    }


def read_manifest(folder: Path, name: str) -> dict:
    """Return the manifest, having compared the script with what it says of it."""
    path = folder / f"{name}.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        script = (folder / manifest["file"]).read_bytes()
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"explorer {name!r} is not baked: no {error.filename}"
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedError(f"{path} is damaged: {error}") from None
    if hashlib.sha256(script).hexdigest() != manifest["sha256"]:
        raise DamagedError(
            f"{folder / manifest['file']} is damaged: expected {manifest['bytes']} "
            f"bytes with checksum {manifest['sha256'][:10]}…, got {len(script)} bytes"
        )
    return manifest


def read_frames(folder: Path, manifest: dict) -> list[Drawn]:
    """Return all frames of a baked explorer."""
    script = (folder / manifest["file"]).read_text(encoding="ascii")
    return unpack(base64.b64decode(script.rpartition('= "')[2].rpartition('"')[0]))
