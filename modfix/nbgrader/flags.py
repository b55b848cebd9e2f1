"""What a cell is for nbgrader, by its metadata (nbgrader's `utils.py`).

Only the truth of a value counts, as there; whether the metadata is valid is another question.
"""

from __future__ import annotations

from modfix.document.cell import Cell


def is_solution(cell: Cell) -> bool:
    """Whether students answer in the cell."""
    return _flag(cell, "solution")


def is_grade(cell: Cell) -> bool:
    """Whether the cell is worth points: by its tests, or by hand if it is a solution too."""
    return _flag(cell, "grade")


def is_task(cell: Cell) -> bool:
    """Whether the cell sets a task that is graded by hand."""
    return _flag(cell, "task")


def is_locked(cell: Cell) -> bool:
    """Whether the cell's source is restored before grading: tests always, solutions never."""
    if is_solution(cell):
        return False
    return is_grade(cell) or _flag(cell, "locked")


def _flag(cell: Cell, key: str) -> bool:
    return bool((cell.nbgrader or {}).get(key, False))
