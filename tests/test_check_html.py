"""What `make valid` does before and after the checker itself."""

import json
import subprocess

import check_html
import pytest
import serve


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.setattr(serve, "SITE", tmp_path)
    monkeypatch.setattr(check_html.shutil, "which", lambda name: name)
    for name in ("book/welcome", "index", "lite/index", "_static/macros"):
        path = tmp_path / f"{name}.html"
        path.parent.mkdir(exist_ok=True)
        path.write_text("<p>")
    return tmp_path


@pytest.fixture
def says(monkeypatch):
    """Let the checker print this; return what it was called with."""
    calls = []

    def says(text):
        def run(command, **_):
            calls.append(command)
            return subprocess.CompletedProcess(command, 0, text, "")

        monkeypatch.setattr(check_html.subprocess, "run", run)
        return calls

    return says


def test_all_pages_of_the_book_are_checked(site, says, capsys):
    calls = says('{"messages": []}')
    assert not check_html.main()
    (call,) = calls
    assert call[-2:] == [str(site / "book" / "welcome.html"), str(site / "index.html")]
    assert capsys.readouterr().out.endswith("2 pages, 0 errors\n")


def test_an_error_is_shown_with_its_place(site, says, capsys):
    url = (site / "book" / "welcome.html").as_uri()
    message = {"url": url, "lastLine": 7, "message": "Stray tag.", "extract": "</b>"}
    says(json.dumps({"messages": [message]}))
    assert check_html.main()
    assert "book/welcome.html:7: Stray tag.\n    </b>" in capsys.readouterr().out


def test_a_checker_that_fails_is_no_valid_site(site, says):
    says("Error: no network")
    with pytest.raises(SystemExit, match="the checker failed:\nError: no network"):
        check_html.main()


def test_without_a_site_or_java_it_says_so(site, monkeypatch):
    monkeypatch.setattr(serve, "SITE", site / "nothing")
    with pytest.raises(SystemExit, match="run `make book`"):
        check_html.main()
    monkeypatch.setattr(
        check_html.shutil, "which", lambda name: None if name == "java" else name
    )
    with pytest.raises(SystemExit, match="expected the program java"):
        check_html.main()
