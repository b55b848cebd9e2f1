"""NBG403: a graded cell that shows a value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from modfix.rule import (
    Applicability,
    CodeCell,
    Example,
    Finding,
    Fix,
    Module,
    Rule,
    Severity,
    TextEdit,
)

from ._graded import test_cells

if TYPE_CHECKING:
    from ._displayed import Shown

_MESSAGES = {
    "truth": (
        "nobody asserts the last line of this graded cell: nbgrader gives full points for whatever "
        "it shows, `False` too"
    ),
    "number": (
        "the last line of this graded cell shows a number, which nbgrader takes for partial credit"
    ),
    "value": (
        "the last line of this graded cell shows its value, which nbgrader takes for partial "
        "credit if it is a number"
    ),
}


class ShownValue(Rule):
    """The last line of a graded cell is an expression that shows a value.

    ## What it does

    Finds graded cells that end with a comparison or a number, and (a warning) with a name or a
    call whose value may be one. A call that returns nothing, such as `test_double()` or
    `print(…)`, is none, nor is a line that ends with `;`. What is called score, points, grade or
    the like, what the cell counts up, and comparisons that are added up or made a number
    (`float(a == b)`), are meant as partial credit.

    ## Why is this bad?

    nbgrader reads what the cell shows: a number is taken for the points, one above the maximum
    stops the autograder with "partial credit cannot be greater than maximum points", and anything
    else, `False` for instance, gives full points.

    ## Fix safety

    Unsafe, as scores change: a comparison is asserted, any other value is bound to `_`.
    """

    code = "NBG403"
    name = "shown-value"
    fixes = (Applicability.UNSAFE,)
    source = "nbgrader, utils.py, determine_grade and get_partial_grade"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a number",
            bad="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
result = double(2)
assert result == 4
result
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
result = double(2)
assert result == 4
_ = result
""",  # noqa: E501
        ),
        Example(
            title="a comparison",
            bad="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
double(2) == 4
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
assert double(2) == 4
""",  # noqa: E501
        ),
        Example(
            title="partial credit",
            bad=None,
            good="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
score = 2 if double(2) == 4 else 0
score += 3 if double(-1) == -2 else 0
score
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the last line of each graded cell that shows its value."""
        cells = test_cells(module)
        if not cells:
            return
        from ._displayed import shown_value  # PERF: few modules need it

        for cell in cells:
            shown = shown_value(module, cell)
            if shown is not None:
                start = cell.offset(shown.node)
                severity = Severity.WARNING if shown.shows == "value" else Severity.ERROR
                message = _MESSAGES[shown.shows]
                yield self.at(cell.cell, message, _fix(cell, shown), start=start, severity=severity)


def _fix(cell: CodeCell, shown: Shown) -> Fix | None:
    if len(shown.statement.plain) != 1:
        return None
    text, what = ("assert ", "assert it") if shown.shows == "truth" else ("_ = ", "bind it to `_`")
    start = shown.statement.start
    return Fix(what, (TextEdit(cell.index, start, start, text),), Applicability.UNSAFE)
