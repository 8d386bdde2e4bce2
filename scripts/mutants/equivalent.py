"""Mutants that compute the same: listed with the reason, found by what they change.

A file of paragraphs: the function, a line with "- " before and a line with "+ " after
the change, then the reason.
"""

from __future__ import annotations

from pathlib import Path

Key = tuple[str, str, str]  # function, before, after


def read(path: Path) -> dict[Key, str]:
    """Return the reason of each listed mutant."""
    text = path.read_text(encoding="utf-8")
    listed: dict[Key, str] = {}
    for paragraph in text.split("\n\n"):
        lines = [line for line in paragraph.splitlines() if not line.startswith("#")]
        if not any(lines):
            continue
        name, before, after, *reason = lines
        if not (before.startswith("- ") and after.startswith("+ ") and reason):
            raise ValueError(
                f"{path} expected a function, a line '- …', a line '+ …' and a "
                f"reason, got:\n{paragraph}"
            )
        listed[name, before[2:], after[2:]] = " ".join(reason)
    return listed


def write(key: Key) -> str:
    function, before, after = key
    return f"{function}\n- {before}\n+ {after}"
