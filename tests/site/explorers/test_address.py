"""The address of a page keeps the states of its explorers."""

import re
from html import unescape
from urllib.parse import quote

import pytest
from explorer_pages import after, label, ready


def test_the_address_keeps_the_state(page, browser, base, one):
    path, ident, _ = one
    page.goto(base + path)
    root = ready(page, ident)
    root.locator("input[type=range]").first.focus()
    text = after(root, lambda: page.keyboard.press("Home"))
    page.wait_for_function("() => location.hash.length > 1")
    address = page.url
    assert f"#{ident}?" in address
    assert (
        root.locator(".dlb-link").get_attribute("href") == address[address.index("#") :]
    )

    context = browser.new_context()
    other = context.new_page()
    other.goto(address)
    there = other.locator(f"#{ident}")
    other.wait_for_function(
        "([id, text]) => document.querySelector(`#${id} .dlb-description`)"
        ".textContent === text",
        arg=[ident, text],
    )
    assert 0 <= there.bounding_box()["y"] < 200, "the explorer is not in view"
    context.close()

    after(root, root.locator("button[type=reset]").click)
    page.wait_for_function("() => location.hash === ''")


def test_back_and_forward(page, base, one):
    path, ident, _ = one
    page.goto(base + path)
    root = ready(page, ident)
    start = label(root)
    root.locator("input[type=range]").first.focus()
    text = after(root, lambda: page.keyboard.press("Home"))
    page.wait_for_function("() => location.hash.length > 1")
    page.evaluate("id => { location.hash = id; }", ident)  # a link to the figure
    page.wait_for_timeout(50)
    assert label(root) == start
    assert after(root, lambda: page.evaluate("history.back()")) == text
    assert after(root, lambda: page.evaluate("history.forward()")) == start


@pytest.mark.parametrize(
    "words",
    [
        "",
        "?",
        "?&&=&",
        "?nothing=1",
        "?sigma=",
        "?sigma=1e999&",
        "?=;?;;",
        "?%E0%A4%A",
        "?<b>",
    ],
)
def test_a_malformed_address_is_ignored(page, base, one, words, site_dir):
    path, ident, _ = one
    text = (site_dir / path).read_text("utf-8")
    start = re.search(
        rf'id="{ident}".*?class="dlb-description"[^>]*>(.*?)<', text, re.S
    )
    page.goto(f"{base}{path}#{ident}{quote(words, safe='?&=;%')}")
    root = ready(page, ident)
    assert root.locator(".dlb-description").inner_text() == unescape(start[1])
    page.wait_for_timeout(50)
    assert label(root) == unescape(start[1])


def test_several_on_a_page_keep_their_own_state(page, site_url, shown):
    pages = [path for path, _, _ in shown]
    twice = next((p for p in pages if pages.count(p) > 1), None)
    if twice is None:
        pytest.skip("no page shows two explorers")
    first, second = [ident for path, ident, _ in shown if path == twice][:2]
    page.goto(site_url + twice)
    texts = {}
    for ident in (first, second):
        root = ready(page, ident)
        root.locator("input[type=range]").first.focus()
        key = (
            "Home"
            if root.locator("input[type=range]").first.input_value() != "0"
            else "End"
        )
        texts[ident] = after(root, lambda key=key: page.keyboard.press(key))
        page.wait_for_function("id => location.hash.includes(id)", arg=ident)
    page.reload()
    for ident, text in texts.items():
        root = ready(page, ident)
        page.wait_for_function(
            "([id, text]) => document.querySelector(`#${id} .dlb-description`)"
            ".textContent === text",
            arg=[ident, text],
        )
        assert label(root) == text
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    ours = [i for i in ids if i.startswith("explore-")]
    assert len(ours) == len(set(ours))
