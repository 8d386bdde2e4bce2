"""Find a Chromium, and start it the way tests and scripts do."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
SHELL = "chromium-headless-shell"  # the same without windows: a third faster
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--no-first-run",
)


def find_chromium(*preferred):
    """Return the path of a Chromium: $CHROMIUM, or the first one on the PATH."""
    named = os.environ.get("CHROMIUM")
    names = (named,) if named else (*preferred, *NAMES, SHELL)
    return next(filter(None, map(shutil.which, names)), None)


def launch(playwright, *flags):
    """Start a Chromium, with more flags if given; RuntimeError if there is none."""
    path = find_chromium(SHELL)
    if path is None:
        raise RuntimeError(
            "no Chromium was found: install one or set CHROMIUM=/path/to/it"
        )
    return playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
