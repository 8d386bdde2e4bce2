"""Find a Chromium, and start it the way tests and scripts do."""

import os
import shutil

# The first has no window and no code for one: browser tests took 7:24, not 10:28.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--no-first-run",
)


def find_chromium():
    """Return the path of a Chromium: $CHROMIUM, or the first one on the PATH."""
    named = os.environ.get("CHROMIUM")
    return next(filter(None, map(shutil.which, (named,) if named else NAMES)), None)


def launch(playwright, *flags):
    """Start a Chromium, with more flags if given; RuntimeError if there is none."""
    path = find_chromium()
    if path is None:
        raise RuntimeError(
            "no Chromium was found: install one or set CHROMIUM=/path/to/it"
        )
    return playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
