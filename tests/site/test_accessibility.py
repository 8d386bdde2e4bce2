"""Every page is for everyone: axe in light and dark, on a phone, without motion.

A page is opened once for all of it, because opening takes most of the time.
"""

from pathlib import Path

import pytest
from built_site import CHAPTERS
from test_pages import every, open_page

AXE = Path(__file__).parent / "_vendor" / "axe" / "axe.min.js"

# WCAG 2.2 at level AA, and what axe's authors recommend beyond it. No rule is off; one
# finding is left out: axe reads no MathML, so a heading that is a formula seems empty.
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"type": "tag", "values": LEVELS}
# Those among them whose answer depends on light and dark.
COLORS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# Of code, one piece of each kind is enough to ask them about: there are thousands. axe
# gives no answer about single characters.
ONE_OF_EACH_KIND = """() => {
    const seen = new Set();
    for (const piece of document.querySelectorAll("article .highlight span")) {
        if (!piece.isConnected) continue;
        const place = piece.closest(".cell_input, .cell_output, .highlight");
        const kind = `${piece.className} in ${place.className}`;
        if (seen.has(kind) || piece.textContent.length < 2) piece.remove();
        else seen.add(kind);
    }
}"""
VIOLATIONS = """rules => axe.run(document, {
    resultTypes: ["violations"], runOnly: rules,
}).then(({violations}) => violations.flatMap(({id, impact, nodes}) => nodes
    .filter(({target}) => id !== "empty-table-header" ||
        !document.querySelector(target[0]).querySelector("math"))
    .map(({target, failureSummary}) => `${id} (${impact}): ${target.join(" ")}\\n` +
        failureSummary.split("\\n").slice(1).join("\\n"))))"""

# What is folded away is read sooner or later: it is checked as well.
UNFOLD = """() => {
    for (const part of document.querySelectorAll("details")) part.open = true;
    for (const title of document.querySelectorAll(".toggle-hidden > .admonition-title"))
        title.click();
}"""
# Soon after that, all that scrolls can be reached with the keyboard.
WIDE = "article :is(pre, figure, table, mjx-container[display='true'])"
REACHED = f"""() => [...document.querySelectorAll("{WIDE}")].every(
    part => part.scrollWidth <= part.clientWidth || part.tabIndex === 0)"""
SCROLLS = {"type": "rule", "values": ["scrollable-region-focusable"]}

LUMINANCE = """element => {
    const style = getComputedStyle(element);
    return [style.color, style.backgroundColor].map(color => {
        const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3)
            .map(v => v / 255)
            .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    });
}"""


def violations(page, rules=RULES):
    """Return what axe finds on the page as it stands, in words."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(VIOLATIONS, rules)


def in_scheme(page, scheme):
    """Switch the reader's system to light or dark, and let colors settle."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.wait_for_function(
        "scheme => document.documentElement.dataset.theme === scheme", arg=scheme
    )
    page.evaluate(
        "() => Promise.allSettled(document.getAnimations().map(a => a.finished))"
    )


def looks_right(page, scheme):
    """The paper is light or dark, and figures are ink on it, not on a white card."""
    text, paper = page.locator("body").evaluate(LUMINANCE)
    assert (paper < 0.05) == (scheme == "dark")
    assert (max(text, paper) + 0.05) / (min(text, paper) + 0.05) >= 7
    looks = page.locator(".cell_output img:not(.keep-colors)").evaluate_all(
        "imgs => imgs.map(getComputedStyle).map(s => [s.filter, s.backgroundColor])"
    )
    turned = "invert(1) hue-rotate(180deg)" if scheme == "dark" else "none"
    assert looks == [[turned, "rgba(0, 0, 0, 0)"]] * len(looks)


@every(CHAPTERS)
def test_for_everyone(page, site_url, name):
    page.set_default_timeout(120_000)  # a long page on a busy machine
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    open_page(page, site_url, name)
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate(UNFOLD)
    assert page.locator(".toggle-hidden").count() == 0
    page.wait_for_function(REACHED)
    in_scheme(page, "light")
    looks_right(page, "light")
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 844})
    page.wait_for_function(REACHED)
    assert violations(page, SCROLLS) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    in_scheme(page, "dark")
    looks_right(page, "dark")
    page.evaluate(ONE_OF_EACH_KIND)
    assert violations(page, COLORS) == []


def test_axe_sees_what_is_wrong(page, site_url):
    """The check can fail: a picture without a text, pale words, a nameless button."""
    open_page(page, site_url, "book/notation.html")
    page.evaluate(
        """() => document.querySelector("article").insertAdjacentHTML("beforeend",
            `<img src="../_static/logo.svg"><button></button><p class="pale">pale</p>`
        )"""
    )
    page.evaluate("() => { document.querySelector('.pale').style.color = '#aaa'; }")
    found = {line.partition(" ")[0] for line in violations(page)}
    assert {"image-alt", "color-contrast", "button-name"} <= found


def test_pale_code_is_seen_though_one_piece_of_each_kind_is_asked_about(page, site_url):
    open_page(page, site_url, "notebooks/07_initialization.html")
    page.evaluate(UNFOLD)
    code = page.locator("article .highlight span")
    pale = page.locator("article .highlight .mi")
    before = code.count(), pale.count()
    page.evaluate(ONE_OF_EACH_KIND)
    assert code.count() < before[0] / 20
    assert before[1] > pale.count() == 1
    assert violations(page, COLORS) == []
    pale.evaluate("piece => { piece.style.color = '#aaa'; }")
    (found,) = violations(page, COLORS)
    assert found.startswith("color-contrast")


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_motion_is_as_the_reader_wishes(page, site_url, motion):
    page.emulate_media(reduced_motion=motion)
    open_page(page, site_url, "book/how_to_use.html")
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter(element => {
            const style = getComputedStyle(element);
            const times = `${style.transitionDuration},${style.animationDuration}`;
            return Math.max(...times.split(",").map(parseFloat)) > 0.01;
        }).length"""
    )
    smooth = page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
    if motion == "reduce":
        assert (moving, smooth) == (0, "auto")
    else:
        assert moving > 0, "nothing would move, so the other case proves nothing"
