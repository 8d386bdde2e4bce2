"""How explorers look and load: themes, widths, paper, no script, failures."""

import re

import pytest
from explorer_pages import after, at, label, ready

BUDGET = 400_000  # bytes for all frames of an explorer


def test_figures_follow_dark_mode(page, site_url, one):
    path, ident, _ = one
    page.goto(site_url + path)
    ready(page, ident)
    colors = """id => [...document.querySelectorAll(`#${id} svg text, #${id} svg path`)]
      .map(e => getComputedStyle(e).fill).filter(f => f !== "none")"""
    seen = {}
    for theme in ("light", "dark"):
        page.evaluate(
            "theme => { document.documentElement.dataset.theme = theme; }", theme
        )
        seen[theme] = set(page.evaluate(colors, ident))
    assert len(seen["light"]) >= 3
    assert not seen["light"] & seen["dark"]


def test_frames_are_loaded_when_the_figure_comes_near(page, site_url, one):
    path, ident, name = one
    page.set_viewport_size({"width": 900, "height": 200})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site_url + path)
    page.wait_for_timeout(300)
    if page.locator(f"#{ident}").bounding_box()["y"] < 700:
        pytest.skip("the figure is near the top of its page")
    assert not [url for url in asked if f"/{name}-" in url]
    ready(page, ident)
    assert [url for url in asked if f"/{name}-" in url]


@pytest.mark.parametrize("how", ["missing", "damaged"])
def test_a_failure_is_said_and_can_be_mended(page, site_url, one, how):
    path, ident, name = one
    answer = {
        "missing": lambda route: route.abort(),
        "damaged": lambda route: route.fulfill(
            body=f'globalThis.dlbFrames = {{"{name}": "H4sIAAAA"}}',
            content_type="text/javascript",
        ),
    }[how]
    page.route(f"**/{name}-*.js", answer)
    page.goto(site_url + path)
    root = page.locator(f"#{ident}")
    root.scroll_into_view_if_needed()
    message = root.locator(".dlb-message")
    message.wait_for(state="visible")
    assert "could not be loaded" in message.inner_text()
    assert root.locator(".dlb-picture svg").is_visible()
    page.unroute(f"**/{name}-*.js")
    root.locator("input[type=range]").first.focus()
    after(root, lambda: page.keyboard.press("Home"))
    assert not message.is_visible()
    page.problems.clear()


def test_without_a_script_the_figure_stands_and_no_control_is_dead(browser, base, one):
    path, ident, _ = one
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base + path)
    root = page.locator(f"#{ident}")
    assert root.locator(".dlb-picture svg").is_visible()
    assert label(root) == root.locator(".dlb-description").inner_text()
    assert not root.locator("input, select, button").first.is_visible()
    assert not root.locator(".dlb-link").is_visible()
    context.close()


def test_on_paper_there_are_no_controls(page, site_url, one):
    path, ident, _ = one
    page.goto(site_url + path)
    root = ready(page, ident)
    page.emulate_media(media="print")
    assert root.locator(".dlb-picture svg").is_visible()
    assert not root.locator("form").is_visible()


def test_on_a_narrow_screen_only_the_figure_scrolls(page, site_url, shown):
    page.set_viewport_size({"width": 320, "height": 800})
    for path, ident, _ in shown:
        at(page, site_url + path)
        root = ready(page, ident)
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 800})
            fits_a_narrow_screen(root, width)


def fits_a_narrow_screen(root, width):
    assert root.page.evaluate("document.documentElement.scrollWidth") <= width
    picture = root.locator(".dlb-picture")
    size = picture.evaluate(
        "p => Math.min(...[...p.querySelectorAll('text')].map("
        "t => parseFloat(getComputedStyle(t).fontSize)))"
        " * p.firstElementChild.clientWidth"
        " / p.firstElementChild.viewBox.baseVal.width"
    )
    assert size >= 7, f"text of {size:.1f} px"
    root.page.wait_for_function(
        "p => (p.tabIndex === 0) === (p.scrollWidth > p.clientWidth)",
        arg=picture.element_handle(),
    )


def test_nothing_that_a_strict_policy_refuses(page, site_url, one):
    path, ident, _ = one
    page.goto(site_url + path)
    root = ready(page, ident)
    root.locator("input[type=range]").first.focus()
    after(root, lambda: page.keyboard.press("Home"))
    html = root.evaluate("root => root.outerHTML")
    assert not re.search(r"<[^>]* (style|on\w+)=|<script|<style|javascript:", html)


def test_only_pages_with_explorers_load_the_scripts(site_dir, shown, drawings):
    with_drawings = {path for path, _, _ in drawings}
    with_explorers = {path for path, _, _ in shown} | with_drawings
    for path in site_dir.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(site_dir).as_posix()
        assert ("explorers/explorers.js" in text) is (name in with_explorers), path
        assert ("explorers/drawing.js" in text) is (name in with_drawings), path


def test_every_explorer_is_within_its_budget(site_dir, shown, drawings):
    files = list((site_dir / "_static" / "explorers").glob("*-*.js"))
    assert len(files) == len({name for _, _, name in shown + drawings})
    for file in files:
        assert file.stat().st_size <= BUDGET, file.name
