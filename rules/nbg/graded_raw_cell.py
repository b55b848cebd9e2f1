"""NBG213: a raw cell that is graded or a solution."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import Example, Finding, Module, Rule

from ._entries import entries


class GradedRawCell(Rule):
    """A raw cell is graded or a solution.

    ## What it does

    Finds raw cells with `"grade": true` or `"solution": true`.

    ## Why is this bad?

    nbgrader's validator accepts them, and then `generate_assignment` ends with a `LookupError`:
    its database knows graded cells of code and markdown only. A solution in a raw cell is
    cleared like prose, and nobody ever grades what students write there.

    ## Fix safety

    There is no fix: the author knows whether it is code or prose.
    """

    code = "NBG213"
    name = "graded-raw-cell"
    source = "nbgrader, api.py (GradeCell.cell_type), preprocessors/savecells.py"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a test in a raw cell",
            bad="""\
# %% [raw] nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# assert square(2) == 4
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="a raw cell to keep",
            bad=None,
            good="""\
# %% [raw] nbgrader={"grade": false, "grade_id": "a", "locked": true, "schema_version": 3, "solution": false, "task": false}
# some text
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the marker of each such cell."""
        for entry in entries(module):
            if entry.cell.kind == "raw" and entry.is_set("grade", "solution"):
                what = "graded" if entry.is_set("grade") else "a solution"
                yield self.at(entry.cell, f"this raw cell is {what}: make it code or markdown")
