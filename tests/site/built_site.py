"""Where the built site is, and which pages it has."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SITE = Path(os.environ.get("SITE_DIR", ROOT / "_build" / "html")).resolve()

REDIRECT = "index.html"  # the front door: it only leads to the welcome page
SEARCH = "search.html"
NOT_FOUND = "404.html"  # shown at any address, so its own links start at the root
PAGES = sorted(
    path.relative_to(SITE).as_posix()
    for path in SITE.rglob("*.html")
    if (first := path.relative_to(SITE).parts[0]) != "lite" and first[0] != "_"
)
CHAPTERS = [name for name in PAGES if name not in (REDIRECT, NOT_FOUND)]
WRITTEN = [name for name in CHAPTERS if name.startswith(("book/", "notebooks/"))]
