"""Graded test cells: which they are, what they are worth, and those that we cannot read."""

from __future__ import annotations

from modfix.nbgrader.kinds import is_grade, is_solution
from modfix.rule import Cell, CodeCell, Module


def test_cells(module: Module) -> list[CodeCell]:
    """The cells that nbgrader grades by running them, worth points, and that parse."""
    return [
        cell
        for cell in module.cells
        if is_test_cell(cell.cell) and points_of(cell.cell) and cell.parses
    ]


def is_test_cell(cell: Cell) -> bool:
    """Whether nbgrader grades a cell by its outputs (its `utils.py`, `determine_grade`)."""
    return cell.kind == "code" and is_grade(cell.nbgrader) and not is_solution(cell.nbgrader)


def is_answer(cell: Cell) -> bool:
    """Whether students answer in a cell that is graded by hand."""
    return is_grade(cell.nbgrader) and is_solution(cell.nbgrader)


def points_of(cell: Cell) -> float:
    """The points of a graded cell. Where they are missing it is some: another rule tells that."""
    points = (cell.nbgrader or {}).get("points", 1)
    return points if isinstance(points, (int, float)) else 1


def shown_points(cell: Cell) -> str:
    """`its 5 points`, as far as the cell says how many."""
    points = (cell.nbgrader or {}).get("points")
    if not isinstance(points, (int, float)) or isinstance(points, bool):
        return "its points"
    return "its point" if points == 1 else f"its {points:g} points"


def runs_in_another_way(cell: CodeCell) -> bool:
    """Whether nbgrader writes the tests of a cell itself (`preprocessors/instantiatetests.py`), or
    a magic has them run."""
    return "AUTOTEST" in cell.source or cell.source.lstrip().startswith("%%")
