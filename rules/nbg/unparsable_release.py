"""NBG307: what students get does not parse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from modfix.nbgrader.clearing import Cleared
from modfix.nbgrader.regions import Region
from modfix.rule import Applicability, Example, Finding, Fix, Module, Rule, TextEdit
from modfix.syntax.module import SyntaxFault
from modfix.syntax.parse import syntax_fault

from ._lost_code import lost_code
from ._marked import Marked, marked_cells, released
from ._stub_indents import misindented, reindenting


class UnparsableRelease(Rule):
    """A cell that parses does not parse any more once its regions are cleared.

    ## What it does

    Clears each cell as nbgrader does and parses what is left. It also finds a begin marker that
    stands further left than its solution, whose stub would fall out of the function.

    ## Why is this bad?

    The stub takes the indentation of the begin marker, and hidden tests leave nothing: a marker in
    column 0 inside of a function, or a block that holds only hidden tests, gives students a
    SyntaxError that they cannot mend in a locked cell.

    ## Fix safety

    Safe where indenting the marker as the solution's first line mends the release: no code
    changes, and nothing is graded otherwise. There is no fix for other causes.
    """

    code = "NBG307"
    name = "unparsable-release"
    fixes = (Applicability.SAFE,)
    source = "nbgrader, preprocessors/clearsolutions.py, _replace_solution_region"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a marker in column 0",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
def double(x):
### BEGIN SOLUTION
    return 2 * x
### END SOLUTION
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
### END SOLUTION
""",  # noqa: E501
        ),
        Example(
            title="a block of hidden tests only",
            bad="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
for x in range(3):
    ### BEGIN HIDDEN TESTS
    assert double(x) == 2 * x
    ### END HIDDEN TESTS
""",  # noqa: E501
            good=None,
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the regions that break each cell's release."""
        for cell in marked_cells(module):
            if cell.code is not None and cell.code.parses and cell.regions:
                yield from self._of_cell(module, cell)

    def _of_cell(self, module: Module, cell: Marked) -> Iterator[Finding]:
        result = released(module, cell.cell)
        if (
            cell.explained or not result.stripped or lost_code(module, cell)
        ):  # other findings tell of it
            return
        fault = syntax_fault(result.source)
        wrong = misindented(cell, only_left=fault is None)
        edits = reindenting(module, cell, wrong) if wrong else ()
        if edits:
            yield from self._misindented(cell, wrong, edits)
        elif fault is not None:
            yield self._broken(cell, result, fault)

    def _misindented(
        self, cell: Marked, regions: Sequence[Region], edits: Sequence[TextEdit]
    ) -> Iterator[Finding]:
        """One finding a region; any of them mends all, since one alone may not parse."""
        fix = Fix("indent the marker as the solution", tuple(edits))
        message = (
            "nbgrader puts its stub where this marker is indented, not where the solution is: "
            "students get code that does not run"
        )
        for region in regions:
            yield self.at(cell.cell, message, fix, start=region.start)

    def _broken(self, cell: Marked, result: Cleared, fault: SyntaxFault) -> Finding:
        line = result.source.count("\n", 0, fault.offset) + 1
        above = [s for s in result.stripped if s.first - 1 <= _origin(result, line)]
        region = max(above or result.stripped, key=lambda each: each.first)
        message = (
            f"without this {region.kind} region the cell does not parse for students: "
            f"{fault.message}"
        )
        start = _line_start(cell.cell.source, region.first - 1)
        return self.at(cell.cell, message, start=start)


def _origin(result: Cleared, line: int) -> int:
    """The line of the cell that a line of the release was, or comes behind."""
    return max((each.origin for each in result.lines[:line]), default=0)


def _line_start(source: str, line: int) -> int:
    """The offset of a line (from 1)."""
    at = 0
    for _ in range(line - 1):
        at = source.index("\n", at) + 1
    return at
