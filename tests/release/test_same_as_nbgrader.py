"""The release in memory against the one that real nbgrader makes, cell by cell."""

from __future__ import annotations

import copy
import json
import logging
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pytest
from hypothesis import assume, given, settings
from nbgrader.nbgraderformat import ValidationError
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)
from nbgrader.utils import compute_checksum

from modfix.config import settings_from
from modfix.document.document import Document
from modfix.release.ipynb import notebook_release
from modfix.release.percent import percent_release
from modfix.release.refusals import refusals
from modfix.release.student import student_version
from tests.course import copy_course, modfix
from tests.nbgrader.notebooks import document, notebooks

logging.disable(logging.ERROR)  # nbgrader tells of each refusal
# The order of `GenerateAssignment.preprocessors`, without those that need a course or a database.
CHAIN = (
    LockCells,
    ClearSolutions,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
    ClearHiddenTests,
    ClearMarkScheme,
    ComputeChecksums,
    CheckCellMetadata,
)
SETTINGS = settings_from({}, where="tests").nbgrader

# What we refuse and the chain does not, on purpose: it stops the whole of `generate_assignment`.
MORE_REFUSED = ("without `points` ends", "without `grade_id` ends", "raw cell that is graded ends")


def by_nbgrader(value: Any) -> Any:
    """The notebook that nbgrader releases, or None where it refuses."""
    nb, resources = nbformat.from_dict(copy.deepcopy(value)), {}
    try:
        for preprocessor in CHAIN:
            nb, resources = preprocessor().preprocess(nb, resources)
    except (RuntimeError, ValueError, ValidationError):
        return None
    return nb


def cells_of(value: Any) -> list[tuple[str, str, Any, Any]]:
    """What counts of each cell."""
    return [
        (c["cell_type"], "".join(c["source"]), c["metadata"], c.get("outputs"))
        for c in value["cells"]
    ]


def agree(value: dict[str, Any]) -> None:
    """Assert that ours is the release of nbgrader's, or that both refuse."""
    ours = student_version(document(value), SETTINGS)
    refused = [each.message for each in refusals(ours)]
    theirs = by_nbgrader(value)
    if theirs is None:
        assert refused
    elif not any(words in each for each in refused for words in MORE_REFUSED):
        assert refused == []
        assert cells_of(json.loads(notebook_release(ours))) == cells_of(theirs)


@given(notebooks(("python", "python", "R", "")))
@settings(max_examples=200)
def test_the_release_is_nbgraders(value: dict[str, Any]) -> None:
    agree(value)


@pytest.mark.long
@given(notebooks(("python", "python", "R", "")))
@settings(max_examples=5_000)
def test_the_release_is_nbgraders_at_length(value: dict[str, Any]) -> None:
    agree(value)


def as_script(value: dict[str, Any]) -> Document:
    """The notebook as jupytext writes it to a percent script."""
    text = jupytext.writes(nbformat.from_dict(value), fmt="py:percent")
    return Document.from_bytes(Path("script.py"), text.encode())


@given(notebooks())
@settings(max_examples=100)
def test_a_released_script_is_the_released_notebook(value: dict[str, Any]) -> None:
    check_script(value)


@pytest.mark.long
@given(notebooks())
@settings(max_examples=3_000)
def test_a_released_script_is_the_released_notebook_at_length(value: dict[str, Any]) -> None:
    check_script(value)


def check_script(value: dict[str, Any]) -> None:
    """Release a notebook as a script, and read that again as a notebook."""
    script = as_script(value)
    version = student_version(script, SETTINGS)
    assume(not list(refusals(version)))
    read = jupytext.reads(percent_release(version).text, fmt="py:percent")
    for cell, released in zip(read.cells, version.cells, strict=True):
        assert cell.source.rstrip() == released.source.rstrip()
        own = cell.metadata.get("nbgrader", {})
        assert own.get("checksum") in (None, compute_checksum(cell) if own else None)
    released_metadata = json.loads(notebook_release(version))
    for ours, theirs in zip(without_layout(read), released_metadata["cells"], strict=True):
        assert without_checksum(ours) == without_checksum(theirs["metadata"])


def without_checksum(metadata: dict[str, Any]) -> dict[str, Any]:
    """Metadata but for the checksum, which blank lines at the end of a cell change."""
    own = dict(metadata.get("nbgrader", {}))
    own.pop("checksum", None)
    return {**metadata, "nbgrader": own}


def without_layout(read: Any) -> list[dict[str, Any]]:
    """The cells' metadata without what jupytext adds about blank lines."""
    added = "lines_to_next_cell"
    return [{k: v for k, v in c["metadata"].items() if k != added} for c in read["cells"]]


def test_module_17_is_released_as_nbgrader_does(tmp_path: Path) -> None:
    path = copy_course(tmp_path)
    assert modfix("fix", path, "--write", "--no-verify", "--unsafe-fixes").returncode == 0
    version = student_version(Document.from_bytes(path, path.read_bytes()), SETTINGS)
    theirs = by_nbgrader(jupytext.read(path, fmt="py:percent"))
    for cell, metadata in zip(theirs.cells, without_layout(theirs), strict=True):
        cell.metadata = metadata
    released = json.loads(notebook_release(version))
    assert cells_of(released) == cells_of(theirs)
    nbformat.validate(released)
