"""How MyST-NB reads an explorer in a stored notebook (entry point in pyproject.toml).

It leaves a marked container in the document, which the book's extension fills when a
page is written; without that extension, a sentence remains.
"""

from __future__ import annotations

from dlbasics.explorers._show import MIME


class ExplorerMime:
    """Prefer an explorer to its picture, wherever the output is HTML."""

    mime_priority_overrides = tuple((b, MIME, 1) for b in ("html", "dirhtml"))

    @staticmethod
    def handle_mime(renderer, data, inline: bool):
        """Return a container that says which explorer this is, and how it starts."""
        if inline or data.mime_type != MIME:
            return None
        from docutils import nodes

        marked = nodes.container(dlb_explorer=dict(data.content))
        name = data.content["explorer"]
        marked += nodes.paragraph(text=f"Interactive figure {name}: see the notebook.")
        return [marked]
