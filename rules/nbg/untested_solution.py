"""NBG406: a solution that nothing tests, or a test that comes before what it tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.nbgrader.kinds import is_grade, is_solution
from modfix.rule import Example, Finding, Module, Rule, Severity

from ._graded import is_test_cell, test_cells
from ._regions import solution_regions
from ._tested import early_names, is_tested, solved_names, tests_nothing, tests_unseen
from ._wording import listed


class UntestedSolution(Rule):
    """No graded cell below a solution tests it, or a graded cell comes before what it uses.

    ## What it does

    In modules with autograded cells: follows what each of them reads, through the functions and
    values of the module, and finds solution cells of which nothing is read in any graded cell
    below (a warning), and graded cells that read a name that only later cells define (an error).
    Answers that are graded by hand need no test, nor do demos and cells that are blanked whole;
    and a graded cell that names nothing of the students', such as `grader.check("q1")`, may test
    whatever is above it.

    ## Why is this bad?

    A solution without a test gives nobody points for it. A test above the definition fails with a
    NameError for everybody when the autograder runs the notebook from top to bottom.

    ## Fix safety

    There is no fix.
    """

    code = "NBG406"
    name = "untested-solution"
    source = "nbgrader, preprocessors/execute.py and utils.py, determine_grade"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a second exercise without a test",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "b", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
assert double(2) == 4

# %% nbgrader={"grade": false, "grade_id": "c", "locked": false, "schema_version": 3, "solution": true, "task": false}
def triple(x):
    ### BEGIN SOLUTION
    return 3 * x
    ### END SOLUTION
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="a test of one function by way of another",
            bad=None,
            good="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% nbgrader={"grade": false, "grade_id": "b", "locked": true, "schema_version": 3, "solution": false, "task": false}
def quadruple(x):
    return double(double(x))

# %% nbgrader={"grade": true, "grade_id": "c", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
assert quadruple(2) == 8
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at each untested solution, and in each test that comes too early."""
        graded = [cell for cell in module.cells if is_grade(cell.cell.nbgrader)]
        if not any(is_test_cell(cell.cell) for cell in graded):
            return
        too_early = tuple(self._too_early(module))
        early = {name for name, _ in too_early}
        for cell in module.cells:
            if not is_solution(cell.cell.nbgrader) or is_grade(cell.cell.nbgrader):
                continue
            if not solution_regions(module, cell.source):
                continue  # NBG301 tells that students get none of it
            names = [name for name in solved_names(cell) if not module.is_demo(name)]
            below = [each for each in graded if each.index > cell.index]
            told = not names or not early.isdisjoint(names) or is_tested(module, names, below)
            told = told or tests_unseen(module, below) or tests_nothing(module, below)
            if not told:
                shown = listed([f"`{name}`" for name in names])
                message = f"no graded cell below tests {shown}: it gives nobody points"
                yield self.at(cell.cell, message, severity=Severity.WARNING)
        yield from (finding for _, finding in too_early)

    def _too_early(self, module: Module) -> Iterator[tuple[str, Finding]]:
        """The names that a graded cell needs too early, each with its finding."""
        if "import *" in module.document.text or "%run" in module.document.text:
            return  # names may come from there
        for cell in test_cells(module):
            for statement, name in early_names(module, cell):
                first = module.definitions[name][0]
                line = module.cell(first.cell).cell.line + module.cell(first.cell).source.count(
                    "\n", 0, first.start
                )
                message = f"this graded cell uses `{name}`, which only line {line} defines"
                yield name, self.at(statement, message)
