"""Every page of the built book: it opens cleanly, reads well and leads somewhere."""

import html.parser
import re
import urllib.parse
from functools import cache
from pathlib import Path

import pytest
import yaml
from built_site import CHAPTERS, PAGES, REDIRECT, ROOT, SEARCH, SITE, WRITTEN
from fontTools.ttLib import TTFont


def every(names):
    """Parametrize over pages; without a site, one case that fixtures skip or fail."""
    return pytest.mark.parametrize("name", names or ["nothing built"])


def open_page(page, root, name):
    """Open a page and wait until its formulas are typeset."""
    page.goto(f"{root}{name}", wait_until="load")
    page.evaluate("() => window.bookFormulas?.all()")
    page.wait_for_function("() => document.documentElement.dataset.theme")


# ------------------------------------------------------------------- in the browser


@every(CHAPTERS)
def test_opens_cleanly(page, root, site_dir, name):
    """No error, no failed and no foreign request: `page` checks that at the end.

    A page is opened once for all of this, because opening takes most of the time.
    """
    open_page(page, root, name)
    assert page.title()
    assert page.locator("html").get_attribute("lang") == "en"

    formulas = page.locator("article .math").count()
    assert page.locator("article .math mjx-container").count() >= formulas
    assert page.locator("article mjx-lazy").count() == 0
    assert page.locator("mjx-merror, [data-mjx-error]").count() == 0
    broken = "fonts => [...fonts].filter(f => f.status === 'error').map(f => f.family)"
    assert page.evaluate(f"() => document.fonts.ready.then({broken})") == []

    if name in WRITTEN:
        assert page.locator("article h1").count() == 1
        silent = page.locator("article img:not([alt]), article img[alt='']")
        assert silent.evaluate_all("imgs => imgs.map(img => img.src)") == []
        icons_come_from_the_font(page, site_dir)
        assert terms_without_definition(page) == []


def icons_come_from_the_font(page, site_dir):
    shown = page.locator("i[class*='fa-']").evaluate_all(
        "icons => icons.map(i => getComputedStyle(i, '::before').content)"
    )
    with TTFont(site_dir / "_static" / "icons.woff") as font:
        known = font.getBestCmap()
    assert shown
    assert {ord(text.strip('"')) for text in shown if text != "none"} <= known.keys()
    loaded = (
        "name => document.fonts.load(`900 1em '${name}'`).then(fonts => fonts.length)"
    )
    assert page.evaluate(loaded, "Font Awesome 6 Free") == 1


def terms_without_definition(page):
    page.wait_for_function("() => window.bookTerms")
    return page.locator("article a:has(.std-term)").evaluate_all(
        "links => links.map(a => a.hash.slice(1)).filter(t => !window.bookTerms[t])"
    )


def test_the_front_door_leads_in(page, root):
    page.goto(f"{root}{REDIRECT}")
    page.wait_for_url("**/book/welcome.html")


def test_search_finds_a_term(page, site_url):
    page.goto(f"{site_url}{SEARCH}?q=saturation")
    page.wait_for_selector("#search-results li a")
    links = page.locator("#search-results li a").evaluate_all(
        "links => links.map(link => link.pathname)"
    )
    assert "/book/glossary.html" in links


def test_a_quiz_answers_by_keyboard(page, root):
    open_page(page, root, "book/how_to_use.html")
    option = page.locator("details.quiz").nth(1)
    reason = option.locator("p").first
    assert reason.is_hidden()
    page.locator("details.quiz summary").nth(0).focus()
    page.keyboard.press("Tab")
    outline = "el => getComputedStyle(el).outlineStyle"
    assert option.locator("summary").evaluate(outline) == "solid"
    page.keyboard.press("Enter")
    assert reason.is_visible()
    assert reason.inner_text().startswith("Yes.")


def test_the_fence_holds(page):
    """A request to another host is stopped and noticed: the other tests rely on it."""
    page.set_content("<p>A page without a policy, which would stop it first.</p>")
    address = "https://example.org/font.woff"
    end = page.evaluate("a => fetch(a).then(() => 'came', () => 'stopped')", address)
    assert end == "stopped"
    assert "foreign request: https://example.org/font.woff" in page.problems
    page.problems.clear()


# ------------------------------------------------------------------------- on paper


class Links(html.parser.HTMLParser):
    """Collect the anchors of a page, and where its links and files point."""

    def __init__(self):
        super().__init__()
        self.anchors, self.twice, self.targets = set(), [], []

    def handle_starttag(self, tag, attributes):
        for key, value in attributes:
            if key == "id" or (key == "name" and tag == "a"):
                if value in self.anchors:
                    self.twice.append(value)
                self.anchors.add(value)
            elif key in ("href", "src") and value:
                self.targets.append(value)


@cache
def links(path):
    parser = Links()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser


def dead(path, target):
    """Return whether a link from the page at `path` leads nowhere inside the site."""
    url = urllib.parse.urlsplit(target)
    if url.scheme or url.netloc:
        return False
    name = urllib.parse.unquote(url.path)
    start = SITE if name.startswith("/") else path.parent
    file = (start / name.lstrip("/")).resolve() if name else path
    if file.is_dir():
        file /= "index.html"
    if not file.is_relative_to(SITE) or not file.is_file():
        return True
    fragment = urllib.parse.unquote(url.fragment)
    checked = file.suffix == ".html" and fragment and not fragment.startswith("dlb")
    return bool(checked) and fragment not in links(file).anchors


@every(PAGES)
def test_links_lead_somewhere(site_dir, name):
    path = site_dir / name
    found = links(path).targets
    assert found
    assert [target for target in found if dead(path, target)] == []


@every(PAGES)
def test_no_anchor_is_there_twice(site_dir, name):
    assert links(site_dir / name).twice == []


@every(WRITTEN)
def test_nothing_but_links_leaves_the_site(site_dir, name):
    """Scripts, styles and pictures have addresses of this site, seen in the source."""

    outside = []

    class Loaded(html.parser.HTMLParser):
        def handle_starttag(self, tag, attributes):
            given = dict(attributes)
            target = given.get("src") or (tag == "link" and given.get("href")) or ""
            if urllib.parse.urlsplit(target).netloc:
                outside.append(target)

    Loaded().feed(Path(site_dir / name).read_text(encoding="utf-8"))
    assert outside == []


def test_the_copyright_is_of_the_year_of_the_settings(site_dir):
    year = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["copyright"]
    text = (site_dir / "book" / "welcome.html").read_text("utf-8")
    assert re.findall(r"©\s*Copyright\s+(\d+)", text) == [year]


def test_dead_links_are_seen(tmp_path, monkeypatch):
    """The link check can fail: a missing file, a missing anchor, a way out."""
    monkeypatch.setattr(f"{__name__}.SITE", tmp_path)
    page = tmp_path / "a.html"
    page.write_text('<h1 id="here">A</h1><a href="#here">here</a><p id="here">')
    assert links(page).twice == ["here"]
    assert not dead(page, "#here")
    assert not dead(page, "https://example.org/")
    assert dead(page, "#there")
    assert dead(page, "b.html")
    assert dead(page, "../../etc/hosts")
    assert not dead(page, "/a.html")
