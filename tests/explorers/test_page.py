"""The HTML that the extension writes."""

import html
import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dlbasics.explorers import _baked
from dlbasics.explorers._bake import draw_one

pytest.importorskip("sphinx")
sys.path.insert(0, str(Path(__file__).parents[2] / "book" / "_ext"))
from dlb_explorers.page import Start, control_html, figure_html


@pytest.fixture
def baked(toy, tmp_path):
    frames = [draw_one(toy, state) for state in toy.combinations()]
    return tmp_path, _baked.write(tmp_path, toy, "key", frames)


def page(baked, key="toy", **tokens):
    folder, manifest = baked
    return figure_html(folder, manifest, Start.of(manifest, tokens), key)


class Checker(HTMLParser):
    """Collect ids and references; complain about what is not closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.references = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag not in ("input", "path", "use", "rect"):
            self.open.append(tag)
        for name, value in attributes:
            assert name != "style"
            assert not name.startswith("on")
            if name == "id":
                self.ids.append(value)
            if name in ("for", "aria-labelledby"):
                self.references.append(value)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag not in ("path", "use", "rect"):
            assert self.open.pop() == tag


def test_it_is_well_formed_and_refers_to_what_exists(baked):
    checked = Checker(page(baked))
    assert checked.open == []
    assert len(checked.ids) == len(set(checked.ids))
    assert set(checked.references) <= set(checked.ids)


def test_twice_on_a_page_without_a_clash(baked):
    text = page(baked) + page(baked, "toy-2", slope="big")
    checked = Checker(text)
    assert len(checked.ids) == len(set(checked.ids))


def test_the_start_state_is_drawn_and_set(baked):
    text = page(baked, slope="big", dots="on")
    assert 'aria-label="A blue line of slope 10."' in text
    assert '<p class="dlb-description">A blue line of slope 10.</p>' in text
    assert 'value="2" aria-valuetext="big"' in text
    assert re.search(r'type="checkbox"[^>]* checked', text)
    assert '<span class="dlb-reached">✓ reached</span>' in text
    assert '<span class="dlb-reached" hidden>' in page(baked)


def test_controls_wait_for_the_script(baked):
    assert '<fieldset class="dlb-all" disabled>' in page(baked)


def test_the_script_is_told_all_it_needs(baked):
    text = page(baked)
    data = json.loads(html.unescape(re.search(r'data-explorer="([^"]*)"', text)[1]))
    assert data["name"] == "toy"
    assert data["file"] == baked[1]["file"]
    assert data["start"] == [1, 0, 0]
    assert [c["name"] for c in data["controls"]] == ["slope", "color", "dots"]


def test_text_is_escaped(baked):
    assert "A &lt;toy&gt; &amp; its line" in page(baked)


@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        ({"slope": "3"}, "toy: slope=3 is not baked, but one of 0.5, 1, big"),
        ({"size": "3"}, "toy: size=3 is not baked, but no such control"),
    ],
)
def test_a_state_that_is_not_baked_is_named(baked, tokens, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        page(baked, **tokens)


def test_many_choices_become_a_select():
    texts = list("abcdef")
    control = {"kind": "choice", "name": "c", "label": "l", "texts": texts}
    made = control_html(control, 2, "x-c")
    assert "<select " in made
    assert "<option selected>c</option>" in made
