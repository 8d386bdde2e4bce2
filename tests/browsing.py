"""A Chromium and a server for the tests that need them."""

import os
import threading
from contextlib import contextmanager

import pytest
import serve
from chromium import find_chromium, launch


def missing(reason):
    """Skip the test, or fail it where a browser is required."""
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(f"REQUIRE_BROWSER=1, but {reason}", pytrace=False)
    pytest.skip(reason)


@contextmanager
def chromium(*flags):
    """Start a Chromium, with more flags if given; stop it at the end of the block."""
    if find_chromium() is None:
        missing("no Chromium was found: install one or set CHROMIUM=/path/to/it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launch(playwright, *flags)
        yield browser
        browser.close()


@contextmanager
def served(site):
    """Serve a folder until the end of the block; yield its address, with a slash."""
    with serve.make_server(site, port=0, quiet=True) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()
