"""What `make lighthouse` does before and after Lighthouse itself."""

import gzip
import json
import subprocess
import threading
import urllib.error
import urllib.request
from functools import partial

import lighthouse
import pytest
import serve


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.setattr(serve, "SITE", tmp_path)
    for name in ("book/welcome", "notebooks/02_two", "notebooks/01_one"):
        path = tmp_path / f"{name}.html"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"<p>{name}</p>" * 100)
    return tmp_path


@pytest.fixture
def scored(monkeypatch):
    """Let Lighthouse give these scores; return what it was called with."""
    calls, scores = [], dict.fromkeys(lighthouse.CATEGORIES, 1.0)

    def run(command, **_):
        calls.append(command)
        found = {name: {"score": score} for name, score in scores.items()}
        return subprocess.CompletedProcess(
            command, 0, json.dumps({"categories": found})
        )

    monkeypatch.setattr(lighthouse.subprocess, "run", run)
    monkeypatch.setattr(lighthouse.shutil, "which", lambda _: "npx")
    monkeypatch.setattr(lighthouse, "find_chromium", lambda: "chromium")
    return calls, scores


def test_the_welcome_page_and_all_notebooks(site, scored, capsys):
    assert lighthouse.main(["--times", "1"]) == 0
    asked = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]]
    there = ["book/welcome.html", "notebooks/01_one.html", "notebooks/02_two.html"]
    assert asked == there
    assert [call[3].partition("/")[0] for call in scored[0]] == ["http:"] * 3


@pytest.mark.parametrize(("score", "status"), [(0.945, 1), (0.95, 0)])
def test_one_score_below_the_bar_is_an_error(site, scored, score, status):
    scored[1]["seo"] = score
    assert lighthouse.main(["book/welcome.html"]) == status


@pytest.mark.parametrize(("scores", "said"), [((90, 99, 97), 97), ((99, 90, 92), 92)])
def test_the_median_of_several_runs_counts(site, scored, monkeypatch, scores, said):
    runs = iter(scores)

    def ask(_):
        return dict.fromkeys(lighthouse.CATEGORIES, next(runs))

    monkeypatch.setattr(lighthouse, "ask", ask)
    assert lighthouse.medians("http://page", times=3)["performance"] == said
    assert next(runs, None) is None


def test_an_unknown_page_is_refused(site, scored, capsys):
    with pytest.raises(SystemExit):
        lighthouse.main(["book/none.html"])
    assert "expected pages of the built site, got book/none" in capsys.readouterr().err


def test_what_lighthouse_says_when_it_fails(site, scored, monkeypatch):
    failed = subprocess.CompletedProcess([], 1, "", "no such protocol\n")
    monkeypatch.setattr(lighthouse.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(SystemExit, match=r"failed on http://.*:\nno such protocol"):
        lighthouse.main(["book/welcome.html"])


@pytest.mark.parametrize("missing", ["Node.js", "Chromium"])
def test_what_it_needs_is_said(site, scored, monkeypatch, missing):
    if missing == "Node.js":
        monkeypatch.setattr(lighthouse.shutil, "which", lambda _: None)
    monkeypatch.setattr(lighthouse, "find_chromium", lambda: None)
    with pytest.raises(SystemExit, match=rf"expected .*{missing}"):
        lighthouse.main([])


def test_text_is_served_compressed(site):
    handler = partial(lighthouse.Packing, directory=str(site), quiet=True)
    server = lighthouse.Server((serve.HOST, 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    root = f"http://{serve.HOST}:{server.server_port}/"
    with urllib.request.urlopen(f"{root}book/welcome.html") as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        content = answer.read()
    assert len(content) < 200
    assert gzip.decompress(content) == (site / "book" / "welcome.html").read_bytes()
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{root}none.html")
    server.shutdown()
    server.server_close()
