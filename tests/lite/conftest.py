"""Fixtures for the tests that run chapters in a browser's Python.

    lab_url    the site with JupyterLite in it, served over http
    lab        a browser page with a storage of its own, which finds no other host

They need `make lite PYODIDE=_build/pyodide`, which `make test-lite` calls.
"""

from pathlib import Path

import pytest
from browsing import chromium, missing, served

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.lite)


@pytest.fixture(scope="session")
def lab_url():
    if not (SITE / "lite" / "static" / "pyodide").is_dir():
        missing("the site has no JupyterLite with its own Pyodide: `make test-lite`")
    with served(SITE) as url:
        yield url


@pytest.fixture(scope="session")
def browser():
    # Not Playwright's routes: with them, kernels did not start within five minutes.
    with chromium(
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    ) as started:
        yield started


@pytest.fixture
def lab(browser, lab_url):
    """Yield a page that finds no other host; the test fails if it looked for one."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    foreign = []

    def note(request):
        if not request.url.startswith((lab_url, "data:", "blob:")):
            foreign.append(request.url)

    context.on("request", note)
    page = context.new_page()
    page.set_default_timeout(300_000)  # a busy machine starts Pyodide slowly
    yield page
    context.close()
    assert foreign == []
