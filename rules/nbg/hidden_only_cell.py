"""NBG310: a test cell of which students see nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.nbgrader.kinds import is_grade, is_solution
from modfix.rule import (
    Applicability,
    Example,
    Finding,
    Fix,
    Module,
    Rule,
    Severity,
    TextEdit,
)

from ._marked import marked_cells, released

_COMMENT = "# The tests of this cell are hidden.\n"


class HiddenOnlyCell(Rule):
    """All tests of a graded cell are hidden, and nothing else is in it.

    ## What it does

    Finds test cells that are blank once their hidden tests are cleared.

    ## Why is this bad?

    Students get an empty cell that they cannot edit and that is worth points: it looks like a
    mistake, and `Validate` tells them that all is well.

    ## Fix safety

    Unsafe: a comment goes to the top of the cell. It changes no grade, but the text is students'
    to read, and so the author's to write.
    """

    code = "NBG310"
    name = "hidden-only-cell"
    severity = Severity.WARNING
    fixes = (Applicability.UNSAFE,)
    source = "nbgrader, preprocessors/clearhiddentests.py"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="nothing is left",
            bad="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
assert double(2) == 4
### END HIDDEN TESTS
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# The tests of this cell are hidden.
### BEGIN HIDDEN TESTS
assert double(2) == 4
### END HIDDEN TESTS
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the first hidden test of each cell that has no others."""
        for cell in marked_cells(module):
            regions = cell.closed("hidden tests")
            if (
                not regions
                or cell.code is None
                or cell.code.fault is not None
                or "hidden tests" in cell.explained
            ):
                continue
            if not is_grade(cell.cell.nbgrader) or is_solution(cell.cell.nbgrader):
                continue
            if not released(module, cell.cell).source.strip():
                edit = TextEdit(cell.cell.index, 0, 0, _COMMENT)
                fix = Fix("say that the tests are hidden", (edit,), Applicability.UNSAFE)
                message = "all of this graded cell is hidden: students get an empty cell"
                yield self.at(cell.cell, message, fix, start=regions[0].start)
