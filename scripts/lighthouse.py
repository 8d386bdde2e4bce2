"""Ask Lighthouse about the built pages, as seen on a slow phone: make lighthouse.

    python scripts/lighthouse.py                     # the welcome page and all chapters
    python scripts/lighthouse.py book/glossary.html  # these pages

The pages are served on this machine, compressed as any web server would. Needs Node.js,
whose `npx` fetches Lighthouse, and a Chromium. Scores are shares of 100 and depend on
the machine: Lighthouse simulates the phone, not its own. On a shared machine the same
page can get 84 and 94, so each is asked about several times, and the median counts.
Ends with an error if one is below the bar.
"""

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import threading
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

import serve
from chromium import find_chromium

LIGHTHOUSE = "lighthouse@12.8.2"
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
BAR = 95
FLAGS = ["--quiet", "--output=json", "--chrome-flags=--headless=new --no-sandbox"]


class Packing(serve.Handler):
    """Serves text compressed, and keeps connections open."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        kind, content = self.guess_type(str(path)), path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if kind.startswith(("text/", "application/json", "image/svg")):
            content = pack(content)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        SimpleHTTPRequestHandler.end_headers(self)
        self.wfile.write(content)


class Server(ThreadingHTTPServer):
    """Says nothing when a browser hangs up."""

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@cache
def pack(content):
    return gzip.compress(content, 6)


def ask(address):
    """Return {category: score out of 100} of the page at an address."""
    command = ["npx", "--yes", LIGHTHOUSE, address, *FLAGS]
    env = {**os.environ, "CHROME_PATH": str(find_chromium())}
    done = subprocess.run(command, capture_output=True, text=True, env=env)
    if done.returncode:
        sys.exit(f"lighthouse: it failed on {address}:\n{done.stderr.strip()}")
    found = json.loads(done.stdout)["categories"]
    return {name: round(100 * found[name]["score"]) for name in CATEGORIES}


def medians(address, times):
    """Return {category: median of the scores that several runs give}."""
    runs = [ask(address) for _ in range(times)]
    return {name: round(median(run[name] for run in runs)) for name in CATEGORIES}


def pages():
    """Return the pages to ask about: the welcome page and all notebooks."""
    notebooks = sorted((serve.SITE / "notebooks").glob("*.html"))
    return ["book/welcome.html", *(f"notebooks/{path.name}" for path in notebooks)]


def main(argv=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", nargs="*", help="paths below the site, as above")
    parser.add_argument("--times", type=int, default=3, help="runs for each page")
    args = parser.parse_args(argv)
    for name in args.pages:
        if not (serve.SITE / name).is_file():
            parser.error(f"expected pages of the built site, got {name}")
    if not shutil.which("npx"):
        sys.exit("lighthouse: expected Node.js, whose npx fetches Lighthouse")
    if not find_chromium():
        sys.exit("lighthouse: expected a Chromium: install one or set CHROMIUM")
    handler = partial(Packing, directory=str(serve.SITE), quiet=True)
    server = Server((serve.HOST, 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    low = 0
    print(f"{'':38s}" + "".join(f"{name:>15s}" for name in CATEGORIES))
    for name in args.pages or pages():
        address = f"http://{serve.HOST}:{server.server_port}/{name}"
        scores = medians(address, args.times)
        print(f"{name:38s}" + "".join(f"{n:15d}" for n in scores.values()), flush=True)
        low += min(scores.values()) < BAR
    return int(low > 0)


if __name__ == "__main__":
    sys.exit(main())
