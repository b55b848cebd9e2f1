"""One module's release: the students' version, everything that is wrong with it, what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from modfix.document.document import Document
from modfix.nbgrader.clearing import DEFAULT_LANGUAGE
from modfix.nbgrader.kinds import is_grade, is_solution, is_task
from modfix.nbgrader.regions import RegionKind
from modfix.release.answers import quoted_answers
from modfix.release.copied_files import copied_files
from modfix.release.ipynb import notebook_release
from modfix.release.leaks import leaks
from modfix.release.names import lost_names, parsed, unparsable
from modfix.release.near_misses import near_misses
from modfix.release.percent import percent_release
from modfix.release.problem import Problem
from modfix.release.refusals import refusals
from modfix.release.student import StudentVersion, student_version
from modfix.settings import Settings


@dataclass(frozen=True)
class Release:
    """The release of a document and its problems, in the order of the document's cells."""

    version: StudentVersion
    problems: tuple[Problem, ...]

    @property
    def holds(self) -> bool:
        """Whether it may be handed out: nothing but warnings."""
        return all(problem.grade == "warning" for problem in self.problems)

    @cached_property
    def document(self) -> Document:
        """The release in the format of the module."""
        return as_document(self.version)

    def data(self, suffix: str) -> bytes:
        """The bytes of the release as an `.ipynb` or a `.py`."""
        own = self.version.document.path.suffix
        return self.document.to_bytes() if suffix == own else notebook_release(self.version)

    def cleared_regions(self, kind: RegionKind) -> list[int]:
        """The number of regions of a kind that were taken out of each cell that had one."""
        counts = (
            sum(each.kind == kind for each in cell.cleared.stripped) for cell in self.version.cells
        )
        return [count for count in counts if count]

    @property
    def blanked(self) -> list[str]:
        """The names of the cells that were replaced whole."""
        cells = (cell.cell for cell in self.version.cells if cell.cleared.blanked)
        return [cell.id or f"cell {cell.index}" for cell in cells]

    @property
    def stripped_lines(self) -> int:
        """The number of lines that stood between the markers of solutions."""
        return sum(
            max(0, part.last - part.first + 1)
            for cell in self.version.cells
            for part in cell.cleared.stripped
            if part.kind == "solution"
        )

    def points(self, *, by_hand: bool) -> tuple[float, int]:
        """The points to get by hand or by tests, and the number of cells that give them."""
        values = []
        for cell in self.version.cells:
            own = cell.cell.nbgrader or {}
            if is_grade(own) or is_task(own):
                points = own.get("points")
                hand = is_task(own) or is_solution(own) or cell.cell.kind != "code"
                if hand == by_hand and isinstance(points, (int, float)):
                    values.append(float(points))
        return sum(values), len(values)


def release_of(document: Document, settings: Settings) -> Release:
    """Clear a document and look for what is wrong with the outcome. Runs no course code.

    Raises ModfixError for a document that cannot be made a notebook.
    """
    version = student_version(document, settings.nbgrader)
    found = [*refusals(version), *near_misses(version), *leaks(version)]
    if version.language == DEFAULT_LANGUAGE:
        found += _of_python(version, settings)
    found += copied_files(version)
    once = dict.fromkeys(sorted(found, key=_order))
    return Release(version, tuple(once))


def _of_python(version: StudentVersion, settings: Settings) -> list[Problem]:
    release = as_document(version)
    if [cell.kind for cell in release.cells] != [cell.kind for cell in version.document.cells]:
        text = "without what is cleared, this module would be read as other cells"
        todo = "close what a region leaves open, or release it as a notebook (`--to ipynb`)"
        return [Problem("error", text, todo, 0)]
    both = parsed(version, release, settings)
    return [*unparsable(both), *lost_names(both), *quoted_answers(version)]


def as_document(version: StudentVersion) -> Document:
    """The release as a document of the same path, format and cells."""
    if not version.document.is_notebook:
        return percent_release(version)
    return Document.from_bytes(version.document.path, notebook_release(version))


def _order(problem: Problem) -> tuple[int, int, str]:
    return problem.cell, -1 if problem.offset is None else problem.offset, problem.message
