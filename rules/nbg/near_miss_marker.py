"""NBG304: a comment that is nearly a marker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import (
    Applicability,
    Example,
    Finding,
    Fix,
    Module,
    Rule,
    TextEdit,
)

from ._marked import marked_cells


class NearMissMarker(Rule):
    """A comment is nearly the marker of a region, and so is none.

    ## What it does

    Finds comment lines that say BEGIN or END of a solution, of hidden tests or of a mark scheme
    with a typo, in another case, with other spaces or underscores, with START or STOP, with one
    TEST, or with half of the words where the other marker waits for its partner. In prose only
    capitals count, and only in a cell that is to have such a region. `###BEGIN SOLUTION` and
    `BEGIN SOLUTIONS` hold the exact text and are markers.

    ## Why is this bad?

    nbgrader looks for the exact text and says nothing about what is nearly it: the hidden test,
    or the second solution, goes to the students.

    ## Fix safety

    Unsafe: the words become the marker, and what stands between it and its partner is cleared
    from then on.
    """

    code = "NBG304"
    name = "near-miss-marker"
    fixes = (Applicability.UNSAFE,)
    source = "nbgrader, preprocessors/clearsolutions.py, clearhiddentests.py, clearmarkingscheme.py"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="another case, and one TEST",
            bad="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
assert double(2) == 4
### Begin hidden test
assert double(-1) == -2
### END HIDDEN TESTS
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
assert double(2) == 4
### BEGIN HIDDEN TESTS
assert double(-1) == -2
### END HIDDEN TESTS
""",  # noqa: E501
        ),
        Example(
            title="no space, and an underscore",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
def double(x):
    # BEGIN_SOLUTION
    return 2 * x
    # ENDSOLUTION
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
def double(x):
    # BEGIN SOLUTION
    return 2 * x
    # END SOLUTION
""",  # noqa: E501
        ),
        Example(
            title="ordinary comments",
            bad=None,
            good="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
def double(x):
    # begin by solving the case of one number; end with the general solution
    ###BEGIN SOLUTION
    return 2 * x
    ###END SOLUTION
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at each comment that is nearly a marker."""
        for cell in marked_cells(module):
            for miss in sorted(cell.misses, key=lambda each: each.marker.line):
                written = cell.cell.source[miss.start : miss.end]
                message = (
                    f"`{written}` is no marker: nbgrader looks for `{miss.text}` and will not "
                    f"see this {miss.marker.kind} region"
                )
                edit = TextEdit(cell.cell.index, miss.start, miss.end, miss.text)
                fix = Fix(f"write `{miss.text}`", (edit,), Applicability.UNSAFE)
                yield self.at(cell.cell, message, fix, start=miss.start)
