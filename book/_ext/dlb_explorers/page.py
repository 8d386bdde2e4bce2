"""The HTML of an explorer: its start frame, and controls that wait for the script."""

from __future__ import annotations

import json
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import NamedTuple

from dlbasics.explorers._baked import Drawn, read_frames
from dlbasics.explorers._canvas import drawing_html
from dlbasics.explorers._svg import place

RADIOS = 5  # a choice among more than this many becomes a select


class Start(NamedTuple):
    """The state in which an explorer stands on a page."""

    indices: list[int]
    frame: int

    @classmethod
    def of(cls, manifest: dict, tokens: dict[str, str]) -> Start:
        """Find the state among those baked; ValueError if it is not one of them."""
        indices, frame = [], 0
        controls = {control["name"]: control for control in manifest["controls"]}
        for name, token in tokens.items():
            known = controls[name]["tokens"] if name in controls else []
            if token not in known:
                what = f"one of {', '.join(known)}" if known else "no such control"
                explorer = manifest["name"]
                raise ValueError(f"{explorer}: {name}={token} is not baked, but {what}")
        for name, control in controls.items():
            tokens_known, default = control["tokens"], control["default"]
            index = tokens_known.index(tokens[name]) if name in tokens else default
            indices.append(index)
            frame = frame * len(tokens_known) + index
        return cls(indices, frame)


@lru_cache(maxsize=4)
def frames_of(folder: Path, file: str) -> list[Drawn]:
    """Read an explorer's frames, once for all pages."""
    return read_frames(folder, {"file": file})


def figure_html(folder: Path, manifest: dict, start: Start, key: str) -> str:
    """Return the whole explorer. `key` is its name on this page, also in addresses."""
    drawn = frames_of(folder, manifest["file"])[start.frame]
    ident = f"explore-{key}"
    if manifest.get("kind") == "drawing":
        digit = manifest["controls"][0]["tokens"][start.indices[0]]
        return drawing_html(manifest, digit, drawn, ident)
    controls = "\n".join(
        control_html(control, index, f"{ident}-{control['name']}")
        for control, index in zip(manifest["controls"], start.indices, strict=True)
    )
    data = {
        "name": manifest["name"],
        "file": manifest["file"],
        "kilobytes": round(manifest["bytes"] / 1000),
        "start": start.indices,
        "controls": [
            {"name": c["name"], "tokens": c["tokens"], "texts": c["texts"]}
            for c in manifest["controls"]
        ],
    }
    svg = place(drawn.svg, ident=f"{ident}-i", description=drawn.description)
    title = escape(manifest["title"])
    return f"""\
<div class="dlb-explorer" id="{ident}" role="group" aria-labelledby="{ident}-title" \
data-explorer="{escape(json.dumps(data, ensure_ascii=False))}">
<p class="dlb-title" id="{ident}-title">{title}</p>
{target_html(manifest["target"], drawn.reached)}
<form class="dlb-controls" autocomplete="off">
<fieldset class="dlb-all" disabled>
{controls}
<div class="dlb-actions"><button type="reset">Reset</button>
<a class="dlb-link" href="#{ident}">Link to this state</a></div>
</fieldset>
</form>
<p class="dlb-message" role="alert" hidden></p>
<div class="dlb-picture" role="group" aria-label="Figure: {title}">{svg}</div>
<p class="dlb-description">{escape(drawn.description)}</p>
<p class="dlb-status" role="status"></p>
</div>
"""


def target_html(target: str, reached: bool | None) -> str:
    """Return the task, with a sign that it is done."""
    if not target:
        return ""
    hidden = "" if reached else " hidden"
    return (
        f'<p class="dlb-target"><strong>Target.</strong> {escape(target)} '
        f'<span class="dlb-reached"{hidden}>✓ reached</span></p>'
    )


def control_html(control: dict, index: int, ident: str) -> str:
    """Return one native control, set to the value at `index`."""
    label, texts = escape(control["label"]), [escape(t) for t in control["texts"]]
    if control["kind"] == "slider":
        ticks = range(len(texts))
        return (
            f'<div class="dlb-control dlb-slider"><label for="{ident}">{label}</label>'
            f'<output for="{ident}" aria-live="off">{texts[index]}</output>'
            f'<input type="range" id="{ident}" name="{ident}" min="0" step="1" '
            f'max="{ticks[-1]}" value="{index}" aria-valuetext="{texts[index]}"></div>'
        )
    if control["kind"] == "toggle":
        checked = " checked" if index else ""
        return (
            f'<div class="dlb-control dlb-toggle"><label for="{ident}">'
            f'<input type="checkbox" id="{ident}" name="{ident}"{checked}> {label}'
            "</label></div>"
        )
    if len(texts) > RADIOS:
        options = "".join(
            f"<option{' selected' if i == index else ''}>{text}</option>"
            for i, text in enumerate(texts)
        )
        return (
            f'<div class="dlb-control dlb-choice"><label for="{ident}">{label}</label>'
            f'<select id="{ident}" name="{ident}">{options}</select></div>'
        )
    radios = "".join(
        f'<label><input type="radio" name="{ident}" value="{i}"'
        f"{' checked' if i == index else ''}><span>{text}</span></label>"
        for i, text in enumerate(texts)
    )
    return (
        f'<fieldset class="dlb-control dlb-choice" id="{ident}">'
        f"<legend>{label}</legend>{radios}</fieldset>"
    )
