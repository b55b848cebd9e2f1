"""Step `nbgrader`: nbgrader's own validation of the converted notebook, by its verdict."""

from __future__ import annotations

from msgspec.structs import replace

from modfix.verify.bench import Answer, Bench, Event
from modfix.verify.found import Found, one_line, skipped, told, trouble, untold
from modfix.verify.steps.conversion import ConversionError, kernel_language, to_notebook
from modfix.verify.verdict import Place

INSTALL = 'nbgrader is not installed (pip install "modfix[nbgrader]")'

# The kernel of the interpreter that verifies, whatever name the header gives to its Python.
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def check(bench: Bench) -> Found:
    """Execute the notebook in a kernel and let nbgrader grade it."""
    try:
        notebook = to_notebook(bench.document)
    except ConversionError as error:
        return Found("failed", one_line(f"jupytext cannot convert it: {error}"), broken=True)
    import nbformat

    language = kernel_language(notebook)
    if language != "python":
        return skipped(f"the notebook's kernel is for {language}, not for Python")
    notebook.metadata["kernelspec"] = dict(KERNEL)
    with bench.scratch() as scratch:
        path = scratch.module.with_suffix(".ipynb")
        path.write_text(nbformat.writes(notebook), encoding="utf-8")
        answer = bench.ask("grading", scratch, notebook=str(path))
    return _judged(bench, answer)


def _judged(bench: Bench, answer: Answer) -> Found:
    absent = answer.first("absent")
    if absent is not None:
        return skipped(_absence(absent["names"][0]))
    refused = answer.first("refused")
    if refused is not None:
        return _refused(bench, answer, refused)
    stopped = trouble(bench, answer)
    if stopped is not None:
        return replace(stopped, place=stopped.place or _executing(bench, answer))
    validated = answer.first("validated")
    if validated is None:
        return untold()
    if validated["verdict"]:
        return _failed(bench, answer, validated)
    # Errors of ungraded cells do not fail the step; after a fix the cell may be a graded one.
    reason = "" if validated["graded"] else "no graded cell"
    return Found("passed", reason, faults=_faults(answer))


def _faults(answer: Answer) -> frozenset[str]:
    return frozenset(_error(event) for event in answer.all("cell"))


def _absence(name: str) -> str:
    if name in ("nbgrader", "ipykernel"):
        return INSTALL
    return f"nbgrader cannot be imported: `{name}` is missing"


def _executing(bench: Bench, answer: Answer) -> Place | None:
    """The first line of the cell that was executed last."""
    started = answer.all("executing")
    return _first_line(bench, started[-1]["cell"]) if started else None


def _first_line(bench: Bench, cell: int) -> Place:
    return bench.program.place_in(bench.document.cells[cell], 1)


def _refused(bench: Bench, answer: Answer, event: Event) -> Found:
    """nbgrader does not take the notebook, or its kernel died."""
    if event["error"] == "DeadKernelError":
        reason = "the kernel died while it ran this cell"
        return Found("failed", reason, _executing(bench, answer), event["message"], broken=True)
    cell = event["cell"]
    at = None if cell is None else bench.document.cells[cell]
    where = "" if at is None else f"cell {at.index}{f' (`{at.id}`)' if at.id else ''}: "
    place = None if at is None else bench.program.marker(at)
    message = next(iter(event["message"].strip().splitlines()), event["error"])
    reason = one_line(f"nbgrader refuses the notebook: {where}{message}")
    return Found("failed", reason, place, event["message"], broken=True)


def _failed(bench: Bench, answer: Answer, validated: Event) -> Found:
    cells = [event for event in answer.all("cell") if event["failed"]]
    if not cells:  # `changed`, `type_changed`: a released notebook was edited
        what = ", ".join(validated["verdict"])
        return Found("failed", f"nbgrader finds cells that are not as released ({what})")
    first = cells[0]
    place = _place(bench, first)
    lines = bench.document.cells[place.cell].source.split("\n")
    source = lines[min(place.cell_line, len(lines)) - 1]
    more = f" (and {len(cells) - 1} more)" if len(cells) > 1 else ""
    return Found(
        "failed",
        one_line(f"the graded cell `{first['id']}` fails: {_error(first)}") + more,
        place,
        told([f"line {place.line}: {source.strip()}", *_earlier(answer, first)]),
        faults=_faults(answer),
    )


def _place(bench: Bench, event: Event) -> Place:
    """Where a cell failed; without a traceback its first line."""
    cell, line = (event["lines"] or [[event["cell"], 1]])[-1]
    return bench.program.place_in(bench.document.cells[int(cell)], int(line))


def _error(event: Event) -> str:
    message = next(iter(event["message"].strip().splitlines()), "")
    if event["name"] == "stderr":
        return f"it writes to stderr, which nbgrader counts as failure: {message}"
    if event["name"] == "partial":
        return "its last value gives partial credit only"
    if event["name"] == "CellTimeoutError":
        return "nbgrader stopped it after 30 s, its limit for a cell"
    return f"{event['name']}: {message}" if message else str(event["name"])


def _earlier(answer: Answer, first: Event) -> list[str]:
    """Errors of ungraded cells before the failing one: often its cause."""
    before = [e for e in answer.all("cell") if e["name"] != "stderr" and e["cell"] < first["cell"]]
    return [f"before it, cell {event['cell']} failed: {_error(event)}" for event in before[:3]]
