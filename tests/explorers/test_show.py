"""What a notebook stores of an explorer, and how MyST-NB reads it."""

import base64
import json

import ipywidgets
import pytest

from dlbasics.explorers import show
from dlbasics.explorers._myst import ExplorerMime
from dlbasics.explorers._show import MIME, WIDGET, bundle_of


def test_all_forms_of_the_output(toy):
    bundle, metadata = bundle_of(toy, {"slope": "big"})
    assert list(bundle) == ["text/plain", "image/png", MIME, WIDGET]
    assert bundle["text/plain"] == "A <toy> & its line (explorer toy)"
    assert bundle[MIME] == {
        "explorer": "toy",
        "state": {"slope": "big", "color": "blue", "dots": "off"},
    }
    assert metadata == {"image/png": {"alt": "A blue line of slope 10."}}
    box = ipywidgets.widget_serialization["from_json"](
        f"IPY_MODEL_{bundle[WIDGET]['model_id']}", None
    )
    assert isinstance(box, ipywidgets.VBox)
    json.dumps(bundle)


def test_the_picture_is_the_same_each_time_and_opaque(toy):
    first, second = (bundle_of(toy, {})[0]["image/png"] for _ in range(2))
    assert first == second
    picture = base64.b64decode(first)
    assert picture.startswith(b"\x89PNG")
    assert b"Software" not in picture


def test_it_computes_once(toy, calls):
    calls.clear()
    bundle_of(toy, {})
    assert len(calls) == 1


def test_show_displays_the_bundle(toy, monkeypatch):
    shown = []
    monkeypatch.setattr(
        "IPython.display.display", lambda *args, **kwargs: shown.append((args, kwargs))
    )
    assert show(toy, dots=True) is None
    (((bundle,), options),) = shown
    assert options["raw"] is True
    assert bundle[MIME]["state"]["dots"] == "on"


def test_show_refuses_a_wrong_start(toy):
    with pytest.raises(ValueError, match="color expected one of"):
        show(toy, color="pink")


class Data:
    mime_type = MIME
    content = {"explorer": "toy", "state": {"dots": "on"}}  # noqa: RUF012


def test_myst_nb_gets_a_marked_container():
    (node,) = ExplorerMime.handle_mime(None, Data, False)
    assert node["dlb_explorer"] == Data.content
    assert "Interactive figure toy" in node.astext()
    assert ExplorerMime.handle_mime(None, Data, True) is None


def test_other_outputs_are_left_alone():
    class Other(Data):
        mime_type = "text/html"

    assert ExplorerMime.handle_mime(None, Other, False) is None


def test_the_entry_point_is_installed():
    from importlib.metadata import entry_points

    (point,) = entry_points(group="myst_nb.mime_renderers", name="dlbasics-explorer")
    assert point.load() is ExplorerMime
