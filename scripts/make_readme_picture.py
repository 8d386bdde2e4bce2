"""Draw the picture of README.md: an explorer as it stands in the built book.

    python scripts/make_readme_picture.py

Needs `make book` and a Chromium (CHROMIUM=/path/to/it names another one).
"""

from __future__ import annotations

import sys
from pathlib import Path

from chromium import find_chromium, launch
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "_build" / "html" / "notebooks" / "07_initialization.html"
PICTURE = ROOT / "book" / "_static" / "readme.png"
STATE = "#explore-activation_histograms?activation=tanh&sigma=xavier&depth=20"


def main() -> int:
    if find_chromium() is None or not PAGE.exists():
        print(f"expected a Chromium and {PAGE}: run `make book`", file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(
            viewport={"width": 1280, "height": 1400}, device_scale_factor=1.5
        )
        page.goto(PAGE.as_uri() + STATE)
        explorer = page.locator(".dlb-explorer.dlb-ready").first
        explorer.get_by_text("20 layers of tanh", exact=False).wait_for()
        explorer.screenshot(path=PICTURE)
        browser.close()
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
