"""Fixtures for the tests that open the built site in a browser.

    site_dir   the built site on disk
    site_url   the same site served over http, ending in a slash
    root       both addresses, one after the other
    page       a fresh browser page; the test fails if anything went wrong behind it

Without a built site or without Chromium the tests are skipped with the reason;
with REQUIRE_BROWSER=1 in the environment (as in CI) they fail instead.
"""

from pathlib import Path

import pytest
from browsing import chromium, missing, served
from built_site import SITE


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site_dir():
    if not (SITE / "index.html").is_file():
        missing(f"there is no built site in {SITE}: run `make book`")
    return SITE


@pytest.fixture(scope="session")
def site_url(site_dir):
    with served(site_dir) as url:
        yield url


@pytest.fixture(params=["http", "file"])
def root(request, site_url, site_dir):
    """The address of the site, once served and once straight from the disk."""
    return site_url if request.param == "http" else f"{site_dir.as_uri()}/"


@pytest.fixture(scope="session")
def browser():
    """A browser that knows the address of no other machine."""
    with chromium(
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    ) as started:
        yield started


def watch(page, problems, allowed):
    """Append to `problems` whatever a reader would never see but should not happen."""

    def on_request(request):
        if not request.url.startswith(allowed):
            problems.append(f"foreign request: {request.url}")

    def on_console(message):
        if message.type in ("error", "warning"):
            problems.append(f"console {message.type}: {message.text}")

    def on_failure(request):
        # Aborted means that the page itself was left or reloaded meanwhile.
        if request.failure != "net::ERR_ABORTED":
            problems.append(f"failed: {request.url} ({request.failure})")

    def on_response(response):
        if response.status >= 400:
            problems.append(f"HTTP {response.status}: {response.url}")

    page.on("request", on_request)
    page.on("console", on_console)
    page.on("pageerror", lambda error: problems.append(f"uncaught: {error}"))
    page.on("requestfailed", on_failure)
    page.on("response", on_response)


@pytest.fixture
def answer(page):
    """Return a function that gives another text for a script of the site."""

    def answer(name, body):
        page.route(
            f"**/_static/{name}*",
            lambda route: route.fulfill(content_type="text/javascript", body=body),
        )

    return answer


@pytest.fixture
def page(browser, site_url, site_dir):
    """Yield a page that can reach the site and nothing else.

    `page.problems` collects console errors and warnings, uncaught exceptions,
    failed requests and requests to other hosts. The test fails if it is not empty
    at the end; a test that provokes a problem inspects and clears it.
    """
    allowed = (site_url, f"{site_dir.as_uri()}/", "data:", "blob:", "about:")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.problems = []
    watch(page, page.problems, allowed)
    yield page
    problems = list(page.problems)
    context.close()
    assert not problems, "\n".join(["the page is not clean:", *problems])
