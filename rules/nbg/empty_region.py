"""NBG311: a region, or a test cell, with nothing in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.nbgrader.regions import RegionKind
from modfix.rule import CodeCell, Example, Finding, Module, Rule, Severity

from ._foreign import is_foreign, says_anything
from ._graded import is_answer, is_test_cell, points_of, runs_in_another_way
from ._marked import Marked, marked_cells
from ._places import of_its_kind


class EmptyRegion(Rule):
    """A region or a graded test cell is empty.

    ## What it does

    Finds regions with nothing but blanks and comments between their markers, and graded test cells
    without a line of code. nbgrader's `### AUTOTEST` comments are code to be; in an answer that is
    graded by hand comments are the answer.

    ## Why is this bad?

    An empty test cell runs without an error, and so gives its points to everybody. An empty
    region hides nothing: the solution was forgotten, or stands outside of it.

    ## Fix safety

    There is no fix: what belongs there is the author's to write.
    """

    code = "NBG311"
    name = "empty-region"
    severity = Severity.WARNING
    source = "nbgrader, utils.py, determine_grade; preprocessors/clearsolutions.py"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="an empty solution",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
x = None
### BEGIN SOLUTION
# TODO
### END SOLUTION
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="an empty test cell",
            bad="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# assert double(2) == 4
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="neither is empty",
            bad=None,
            good="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
double = lambda x: 2 * x
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "b", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
assert double(2) == 4
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at each empty test cell's marker, and at each empty region."""
        empty = {cell.index for cell in module.cells if _is_empty_test(module, cell)}
        for index in sorted(empty):
            message = "this graded cell has no code: everybody gets its points"
            yield self.at(module.cell(index).cell, message, severity=Severity.ERROR)
        for cell in marked_cells(module):
            if cell.cell.index not in empty:
                yield from self._regions(module, cell)

    def _regions(self, module: Module, cell: Marked) -> Iterator[Finding]:
        kinds: tuple[RegionKind, ...] = ("solution", "hidden tests", "mark scheme")
        for region in (region for kind in kinds for region in cell.closed(kind)):
            inner = cell.cell.source[region.inner_start : region.inner_end]
            if region.line in cell.strings or not of_its_kind(cell.cell, region.kind):
                continue
            plain = cell.code is None or is_answer(cell.cell)
            if cell.code is not None and is_foreign(cell.code) and not plain:
                said = says_anything(module, cell.code, inner)
            else:
                said = _says_anything(inner, comments_count=plain)
            if not said:
                message = f"this {region.kind} region is empty"
                yield self.at(cell.cell, message, start=region.start)


def _says_anything(text: str, *, comments_count: bool) -> bool:
    lines = (line.strip() for line in text.split("\n"))
    return any(line and (comments_count or line[0] != "#" or "AUTOTEST" in line) for line in lines)


def _is_empty_test(module: Module, cell: CodeCell) -> bool:
    if not is_test_cell(cell.cell) or not points_of(cell.cell):
        return False
    if "checksum" in (cell.cell.nbgrader or {}):
        return False  # of a release: its tests are hidden, and are back when it is graded
    if is_foreign(cell) and not says_anything(module, cell, cell.source):
        return not runs_in_another_way(cell)
    return cell.parses and not cell.statements and not runs_in_another_way(cell)
