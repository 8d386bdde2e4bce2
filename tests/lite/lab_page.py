"""A notebook that is open in JupyterLite, as the tests see it."""

import json
from pathlib import Path

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
CHAPTERS = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))

READY = """() => {
    const context = window.jupyterapp?.shell?.currentWidget?.context;
    return context?.isReady && context.sessionContext.session?.kernel;
}"""
LIMIT = 1500  # seconds; a chapter that takes longer counts as stuck
RUN_ALL = """limit => Promise.race([
    window.jupyterapp.commands.execute("notebook:run-all-cells").then(() => true),
    new Promise(late => setTimeout(late, 1000 * limit, false)),
])"""
CELLS = """() => {
    const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells];
    return cells.filter(cell => cell.type === "code").map(cell => ({
        source: cell.sharedModel.getSource(),
        tags: cell.getMetadata("tags") ?? [],
        count: cell.executionCount,
        errors: cell.outputs.toJSON().filter(output => output.output_type === "error")
            .map(output => [`${output.ename}: ${output.evalue}`, ...output.traceback]),
    }));
}"""
KEEP = """sources => {
    const model = window.jupyterapp.shell.currentWidget.content.model.sharedModel;
    model.deleteCellRange(0, model.cells.length);
    model.insertCells(0, sources.map(source => ({ cell_type: "code", source })));
}"""


def open_chapter(page, root, name):
    """Open a chapter as its button does, and wait until it has a kernel."""
    page.goto(f"{root}lite/notebooks/index.html?path={name}")
    page.wait_for_function(READY)


def put_cells(page, *sources):
    """Put these code cells in place of all that the notebook has."""
    page.evaluate(KEEP, list(sources))


def run_all(page):
    """Run all cells and wait for the last; return them as they are then."""
    assert page.evaluate(RUN_ALL, LIMIT), f"still running after {LIMIT} s"
    return page.evaluate(CELLS)


def problems(cells):
    """Return a report on each cell that failed, or that was not run at all."""
    found = []
    for number, cell in enumerate(cells):
        title = f"code cell {number}: {json.dumps(cell['source'][:60])}"
        if cell["count"] is None:
            found.append(f"{title} was not run")
        if "raises-exception" not in cell["tags"]:
            found += [f"{title}\n" + "\n".join(lines) for lines in cell["errors"]]
    return found
