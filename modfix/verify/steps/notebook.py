"""Step `notebook`: the module converts to a valid notebook whose code cells have the nbgrader
metadata that the standard wants of them (schema 3: nbgrader/nbgraderformat/v3.json)."""

from __future__ import annotations

from typing import Any

from modfix.document.cell import Cell
from modfix.settings import Settings
from modfix.verify.bench import Bench
from modfix.verify.found import PASSED, Found, one_line, told
from modfix.verify.steps.conversion import ConversionError, to_notebook

_UNREADABLE = "incorrectly_encoded_metadata"  # what jupytext makes of it
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
    settings = bench.settings
    lacking = [
        (cell, fault)
        for cell, converted in zip(bench.document.cells, notebook.cells, strict=True)
        if converted.cell_type == "code"
        and converted.source.strip()  # an empty cell is for nobody to grade or to lock
        and _is_asked(converted.metadata, settings)
        and (fault := metadata_fault(converted.metadata.get("nbgrader"), settings))
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


def _is_asked(metadata: Any, settings: Settings) -> bool:
    """Whether the standard wants anything of the metadata of a cell."""
    if "nbgrader" in metadata or "nbgrader" in metadata.get(_UNREADABLE, ""):
        return True
    return settings.nbgrader.inert == "keep" and not settings.nbgrader.bare_cells


def metadata_fault(metadata: object, settings: Settings) -> str:
    """What is wrong with the nbgrader metadata of a code cell, or ""."""
    if not isinstance(metadata, dict):
        return "has no nbgrader metadata"
    version, optional = settings.nbgrader.schema_version, settings.nbgrader.optional
    missing = [key for key in _FLAGS if key not in metadata and key not in optional]
    if metadata.get("grade") is True and "points" not in metadata:
        missing.append("points")
    if missing:
        return f"lacks {', '.join(missing)}"
    if metadata["schema_version"] != version:
        return f"has schema_version {metadata['schema_version']!r} instead of {version}"
    empty = not metadata.get("grade_id") and "grade_id" not in optional
    return "has an empty grade_id" if empty else ""


def _called(cell: Cell) -> str:
    return f"cell {cell.index}" + (f" (`{cell.id}`)" if cell.id else "")
