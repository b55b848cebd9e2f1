"""NBG407: a test needs an import that only a solution has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import CodeCell, Example, Finding, Module, Rule, Statement

from ._graded import test_cells
from ._regions import solution_regions
from ._wording import named


class ImportInSolution(Rule):
    """A graded cell uses a name that is imported only inside of a solution region.

    ## What it does

    Finds names that graded cells read and whose every import stands between the markers of a
    solution. Imports in a solution cell that is blanked whole are NBG301's.

    ## Why is this bad?

    nbgrader clears the import with the solution. Students who solve the exercise without that
    library fail the test with a NameError.

    ## Fix safety

    There is no fix: the import belongs in a cell that students get, above the solution.
    """

    code = "NBG407"
    name = "import-in-solution"
    source = "nbgrader, preprocessors/clearsolutions.py"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="numpy for the test",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
import numpy as np
zeros = np.zeros(3)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "b", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
assert np.allclose(zeros, 0)
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="imported above",
            bad=None,
            good="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
import numpy as np
### BEGIN SOLUTION
zeros = np.zeros(3)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "b", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
assert np.allclose(zeros, 0)
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the first use of each such name in each graded cell."""
        cells = test_cells(module)
        lost = _only_in_solutions(module) if cells else {}
        if lost:
            for cell in cells:
                yield from self._of_cell(module, cell, lost)

    def _of_cell(
        self, module: Module, cell: CodeCell, lost: dict[str, Statement]
    ) -> Iterator[Finding]:
        told: set[str] = set()
        for statement in cell.statements:
            for name in sorted((statement.reads | statement.later) & lost.keys() - told):
                told.add(name)
                home = named(module.cell(lost[name].cell).cell)
                message = (
                    f"`{name}` is imported only inside of the solution of {home}: students who "
                    "solve it without fail this test"
                )
                yield self.at(statement, message)


def _only_in_solutions(module: Module) -> dict[str, Statement]:
    """The names whose every binding is an import in a solution region, with the first of them."""
    found: dict[str, Statement] = {}
    for statement in module.statements:
        if statement.kind == "import" and _in_region(module, statement):
            for name in statement.binds:
                found.setdefault(name, statement)
    return {
        name: first
        for name, first in found.items()
        if all(s.kind == "import" and _in_region(module, s) for s in module.definitions[name])
    }


def _in_region(module: Module, statement: Statement) -> bool:
    regions = solution_regions(module, module.cell(statement.cell).source)
    return any(region.touches(statement.start, statement.end) for region in regions)
