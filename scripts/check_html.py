"""Ask the Nu HTML checker, W3C's, about every page of the built site: make valid.

Needs Java, and Node.js, whose `npx` fetches the checker. Ends with an error if a page
has one.
"""

import json
import shutil
import subprocess
import sys

import serve

CHECKER = ["npx", "--yes", "--package", "vnu-jar@26.9.27", "vnu"]
FLAGS = ["--errors-only", "--format", "json", "--stdout", "--exit-zero-always"]


def pages():
    """Return the pages of the book, without those of JupyterLite and the theme."""
    theirs = {serve.SITE / "lite", serve.SITE / "_static"}
    pages = sorted(serve.SITE.rglob("*.html"))
    return [page for page in pages if theirs.isdisjoint(page.parents)]


def errors(paths):
    """Yield one line for each error that the checker finds."""
    command = [*CHECKER, *FLAGS, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True)
    try:
        messages = json.loads(done.stdout)["messages"]
    except ValueError:
        sys.exit(
            f"check_html: the checker failed:\n{(done.stderr or done.stdout)[:2000]}"
        )
    for message in messages:
        page = message.get("url", "").rpartition(f"{serve.SITE}/")[2]
        place = f"{page}:{message.get('lastLine', '?')}"
        yield f"{place}: {message['message']}\n    {message.get('extract', '').strip()}"


def main():
    for program in ("npx", "java"):
        if not shutil.which(program):
            sys.exit(f"check_html: expected the program {program}, found none")
    paths = pages()
    if not paths:
        sys.exit(
            f"check_html: expected the built book in {serve.SITE}: run `make book`"
        )
    found = list(errors(paths))
    print(*found, sep="\n")
    print(f"{len(paths)} pages, {len(found)} errors")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
