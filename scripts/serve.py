"""Serve the built book on this machine only: python scripts/serve.py [--port 8000]."""

import argparse
import errno
import http.server
import sys
from functools import partial
from pathlib import Path
from typing import ClassVar

SITE = Path(__file__).resolve().parents[1] / "_build" / "html"
HOST = "127.0.0.1"


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files of one directory, with the site's own 404 page and sure MIME types."""

    # What the standard library does not know, or leaves to the operating system.
    extensions_map: ClassVar = {
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".ipynb": "application/x-ipynb+json",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".mjs": "text/javascript; charset=utf-8",
        ".svg": "image/svg+xml",
        ".wasm": "application/wasm",
        ".whl": "application/zip",
        ".woff": "font/woff",
        ".woff2": "font/woff2",
    }

    def __init__(self, *args, quiet=False, **kwargs):
        self.quiet = quiet
        super().__init__(*args, **kwargs)

    def end_headers(self):
        # A rebuilt page must show at the next reload.
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def send_error(self, code, message=None, explain=None):
        page = Path(self.directory) / "404.html"
        if code != http.HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", self.extensions_map[".html"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format, *args):
        if not self.quiet:
            super().log_message(format, *args)


def make_server(directory, port, *, quiet=False):
    """Return a server of `directory` on 127.0.0.1; port 0 means any free port."""
    handler = partial(Handler, directory=str(directory), quiet=quiet)
    return http.server.ThreadingHTTPServer((HOST, port), handler)


def port_number(text):
    """Return `text` as a port, or raise what argparse reports to the user."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(
            f"expected a port between 1 and 65535, got {text!r}"
        )
    return int(text)


def port_problem(error, port):
    """Return one sentence on why `port` cannot be had and what to do about it."""
    reasons = {
        errno.EADDRINUSE: "another program is using it: stop that program",
        errno.EACCES: "this user may not open it: ports below 1024 are reserved",
    }
    reason = reasons.get(error.errno, f"the system said: {error.strerror}")
    other = port + 1 if 1024 <= port < 65535 else 8000
    return (
        f"expected port {port} on {HOST} to be free, but {reason}, "
        f"or choose another port: make serve PORT={other}"
    )


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=port_number, default=8000)
    parser.add_argument("--directory", type=Path, default=SITE)
    args = parser.parse_args(argv)

    if not (args.directory / "index.html").is_file():
        sys.exit(
            f"serve: expected the built book in {args.directory}, "
            "found no index.html there; run `make book` first"
        )
    try:
        server = make_server(args.directory, args.port)
    except OSError as error:
        sys.exit(f"serve: {port_problem(error, args.port)}")
    with server:
        print(f"The book is at http://{HOST}:{args.port}/  (Ctrl+C stops it)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("\nStopped.")


if __name__ == "__main__":
    main()
