"""Grades versions of one notebook with nbgrader: executed in a kernel, scored by its own rule.

`autograde` scores a cell by its outputs (nbgrader's `utils.py`, `determine_grade`). What students
get is cleared by nbgrader's own preprocessors too, and held against what modfix made of it.
"""

from __future__ import annotations

import copy
from typing import Any

from .executing import fault_of, frames_of, ran, watched_executor
from .record import Record


def drive(job: dict[str, Any], record: Record) -> None:
    """Score every version that the job names: its name and the source of each cell."""
    watched = watched_executor(record)
    if watched is None:
        return
    import nbformat

    notebook = nbformat.read(job["notebook"], as_version=4)
    _clear_by_nbgrader(notebook, job, record)
    for name, sources in job["versions"].items():
        record.event("version", name=name)
        version = _with_sources(notebook, sources)
        watched().preprocess(version, {})
        _score(version, name, record)


def _with_sources(notebook: Any, sources: list[str]) -> Any:
    version = copy.deepcopy(notebook)
    for cell, source in zip(version.cells, sources, strict=True):
        cell.source = source
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            cell.metadata.get("nbgrader", {}).pop("checksum", None)
    return version


def _clear_by_nbgrader(notebook: Any, job: dict[str, Any], record: Record) -> None:
    """Let nbgrader clear the notebook, and tell what it refuses or clears in another way."""
    from nbgrader.preprocessors import (
        CheckCellMetadata,
        ClearHiddenTests,
        ClearMarkScheme,
        ClearOutput,
        ClearSolutions,
        ComputeChecksums,
        LockCells,
    )
    from traitlets.config import Config

    config, nb = Config(job["config"]), copy.deepcopy(notebook)
    first = (LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ComputeChecksums)
    last = (ClearHiddenTests, ClearMarkScheme, ComputeChecksums, CheckCellMetadata)
    resources: dict[str, Any] = {}
    for preprocessor in (*first, *last):
        try:
            nb, resources = preprocessor(config=config).preprocess(nb, resources)
        except Exception as error:  # whatever nbgrader raises is its refusal
            record.event("refused", by=preprocessor.__name__, message=str(error)[:2000])
            return
        if preprocessor is ClearOutput:
            ours = job["versions"]["unsolved"]
            other = [i for i, cell in enumerate(nb.cells) if cell.source != ours[i]]
            if other:
                record.event("differs", cells=other)


def _score(notebook: Any, name: str, record: Record) -> None:
    """One event for each autograded cell: its points, its score, and why it has no more."""
    from nbgrader.utils import determine_grade, is_grade, is_solution

    numbers = {c.get("execution_count"): i for i, c in enumerate(notebook.cells) if ran(c)}
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code" or not is_grade(cell) or is_solution(cell):
            continue
        fault = fault_of(cell)
        try:
            score, points = determine_grade(cell)
        except ValueError as error:  # partial credit above the maximum
            score, points = None, float(cell.metadata.nbgrader["points"])
            fault = {"name": "ValueError", "message": str(error)}
        if score == points:
            fault = {"name": "", "message": ""}
        record.event(
            "score",
            version=name,
            cell=index,
            points=points,
            score=score,
            lines=frames_of(cell, numbers),
            **fault,
        )
