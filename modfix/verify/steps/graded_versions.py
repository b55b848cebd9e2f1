"""The three versions of a module that are graded, as sources of its notebook's cells."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from modfix.document.cell import Cell
from modfix.document.document import Document
from modfix.nbgrader.clearing import Cleared, cleared, perfect
from modfix.nbgrader.kinds import is_grade, is_solution
from modfix.settings import Nbgrader

INSTRUCTOR, UNSOLVED, PERFECT = "instructor", "unsolved", "perfect"


class Versions(Struct, frozen=True):
    """The sources of each version by its name, and how each cell was cleared for `unsolved`."""

    sources: dict[str, list[str]]
    cleared: tuple[Cleared, ...]

    @property
    def nothing_to_solve(self) -> bool:
        """Whether students get the instructor's code."""
        return self.sources[UNSOLVED] == self.sources[INSTRUCTOR]


def versions(document: Document, notebook: Any, settings: Nbgrader) -> Versions:
    """The instructor's version, the unsolved release with its hidden tests, and the release with
    only the regions of its solutions restored."""
    pairs = [
        (cell, str(own.source)) for cell, own in zip(document.cells, notebook.cells, strict=True)
    ]
    solutions = frozenset({"solution"})
    done = tuple(cleared(c, settings, kinds=solutions, source=s) for c, s in pairs)  # type: ignore[arg-type]
    sources = {
        INSTRUCTOR: [source for _, source in pairs],
        UNSOLVED: [each.source for each in done],
        PERFECT: [perfect(cell, settings, source=source) for cell, source in pairs],
    }
    return Versions(sources, done)


def points_of(cell: Cell) -> float | None:
    """The points that a cell's tests give; None for a cell that is not autograded."""
    own = cell.nbgrader
    if cell.kind != "code" or own is None or not is_grade(own) or is_solution(own):
        return None
    points = own.get("points")
    return float(points) if isinstance(points, (int, float)) and points > 0 else None


def nbgrader_config(settings: Nbgrader) -> dict[str, dict[str, object]]:
    """The settings as nbgrader's own configuration."""
    wanted = settings.enforce_metadata
    kinds = ("solution", "hidden-tests", "mark-scheme")
    solution, hidden, scheme = (
        wanted if isinstance(wanted, bool) else kind in wanted for kind in kinds
    )
    return {
        "ClearSolutions": {
            "begin_solution_delimeter": settings.begin_solution,
            "end_solution_delimeter": settings.end_solution,
            "code_stub": settings.code_stub,
            "text_stub": settings.text_stub,
            "enforce_metadata": solution,
        },
        "ClearHiddenTests": {
            "begin_test_delimeter": settings.begin_hidden_tests,
            "end_test_delimeter": settings.end_hidden_tests,
            "enforce_metadata": hidden,
        },
        "ClearMarkScheme": {
            "begin_mark_scheme_delimeter": settings.begin_mark_scheme,
            "end_mark_scheme_delimeter": settings.end_mark_scheme,
            "enforce_metadata": scheme,
            "check_attachment_leakage": settings.check_attachment_leakage,
        },
    }
