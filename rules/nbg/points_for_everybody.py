"""NBG401: a graded cell that cannot fail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import CodeCell, Example, Finding, Module, Rule

from ._graded import shown_points, test_cells
from ._plain_asserts import plainly_tests


class PointsForEverybody(Rule):
    """A graded cell cannot fail, and gives its points to everybody.

    ## What it does

    Follows what runs with a graded cell, into the functions of the module that it names, main
    guards included (nbgrader runs a notebook as `__main__`). It finds cells that only define their
    test; that catch what it raises (`except: pass`, `except AssertionError: print(…)`, a
    `pytest.raises` that the stub satisfies), or hand it to a given function that does; whose
    assertions are never reached (`if False:`, a loop over nothing) or always true (`assert f`,
    `assert [f(2) == 4]`); and those that assert, raise and use nothing of the students', such as a
    constant of the cell's own. A call of something unknown, such as a grader's, may test; so may
    partial credit in the last line.

    ## Why is this bad?

    nbgrader gives full points to a cell without an error and without a number for output: the
    points go to the empty notebook too.

    ## Fix safety

    There is no fix: it changes scores, and only the author knows what was to be tested.
    """

    code = "NBG401"
    name = "points-for-everybody"
    source = "nbgrader, utils.py, determine_grade"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a test that is never called",
            bad="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
def test_double():
    assert double(2) == 4
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="failures that are caught",
            bad="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
try:
    assert double(2) == 4
    print("passed")
except AssertionError:
    print("failed")
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="a given function that swallows the failures of what it calls",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "b", "locked": true, "schema_version": 3, "solution": false, "task": false}
def check(test):
    try:
        test()
    except Exception as error:
        print("failed:", error)

# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
def test_double():
    assert double(2) == 4

check(test_double)
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="a constant of the cell's own",
            bad="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
expected = 4
assert expected == 4
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
expected = 4
assert double(2) == expected
""",  # noqa: E501
        ),
        Example(
            title="called in a guard, and an exception that is expected",
            bad=None,
            good="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
def test_double():
    try:
        double("x", "y")
    except TypeError:
        pass
    else:
        raise AssertionError("two arguments are one too many")

if __name__ == "__main__":
    test_double()
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding in each graded cell that cannot fail."""
        for cell in test_cells(module):
            yield from self._of_cell(module, cell)

    def _of_cell(self, module: Module, cell: CodeCell) -> Iterator[Finding]:
        if plainly_tests(module, cell):
            return
        from ._failing import harmless  # PERF: few modules need it

        found = harmless(module, cell)
        if found is None:
            return
        points = shown_points(cell.cell)
        if found.node is None or found.cell is None:
            text = f"nothing in this graded cell can fail: everybody gets {points}"
            yield self.at(cell.cell, text)
            return
        here = found.cell is cell
        start = cell.offset(found.node) if here else None
        yield self.at(cell.cell, _message(found.why, found.name, points, here), start=start)


def _message(why: str, name: str, points: str, here: bool) -> str:
    if why == "never called":
        return f"this graded cell defines `{name}` and never calls it: everybody gets {points}"
    where = "" if here else " in a function that the cell calls"
    if why == "always true":
        return f"this assertion{where} is always true: wrong work gets {points} too"
    if why == "stub caught":
        return f"the stub's NotImplementedError is caught{where}: who solves nothing gets {points}"
    return f"what fails in this graded cell is caught{where}: wrong work gets {points} too"
