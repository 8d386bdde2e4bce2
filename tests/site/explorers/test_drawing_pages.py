"""Drawing on the page: the same numbers as in Python, by mouse, finger and keyboard."""

from itertools import pairwise

import numpy as np
import pytest
from explorer_pages import HOLD, RELEASE
from playwright.sync_api import expect

from dlbasics.datasets import draw_lines, like_mnist, load_mnist
from dlbasics.explorers._drawing import describe
from dlbasics.explorers.drawing import images
from dlbasics.functions import softmax
from dlbasics.layers import BatchNorm, Conv2D, Dense, Flatten, MaxPool2D, ReLU
from dlbasics.models import Sequential
from dlbasics.pretrained import load_pretrained

FAST = 50  # ms from the ink to the probabilities
SEVEN = [(70, 60), (210, 60), (160, 140), (120, 240)]
LID = [(105, 85), (155, 50), (205, 90)]  # closes the 4 of the test images

FORWARD = """([images, network]) => {
  const { forward, unpack } = dlbNetwork, drawing =
    document.querySelector(".dlb-drawing").drawing;
  const layers = network ? unpack(network) : drawing.network;
  return images.map((image) => forward(layers, Float32Array.from(image)));
}"""


@pytest.fixture(scope="module")
def where(site_dir):
    for path in sorted(site_dir.rglob("*.html")):
        if 'id="explore-draw_a_digit"' in path.read_text(encoding="utf-8"):
            return path.relative_to(site_dir).as_posix()
    pytest.skip("no page of the site shows the drawing")


@pytest.fixture
def root(page, site_url, where):
    return opened(page, site_url + where)


def opened(page, address):
    """Open a page and wait until the network has looked at the canvas.

    Formulas are typeset before that, or they would move what a finger aims at.
    """
    page.goto(address)
    page.evaluate("() => window.bookFormulas?.all()")
    root = page.locator("#explore-draw_a_digit")
    root.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('.dlb-drawing').drawing?.p")
    return root


def draw(root, points, *, steps=6):
    """Draw a line with the mouse; points are in pixels of the ink."""
    box, mouse = root.locator(".dlb-paper").bounding_box(), root.page.mouse
    scale = box["width"] / 280
    there = [(box["x"] + x * scale, box["y"] + y * scale) for x, y in points]
    mouse.move(*there[0])
    mouse.down()
    for point in there[1:]:
        mouse.move(*point, steps=steps)
    mouse.up()
    settled(root)


def settled(root):
    """Wait for the frame that shows the latest change."""
    root.evaluate(
        "root => new Promise(done => requestAnimationFrame(() => "
        "requestAnimationFrame(() => done(root.drawing.frame))))"
    )


def state(root):
    return root.evaluate(
        "({ drawing: { state, seen, p, ink } }) => "
        "({ ...state, seen: [...seen], ink: [...ink], p })"
    )


def test_the_page_computes_what_numpy_computes(page, root):
    data = load_mnist(n_train=0, n_test=40, flat=False).x_test
    noise = np.random.default_rng(0).random((20, 28, 28, 1), dtype=np.float32)
    x = np.concatenate([data, noise, noise > 0.8]).astype(np.float32)
    p = softmax(load_pretrained("mnist_deep_0").forward(x))
    flat = x.reshape(len(x), -1).tolist()
    assert abs(np.array(page.evaluate(FORWARD, [flat, None])) - p).max() <= 1e-5


def small(kind, rng):
    """Return a network with one more layer of a kind, and scores that differ."""
    before, size = [], (28, 28, 1)
    if kind == "conv2d":
        before, size = [Conv2D(1, 3, 5, padding="same", rng=rng)], (28, 28, 3)
    if kind == "batchnorm":
        layer = BatchNorm(1)
        for array in (*layer.params.values(), *layer.buffers.values()):
            array[...] = rng.uniform(0.5, 2, array.shape)
        before = [layer]
    if kind == "relu":
        layer = Conv2D(1, 2, 1, padding="same", rng=rng)
        before, size = [layer, ReLU()], (28, 28, 2)
    if kind == "maxpool2d":
        before, size = [MaxPool2D(3)], (9, 9, 1)
    head = [Flatten(), Dense(int(np.prod(size)), 10, rng=rng, init=0.05)]
    return Sequential([*before, *head])


@pytest.mark.usefixtures("root")
def test_each_layer_alone(page):
    for kind in ("conv2d", "batchnorm", "relu", "maxpool2d", "dense"):
        rng = np.random.default_rng(1)
        network = small(kind, rng)
        x = rng.normal(size=(4, 28, 28, 1)).astype(np.float32)
        p = softmax(network.forward(x))
        assert np.ptp(p) > 0.01
        got = page.evaluate(FORWARD, [x.reshape(4, -1).tolist(), describe(network)])
        assert abs(np.array(got) - p).max() <= 1e-5, kind


def test_ink_and_image_are_those_of_python(page, root):
    page.click("[data-do=clear]")
    lines = (SEVEN, [(100, 150), (190, 150)], [(240, 30)], [(140, 2), (279, 279)])
    for line in lines:
        draw(root, line)
        seen = state(root)
        ink = draw_lines(seen["lines"])
        np.testing.assert_allclose(seen["ink"], ink.ravel(), atol=1e-9)
        np.testing.assert_allclose(seen["seen"], like_mnist(ink).ravel(), atol=1e-6)
    page.click("[data-do=clear]")
    draw(root, [(60, 140), (220, 140)])  # symmetric: its middle lies on an edge
    ink = draw_lines(state(root)["lines"])
    np.testing.assert_allclose(state(root)["seen"], like_mnist(ink).ravel(), atol=1e-6)


def test_test_images_arrive_unchanged(page, root):
    for digit, image in images().items():
        page.click(f"[data-digit='{digit}']")
        settled(root)
        np.testing.assert_allclose(state(root)["seen"], image.ravel(), atol=1e-6)
        assert root.locator(".dlb-first span").inner_text() == digit


def test_it_answers_while_the_line_grows(page, root):
    page.click("[data-do=clear]")
    box = root.locator(".dlb-paper").bounding_box()
    answers = set()
    page.mouse.move(box["x"] + 70, box["y"] + 60)
    page.mouse.down()
    for x, y in SEVEN[1:]:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=5)
        settled(root)
        answers.add(tuple(state(root)["p"]))
    assert len(answers) == len(SEVEN) - 1
    page.mouse.up()
    settled(root)
    assert root.locator(".dlb-first span").inner_text() == "7"
    assert "Your drawing: the network says 7" in root.inner_text()


def test_it_works_from_the_disk(page, site_dir, where):
    root = opened(page, f"{site_dir.as_uri()}/{where}")
    for digit in images():
        page.click(f"[data-digit='{digit}']")
        settled(root)
        assert root.locator(".dlb-first span").inner_text() == digit
    page.click("[data-do=clear]")
    draw(root, SEVEN)
    assert root.locator(".dlb-first span").inner_text() == "7"


def test_it_is_quick(page, root):
    draw(root, SEVEN)
    times = root.evaluate(
        "({ drawing }) => Array.from({ length: 20 }, () => {"
        " const start = performance.now(); drawing.look();"
        " return performance.now() - start; })"
    )
    assert min(times) <= FAST, times


def test_at_most_one_answer_a_frame(page, root):
    count = root.evaluate(
        "async ({ drawing }) => {"
        " let looks = 0; const look = drawing.look;"
        " drawing.look = () => { looks++; look.call(drawing); };"
        " drawing.startLine([50, 50]);"
        " for (let i = 0; i < 100; i++) drawing.goOn([50 + i, 60]);"
        " await new Promise(requestAnimationFrame);"
        " await new Promise(requestAnimationFrame);"
        " return looks; }"
    )
    assert count == 1


def test_the_target_can_be_reached(page, root):
    reached = root.locator(".dlb-reached")
    draw(root, LID)
    assert not reached.is_visible()  # upon no 4
    page.click("[data-digit='4']")
    settled(root)
    assert not reached.is_visible()
    draw(root, LID)
    p = state(root)["p"]
    assert p[9] > 0.9
    assert reached.is_visible()
    page.wait_for_function(
        "() => document.querySelector('.dlb-drawing .dlb-status')"
        ".textContent.endsWith('Target reached.')"
    )
    draw(root, [(20, 20), (21, 21)])
    assert not reached.is_visible()  # two lines
    page.click("[data-do=undo]")
    settled(root)
    assert reached.is_visible()


def test_undo_takes_back_lines_images_and_clearing(page, root):
    said = root.locator(".dlb-description")
    texts = [said.inner_text()]
    for act in (
        lambda: draw(root, SEVEN),
        lambda: draw(root, [(60, 150), (220, 150)]),
        lambda: page.click("[data-digit='3']"),
        lambda: page.click("[data-do=clear]"),
    ):
        act()
        settled(root)
        texts.append(said.inner_text())
    assert len(set(texts)) == 5
    assert texts[-1] == "The canvas is empty."
    assert not any(state(root)["ink"])
    for text in texts[-2::-1]:
        page.click("[data-do=undo]")
        settled(root)
        assert said.inner_text() == text


def test_by_keyboard(page, root):
    page.locator("[data-do=clear]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.className") == "dlb-paper"
    outline = "sheet => getComputedStyle(sheet).outlineStyle"
    assert root.locator(".dlb-sheet").first.evaluate(outline) == "solid"
    before = page.evaluate("scrollY")
    for key, times in (("ArrowUp", 9), ("Space", 1), ("ArrowDown", 18), ("Space", 1)):
        for _ in range(times):
            page.keyboard.press(key)
    settled(root)
    assert page.evaluate("scrollY") == before
    assert state(root)["lines"] == [[[140, y] for y in range(50, 231, 10)]]
    assert root.locator(".dlb-first span").inner_text() == "1"
    page.keyboard.press("ArrowLeft")  # lifted: no ink
    assert len(state(root)["lines"]) == 1
    page.keyboard.press("z")
    settled(root)
    assert root.locator(".dlb-description").inner_text() == "The canvas is empty."
    page.keyboard.press("4")
    settled(root)
    assert "A 4 of the test images" in root.inner_text()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Undo"


def test_by_touch_and_the_page_still_scrolls(browser, site_url, where):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    context = browser.new_context(**phone, is_mobile=True, device_scale_factor=3)
    page = context.new_page()
    root = opened(page, site_url + where)
    touch = "element => getComputedStyle(element).touchAction"
    assert root.locator(".dlb-paper").evaluate(touch) == "none"
    assert root.locator(".dlb-samples").evaluate(touch) == "auto"
    assert root.evaluate(touch) == "auto"
    box = root.locator(".dlb-paper").bounding_box()
    finger = context.new_cdp_session(page)

    def put(kind, *points):
        places = [{"x": x, "y": y} for x, y in points]
        command = {"type": kind, "touchPoints": places}
        finger.send("Input.dispatchTouchEvent", command)
        page.wait_for_timeout(20)  # no finger is faster, and a browser may ignore it

    def on_paper(x, y):
        scale = box["width"] / 280
        return box["x"] + x * scale, box["y"] + y * scale

    put("touchStart", on_paper(*SEVEN[0]))
    for (x, y), (x2, y2) in pairwise(SEVEN):
        for k in range(1, 6):
            there = on_paper(x + (x2 - x) * k / 5, y + (y2 - y) * k / 5)
            put("touchMove", there)
    put("touchEnd")
    settled(root)
    assert len(state(root)["lines"]) == 1
    assert root.locator(".dlb-first span").inner_text() == "7"
    width = root.locator(".dlb-paper").evaluate("p => p.width / p.clientWidth")
    assert width == pytest.approx(3, abs=0.02)
    five = root.locator("[data-digit='5']")
    five.scroll_into_view_if_needed()
    button = five.bounding_box()
    put("touchStart", (button["x"] + 20, button["y"] + 20))
    put("touchEnd")  # the click follows when the page finds time
    expect(root.locator(".dlb-first span")).to_have_text("5")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_follows_the_theme(page, site_url, where, scheme):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": 320, "height": 844})
    root = opened(page, site_url + where)
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        outside = root.evaluate(
            "root => [...root.querySelectorAll('button, canvas, output')].filter(e =>"
            " e.getBoundingClientRect().right > root.getBoundingClientRect().right)"
            ".length"
        )
        assert outside == 0, width
    look = root.locator(".dlb-paper").evaluate("p => getComputedStyle(p).filter")
    assert ("invert(1)" in look) == (scheme == "dark")
    assert not root.locator(".dlb-picture").is_visible()
    moves = root.evaluate("root => root.getAnimations({ subtree: true }).length")
    assert moves == 0


def test_readers_are_told_once_it_has_settled(page, root):
    status = root.locator(".dlb-status")
    assert status.get_attribute("role") == "status"
    page.wait_for_timeout(800)
    assert status.text_content() == ""  # not what the page shows at its start
    page.evaluate(HOLD, 500)
    draw(root, SEVEN)
    assert status.text_content() == ""
    assert page.evaluate("held.size") == 1  # one of many changes is told
    page.evaluate(RELEASE)
    assert status.text_content() == root.locator(".dlb-description").inner_text()


def test_without_a_script_the_picture_stands(browser, base, where):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base + where)
    root = page.locator("#explore-draw_a_digit")
    picture = root.locator(".dlb-picture svg")
    assert picture.is_visible()
    assert picture.get_attribute("aria-label").startswith("A 7 of the test images")
    assert not root.locator(".dlb-desk").is_visible()
    context.close()


def test_a_failure_is_said_and_can_be_mended(page, site_url, where):
    page.route("**/draw_a_digit-*.js", lambda route: route.abort())
    page.goto(site_url + where)
    root = page.locator("#explore-draw_a_digit")
    root.scroll_into_view_if_needed()
    message = root.locator(".dlb-message")
    message.wait_for(state="visible")
    assert "could not be loaded" in message.inner_text()
    page.unroute("**/draw_a_digit-*.js")
    draw(root, SEVEN)
    page.wait_for_function("() => document.querySelector('.dlb-drawing').drawing.p")
    settled(root)
    assert root.locator(".dlb-first span").inner_text() == "7"
    assert not message.is_visible()
    page.problems.clear()


def test_nothing_that_a_strict_policy_refuses(page, root):
    draw(root, SEVEN)
    html = root.evaluate("root => root.outerHTML")
    assert " style=" not in html
    assert "<script" not in html
