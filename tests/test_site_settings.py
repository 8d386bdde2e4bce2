"""What the book says of its address and its sources: nothing, or the right thing."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

pytest.importorskip("sphinx")
dlb_site = pytest.importorskip("dlb_site")
ROOT = Path(__file__).resolve().parents[1]
CONFIG = f"""\
import sys
sys.path.insert(0, {str(ROOT / "book" / "_ext")!r})
project = "A small book"
extensions = ["myst_nb", "sphinx_book_theme", "dlb_site"]
root_doc = "book/welcome"
html_theme = "sphinx_book_theme"
nb_execution_mode = "off"
"""
COLAB = {"cell_type": "code", "id": "colab", "source": "", "outputs": []}
COLAB |= {"execution_count": None, "metadata": {"tags": ["remove-cell"]}}
NOTEBOOK = {
    "cells": [
        {
            "cell_type": "markdown",
            "id": "one",
            "metadata": {},
            "source": "# One\n\nA < B & C.",
        },
        COLAB,
    ],
    "metadata": {"kernelspec": {"name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
WELCOME = "# Welcome\n\nFirst words.\n\n```{toctree}\n/notebooks/one\n```\n"


def build(folder, **settings):
    """Build a book of two pages; return status, what was printed and its folder."""
    (folder / "book").mkdir()
    (folder / "notebooks").mkdir()
    (folder / "conf.py").write_text(CONFIG)
    (folder / "book" / "welcome.md").write_text(WELCOME)
    (folder / "notebooks" / "one.ipynb").write_text(json.dumps(NOTEBOOK))
    plain = {k: v for k, v in os.environ.items() if k not in ("SITE_URL", "REPOSITORY")}
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", ".", "site"],
        cwd=folder,
        capture_output=True,
        text=True,
        env=plain | settings,
    )
    return done.returncode, done.stdout + done.stderr, folder / "site"


def soup(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="module")
def unset(tmp_path_factory):
    status, text, site = build(tmp_path_factory.mktemp("unset"))
    assert status == 0, text
    return site


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    status, text, site = build(
        tmp_path_factory.mktemp("set"),
        SITE_URL="https://example.org/deep",
        REPOSITORY="https://github.com/example/deep/",
    )
    assert status == 0, text
    return site


def test_without_an_address_no_page_claims_one(unset):
    assert not (unset / "sitemap.xml").exists()
    for page in unset.rglob("*.html"):
        found = soup(page)
        assert not found.select("link[rel=canonical], meta[property^=og]"), page
    (paper,) = soup(unset / "notebooks/one.html").select("meta[name=description]")
    assert paper["content"] == "A < B & C."


def test_without_a_repository_no_link_leads_there(unset):
    text = (unset / "notebooks" / "one.html").read_text(encoding="utf-8")
    for word in ("github.com", "mybinder", "colab"):
        assert word not in text


def test_with_an_address_all_of_it(published):
    sitemap = (published / "sitemap.xml").read_text(encoding="utf-8")
    assert sorted(re.findall("<loc>(.+?)</loc>", sitemap)) == [
        "https://example.org/deep/book/welcome.html",
        "https://example.org/deep/notebooks/one.html",
    ]
    page = soup(published / "notebooks" / "one.html")
    (canonical,) = page.select("link[rel=canonical]")
    assert canonical["href"] == "https://example.org/deep/notebooks/one.html"
    (picture,) = page.select("meta[property='og:image']")
    address = picture["content"]
    assert address.startswith("https://example.org/deep/_images/social_previews/")
    assert (published / address.removeprefix("https://example.org/deep/")).is_file()
    assert len(page.select("meta[name=description]")) == 1


def test_with_a_repository_all_of_it(published):
    page = soup(published / "notebooks" / "one.html")
    links = [link["href"] for link in page.select("a[href^=https]")]
    source = "github.com/example/deep"
    for start in (
        f"https://{source}/edit/main/notebooks/one.ipynb",
        f"https://{source}/issues/new",
        "https://mybinder.org/v2/gh/example/deep/main?urlpath=lab/tree/notebooks/one",
        "https://colab.research.google.com/github/example/deep/blob/main/notebooks/one",
    ):
        assert [link for link in links if link.startswith(start)], (start, links)


def test_colab_is_offered_only_with_the_cell_that_installs(tmp_path):
    (tmp_path / "one.ipynb").write_text(json.dumps(NOTEBOOK))
    assert dlb_site.ready_for_colab(tmp_path)
    without = NOTEBOOK | {"cells": NOTEBOOK["cells"][:1]}
    (tmp_path / "two.ipynb").write_text(json.dumps(without))
    assert not dlb_site.ready_for_colab(tmp_path)
    assert "colab_url" not in str(dlb_site.repository_options("https://github.com/", 0))


@pytest.mark.parametrize(("site", "root"), [("unset", "/"), ("published", "/deep/")])
def test_a_page_that_is_not_there_finds_its_style(site, root, request):
    folder = request.getfixturevalue(site)
    page = soup(folder / "404.html")
    assert (
        page.select_one("article h1")
        .get_text()
        .startswith("This page is not in the book")
    )
    found = [e.get("href") or e.get("src") for e in page.select("link[href], [src]")]
    inside = [a for a in found if not a.startswith(("https://example.org", "data:"))]
    assert inside
    for target in inside:
        assert target.startswith(root), target
    assert page.select_one(f"a[href='{root}book/welcome.html']")


@pytest.mark.parametrize("wrong", ["example.org", "http://example.org", "https://"])
def test_what_is_no_address_is_refused(tmp_path, wrong):
    status, text, _ = build(tmp_path, SITE_URL=wrong)
    assert status != 0
    assert f"expected SITE_URL to be an https:// address, got {wrong!r}" in text
