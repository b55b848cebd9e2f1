"""What nbgrader takes a cell for, by the flags of its metadata.

Source: nbgrader, `utils.py` (`is_task`, `is_grade`, `is_solution`, `is_locked`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from modfix.document.cell import CellKind

Metadata = Mapping[str, object]
Kind = Literal["test", "answer", "solution", "task", "read-only", "inert"]

KEY = "nbgrader"
FLAGS = ("grade", "locked", "solution", "task")
KINDS_OF_CELL: dict[Kind, frozenset[CellKind]] = {
    "test": frozenset({"code"}),
    "answer": frozenset({"code", "markdown"}),
    "solution": frozenset({"code"}),
    "task": frozenset({"markdown"}),
    "read-only": frozenset({"code", "markdown", "raw"}),
    "inert": frozenset({"code", "markdown", "raw"}),
}


def is_task(metadata: Metadata | None) -> bool:
    """Whether it is a manually graded task."""
    return bool(metadata and metadata.get("task"))


def is_grade(metadata: Metadata | None) -> bool:
    """Whether the cell gives points: autograded tests and manually graded answers."""
    return bool(metadata and metadata.get("grade"))


def is_solution(metadata: Metadata | None) -> bool:
    """Whether students write in the cell, and a release clears it."""
    return bool(metadata and metadata.get("solution"))


def is_locked(metadata: Metadata | None) -> bool:
    """Whether autograding puts the instructor's text back. Solutions never are, tests always."""
    if not metadata or is_solution(metadata):
        return False
    return is_grade(metadata) or bool(metadata.get("locked"))


def is_known(metadata: Metadata | None) -> bool:
    """Whether nbgrader saves the cell in its database, by its id (`preprocessors/savecells.py`)."""
    return is_grade(metadata) or is_solution(metadata) or is_locked(metadata) or is_task(metadata)


def kind_of(metadata: Metadata | None) -> Kind:
    """The kind of a cell; points count before all else, as they do where nbgrader grades."""
    if is_grade(metadata):
        return "answer" if is_solution(metadata) else "test"
    if is_solution(metadata):
        return "solution"
    if is_task(metadata):
        return "task"
    return "read-only" if is_locked(metadata) else "inert"
