"""NBG216: assertions in a cell that is graded by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import Example, Finding, Module, Rule, Severity

from ._asserting import assertions
from ._entries import entries
from ._plan import is_mixed


class UnscoredAssertions(Rule):
    """A code cell that is graded by hand asserts something.

    ## What it does

    Finds code cells with both `"grade": true` and `"solution": true` that assert something
    outside of a solution region: at their top level, or in a test that they define.

    ## Why is this bad?

    The points of such a cell are given by a person, whatever its assertions say, and students can
    change them. Often the author wanted a solution and a test, and put both flags on one cell.

    ## Fix safety

    There is no fix: give the assertions a cell of their own (`"grade": true, "solution": false`),
    or keep them for the students to see.
    """

    code = "NBG216"
    name = "unscored-assertions"
    severity = Severity.WARNING
    source = "nbgrader, utils.py (determine_grade)"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a solution and its test with both flags",
            bad="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
def square(x):
    ### BEGIN SOLUTION
    return x * x
    ### END SOLUTION

assert square(2) == 4
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="a condition of the function's own",
            bad=None,
            good="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
def root(x):
    assert x >= 0
    return x ** 0.5
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the first assertion of each such cell."""
        for entry in entries(module):
            if entry.cell.kind == "code" and entry.is_set("grade") and entry.is_set("solution"):
                at = next(assertions(module, entry.cell), None)
                if at is not None and not is_mixed(module, entry.cell):
                    text = "this cell is graded by hand: what it asserts gives no points"
                    yield self.at(entry.cell, text, start=at)
