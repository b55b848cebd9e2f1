"""Step `notebook`: the module converts to a valid notebook whose code cells have complete nbgrader
metadata (schema 3: nbgrader/nbgraderformat/v3.json)."""

from __future__ import annotations

from typing import Any

from modfix.document.cell import Cell
from modfix.verify.bench import Bench
from modfix.verify.found import PASSED, Found, one_line, told
from modfix.verify.steps.conversion import ConversionError, to_notebook

_FLAGS = ("grade", "grade_id", "locked", "schema_version", "solution", "task")


def check(bench: Bench) -> Found:
    """Convert, validate, and look at the metadata of every code cell."""
    try:
        notebook = to_notebook(bench.document)
    except ConversionError as error:
        return Found("failed", one_line(f"jupytext cannot convert it: {error}"), broken=True)
    import nbformat

    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        return Found("failed", one_line(f"not a valid notebook: {error.message}"), broken=True)
    cells = bench.document.cells
    if len(notebook.cells) != len(cells):
        reason = f"the notebook has {len(notebook.cells)} cells, the module {len(cells)}"
        return Found("failed", reason, broken=True)
    return _metadata(bench, notebook)


def _metadata(bench: Bench, notebook: Any) -> Found:
    version, inert = bench.settings.nbgrader.schema_version, bench.settings.nbgrader.inert
    lacking = [
        (cell, fault)
        for cell, converted in zip(bench.document.cells, notebook.cells, strict=True)
        if converted.cell_type == "code"
        and converted.source.strip()  # an empty cell is for nobody to grade or to lock
        and (inert == "keep" or "nbgrader" in converted.metadata)
        and (fault := metadata_fault(converted.metadata.get("nbgrader"), version))
    ]
    if not lacking:
        return PASSED
    cell, fault = lacking[0]
    more = f" (and {len(lacking) - 1} more)" if len(lacking) > 1 else ""
    detail = [f"{_called(each)}: {why}" for each, why in lacking[:5]]
    return Found(
        "failed",
        f"{_called(cell)} {fault}{more}",
        bench.program.marker(cell),
        told([*detail, "…" if len(lacking) > 5 else ""]),
        faults=frozenset({"metadata"}),
    )


def metadata_fault(metadata: object, version: int) -> str:
    """What is wrong with the nbgrader metadata of a code cell, or ""."""
    if not isinstance(metadata, dict):
        return "has no nbgrader metadata"
    missing = [key for key in _FLAGS if key not in metadata]
    if metadata.get("grade") is True and "points" not in metadata:
        missing.append("points")
    if missing:
        return f"lacks {', '.join(missing)}"
    if metadata["schema_version"] != version:
        return f"has schema_version {metadata['schema_version']!r} instead of {version}"
    return "" if metadata["grade_id"] else "has an empty grade_id"


def _called(cell: Cell) -> str:
    return f"cell {cell.index}" + (f" (`{cell.id}`)" if cell.id else "")
