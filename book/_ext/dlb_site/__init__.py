"""Sphinx extension: what depends on where the book will stand, and reading progress.

Two settings, both from the environment (`make book SITE_URL=… REPOSITORY=…`):

    SITE_URL     the address of the published book: canonical addresses, a sitemap and
                 cards for links to it. Without it there is none of these.
    REPOSITORY   where its sources are: links to edit a page, to report a mistake and
                 to run a chapter on Binder or Colab. Without it there is none of these.
"""

from __future__ import annotations

import os
import re
import shutil
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ConfigError

STATIC = Path(__file__).parent / "static"
DESCRIPTION = 200  # characters, about what a search engine shows
EMPTY_HEADING = re.compile(r"<th[^>]*>(?:<p></p>)?</th>")
DOUBLE_ANCHOR = re.compile(r'<section id="(?:exercise|solution)-content">')
NOT_FOUND = """\
<h1>This page is not in the book</h1>
<p>The address may be mistyped, or the page has moved.</p>
<p><a href="{root}book/welcome.html">To the welcome page</a>, or
<a href="{root}search.html">search the book</a>.</p>"""


def setup(app: Sphinx) -> dict:
    """Set what the settings ask for, before other extensions look at it."""
    app.connect("config-inited", configure, priority=100)
    app.connect("html-page-context", describe)
    app.connect("html-page-context", mend)
    app.connect("build-finished", copy_files)
    app.add_js_file("progress/progress.js", loading_method="defer")
    app.add_js_file("progress/reach.js", loading_method="defer")
    app.add_css_file("progress/progress.css")
    if address("SITE_URL"):
        app.setup_extension("sphinx_sitemap")
        app.setup_extension("sphinxext.opengraph")
    app.setup_extension("notfound.extension")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def address(name: str) -> str:
    """Return a setting without a slash at its end; ConfigError if it is no address."""
    given = os.environ.get(name, "").strip()
    if given and not (given.startswith("https://") and urlsplit(given).netloc):
        raise ConfigError(f"expected {name} to be an https:// address, got {given!r}")
    return given.rstrip("/")


def configure(app: Sphinx, config) -> None:
    """Derive the other extensions' options from the two settings."""
    site, repository = address("SITE_URL"), address("REPOSITORY")
    root = f"{urlsplit(site).path}/"
    config.notfound_urls_prefix = root
    title, body = "Not in the book", NOT_FOUND.format(root=root)
    config.notfound_context = {"title": title, "body": body}
    if site:
        config.html_baseurl = f"{site}/"
        config.sitemap_url_scheme = "{link}"
        config.sitemap_excludes = ["404.html", "genindex.html", "search.html"]
        config.ogp_site_url = f"{site}/"
        config.ogp_social_cards = {"line_color": "#005a8e"}
    if repository:
        colab = ready_for_colab(Path(app.srcdir, "notebooks"))
        config.html_theme_options |= repository_options(repository, colab)


def ready_for_colab(folder: Path) -> bool:
    """Tell whether all notebooks have the cell that installs the package on Colab."""
    notebooks = folder.glob("*.ipynb")
    return all('"id": "colab"' in path.read_text("utf-8") for path in notebooks)


def repository_options(repository: str, colab: bool) -> dict:
    """Return the theme's options for links into the repository."""
    launch = {
        "binderhub_url": "https://mybinder.org",
        "notebook_interface": "jupyterlab",
    }
    if colab and urlsplit(repository).netloc == "github.com":  # Colab opens no other
        launch["colab_url"] = "https://colab.research.google.com"
    return {
        "repository_url": repository,
        "repository_branch": "main",
        "path_to_docs": "",
        "use_repository_button": True,
        "use_issues_button": True,
        "use_edit_page_button": True,
        "launch_buttons": launch,
    }


def describe(app: Sphinx, page: str, template, context: dict, tree) -> None:
    """Give a page its first paragraph as description, and the first page one title."""
    if page == app.config.root_doc:
        context["docstitle"] = ""
    first = tree and next(tree.findall(nodes.paragraph), None)
    if first and 'name="description"' not in context.get("metatags", ""):
        text = " ".join(first.astext().split())
        if len(text) > DESCRIPTION:
            text = text[:DESCRIPTION].rpartition(" ")[0] + " …"
        context["metatags"] += f'<meta name="description" content="{escape(text)}">'


def mend(app: Sphinx, page: str, template, context: dict, tree) -> None:
    """Correct what others write: roles, headings of nothing, double anchors."""
    body = DOUBLE_ANCHOR.sub("<section>", context.get("body", ""))
    body = body.replace(' role="doc-biblioentry"', ' role="listitem"')
    context["body"] = EMPTY_HEADING.sub("<td></td>", body)


def copy_files(app: Sphinx, error: Exception | None) -> None:
    """Put script and style of the reading progress beside the pages."""
    if error or app.builder.format != "html":
        return
    target = Path(app.outdir, "_static", "progress")
    shutil.copytree(STATIC, target, dirs_exist_ok=True)
