"""Each page says which scripts it has, and a browser runs no others."""

import re

import pytest
from built_site import PAGES, SITE
from dlb_policy import with_policy
from test_pages import every, open_page

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')
CHAPTER = "notebooks/07_initialization.html"


@every(PAGES)
def test_a_page_names_its_scripts_before_any(name):
    text = (SITE / name).read_text("utf-8")
    (policy,) = POLICY.findall(text)
    assert text.index("Content-Security-Policy") < text.find("<script") % len(text)
    scripts = next(p for p in policy.split("; ") if p.startswith("script-src "))
    assert "unsafe" not in scripts
    assert "http" not in policy
    assert not re.search(r"<[a-z][^<>]*\son[a-z]+=", text)
    assert with_policy(text) == text  # a second build changes nothing


@pytest.mark.parametrize(
    "script",
    [
        "document.body.append(Object.assign(document.createElement('script'),"
        " {textContent: 'window.ran = true'}))",
        "document.body.insertAdjacentHTML('beforeend',"
        ' \'<img src="data:," alt="" onerror="window.ran = true">\')',
        "setTimeout('window.ran = true', 0)",
    ],
    ids=["inline script", "inline handler", "text as code"],
)
def test_what_is_put_into_a_page_does_not_run(page, root, script):
    open_page(page, root, CHAPTER)
    page.evaluate(script)
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in problem for problem in page.problems)
    page.problems.clear()


def test_no_other_host_is_asked(page, root):
    open_page(page, root, CHAPTER)
    page.evaluate("() => fetch('https://example.org/font.woff').catch(() => null)")
    page.wait_for_timeout(200)
    assert any("Content Security Policy" in problem for problem in page.problems)
    assert not any("foreign request" in problem for problem in page.problems)
    page.problems.clear()


def test_the_button_that_prints_prints(page, root):
    page.add_init_script("window.print = () => { window.printed = true; };")
    open_page(page, root, CHAPTER)
    page.locator("[data-print]").first.evaluate("button => button.click()")
    assert page.evaluate("window.printed") is True
