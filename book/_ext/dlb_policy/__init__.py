"""Sphinx extension: each page says which scripts it has; a browser runs no others.

A content security policy in a page's head works on every host and from disk, where
headers cannot be set. It names the page's inline scripts, which are the theme's, by
their SHA-256 and allows scripts, styles, fonts, pictures and data of the site alone.
Inline event handlers cannot be named: the theme's one, on the button that prints,
becomes a listener (`print.js`). Pages of JupyterLite are left as they are, because
Python in a browser needs more.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from pathlib import Path

from sphinx.application import Sphinx

PRINT = Path(__file__).parent / "static" / "print.js"
INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
META = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n?')
HEAD = re.compile(r"<head>\s*(?:<meta charset=[^>]*>\s*)?", re.IGNORECASE)
RULES = {
    "default-src": "'self'",
    "script-src": "'self'",  # and the hashes
    "style-src": "'self' 'unsafe-inline'",  # formulas and figures carry style=…
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
}


def setup(app: Sphinx) -> dict:
    app.add_js_file("print.js", loading_method="defer")
    app.connect("build-finished", protect, priority=950)  # after the last change
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def protect(app: Sphinx, error: Exception | None) -> None:
    """Write the policy into each page."""
    if error or app.builder.format != "html":
        return
    site = Path(app.outdir)
    shutil.copy(PRINT, site / "_static")
    for path in site.rglob("*.html"):
        if site / "lite" not in path.parents:
            text = path.read_text("utf-8")
            protected = with_policy(text)
            if protected != text:
                path.write_text(protected, "utf-8")


def with_policy(text: str) -> str:
    """Return a page with a policy that fits its scripts, in place of an older one."""
    text = META.sub("", text).replace('onclick="window.print()"', "data-print")
    scripts = [sha256(script) for script in INLINE.findall(text)]
    allowed = dict.fromkeys([RULES["script-src"], *scripts])
    rules = {**RULES, "script-src": " ".join(allowed)}
    policy = "; ".join(f"{name} {sources}" for name, sources in rules.items())
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    return HEAD.sub(lambda match: match[0] + meta, text, count=1)


def sha256(script: str) -> str:
    """Return a script's hash as a policy writes it."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
