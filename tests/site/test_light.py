"""Pages are light: one style sheet, no script to wait for, little to transfer."""

import gzip
import re
from urllib.parse import unquote, urlsplit

import pytest
from built_site import CHAPTERS, PAGES, REDIRECT, WRITTEN
from test_pages import every

MAX_BYTES = 1_000_000  # compressed, before anybody scrolls or touches an explorer
MATH = "mathjax/tex-chtml.js"
PACKED = (".css", ".html", ".js", ".json", ".svg")  # what servers compress


@every(PAGES)
def test_one_style_sheet_and_no_script_to_wait_for(site_dir, name):
    text = (site_dir / name).read_text("utf-8")
    sheets = re.findall(r'<link[^>]*href="([^"]+\.css)\?v=\w{8}"', text)
    if name != REDIRECT:
        assert [sheet.rpartition("/")[2] for sheet in sheets] == ["bundle.css"]
    for script in re.findall(r"<script\b[^>]*\bsrc=[^>]*>", text):
        assert re.search(r"\b(defer|async)\b", script), script
    assert not re.search(r'<span class="[nopw]">', text), "a mark that shows nothing"
    two = re.search(r'<span class="(\w+)">[^<]*</span><span class="\1">', text)
    assert not two, "two marks of a kind side by side"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("mode", ["auto", "light", "dark", None])
def test_the_theme_is_known_before_the_first_line(page, site_url, scheme, mode):
    """A theme that is set later has every element styled twice."""
    page.emulate_media(color_scheme=scheme)
    set_mode = f"localStorage.setItem('mode', '{mode}');" if mode else ""
    page.add_init_script(f"""
        {set_mode}
        localStorage.setItem('theme', 'light');  // of an earlier visit
        document.addEventListener('readystatechange', () => {{
            window.themeAtFirst ??= document.documentElement.dataset.theme;
        }});
    """)
    page.goto(f"{site_url}{CHAPTERS[0]}", wait_until="load")
    expected = mode if mode in ("light", "dark") else scheme
    assert page.evaluate("() => window.themeAtFirst") == expected
    assert page.evaluate("() => document.documentElement.dataset.theme") == expected


def test_the_bundle_refers_to_files_that_are_there(site_dir):
    static = site_dir / "_static"
    text = (static / "bundle.css").read_text("utf-8")
    assert "@import" not in text
    files = re.findall(r'url\("([^"#?]+)', text)
    assert "icons.woff" in files
    for file in files:
        if not file.startswith(("data:", "http")):
            assert (static / file).is_file(), file


@every(WRITTEN)
def test_a_page_transfers_little_before_it_is_read(page, site_url, site_dir, name):
    asked = set()
    page.on("request", lambda request: asked.add(request.url))
    page.goto(f"{site_url}{name}", wait_until="networkidle")
    total = 0
    for url in asked:
        path = site_dir / unquote(urlsplit(url).path).lstrip("/")
        content = path.read_bytes()
        packed = gzip.compress(content) if path.suffix in PACKED else content
        total += len(packed)
    assert 50_000 < total <= MAX_BYTES


def test_mathjax_waits_for_a_reader(page, site_url):
    name = next((n for n in WRITTEN if "07_initialization" in n), CHAPTERS[0])
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site_url}{name}", wait_until="networkidle")
    assert not any(MATH in url for url in asked)
    page.locator("article div.math").nth(2).scroll_into_view_if_needed()
    page.wait_for_selector("article .math mjx-math")
    assert any(MATH in url for url in asked)
    far = page.locator("article mjx-lazy").count()
    assert far > 20, "all formulas were typeset at once"
    page.evaluate("() => bookFormulas.all()")
    assert page.locator("article mjx-lazy").count() == 0


@pytest.mark.parametrize("name", ["book/welcome.html"])
def test_a_page_without_formulas_never_asks_for_mathjax(page, site_url, name):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site_url}{name}", wait_until="networkidle")
    page.keyboard.press("End")
    page.wait_for_timeout(300)
    assert not any(MATH in url for url in asked)
