"""Fixtures for the explorers of the built site."""

import re

import pytest


def explorers_in(site_dir, classes):
    found = []
    for path in sorted(site_dir.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for ident in re.findall(rf'<div class="{classes}" id="([^"]+)"', text):
            name = re.sub(r"-\d+$", "", ident.removeprefix("explore-"))
            found.append((path.relative_to(site_dir).as_posix(), ident, name))
    return found


@pytest.fixture(scope="module")
def drawings(site_dir):
    """[(page, id, name)] of all explorers on which readers draw."""
    return explorers_in(site_dir, "dlb-explorer dlb-drawing")


@pytest.fixture(scope="module")
def shown(site_dir):
    """[(page, id, name)] of all explorers in the site that choose among frames."""
    found = explorers_in(site_dir, "dlb-explorer")
    if not found:
        pytest.skip("no page of the site shows an explorer")
    return found


@pytest.fixture
def one(shown):
    """The signature explorer if the site has it, else the first."""
    signature = [s for s in shown if s[2] == "activation_histograms"]
    return (signature or shown)[0]


@pytest.fixture(params=["http", "file"])
def base(request, site_url, site_dir):
    return site_url if request.param == "http" else site_dir.as_uri() + "/"
