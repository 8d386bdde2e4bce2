"""What a kernel does for the cells of a page, in the browser's Python (worker.js).

`run` gives a cell to IPython and posts what it prints and shows to the page, as it
comes: {"kind": "text" | "picture" | "explorer" | "clear", ...}.
"""

import base64
import io
import os
import sys

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from js import Object, postMessage
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from pyodide.ffi import to_js
from traitlets.config import Config

os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
EXPLORER = "application/vnd.dlbasics.explorer+json"


def post(kind, **parts):
    message = {"kind": kind, **parts}
    postMessage(to_js(message, dict_converter=Object.fromEntries))


class Stream(io.TextIOBase):
    """Standard output or standard error: the page shows both as they come."""

    def writable(self):
        return True

    def write(self, text):
        post("text", text=text)
        return len(text)


class Publisher(DisplayPublisher):
    """What `display` and figures show."""

    def publish(self, data, metadata=None, **_):
        picture = data.get("image/png")
        if EXPLORER in data:
            post("explorer")  # the page has it already, and it works
        elif picture:
            if isinstance(picture, bytes):
                picture = base64.b64encode(picture).decode()
            post("picture", png=picture)
        else:
            post("text", text=data.get("text/markdown", data["text/plain"]) + "\n")

    def clear_output(self, wait=False):
        post("clear")


class Hook(DisplayHook):
    """What the last expression of a cell is worth, without the prompt Out[1]."""

    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        self.shell.display_pub.publish(format_dict)

    def finish_displayhook(self):
        pass


class Shell(InteractiveShell):
    """IPython without a terminal and without a history on disk."""

    displayhook_class = Hook
    display_pub_class = Publisher

    def enable_gui(self, gui=None):
        pass


def start():
    """Make the shell that all cells of the page share."""
    sys.stdout, sys.stderr = Stream(), Stream()
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    return Shell.instance(config=config)


shell = start()


def run(source):
    """Run one cell; return whether it went through."""
    return shell.run_cell(source, store_history=True).success


def colored(source):
    """Return a cell as the page colors code."""
    return highlight(source, PythonLexer(), HtmlFormatter(nowrap=True))
