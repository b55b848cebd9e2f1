"""NBG301: a solution cell without a solution region."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import (
    Applicability,
    CodeCell,
    Example,
    Finding,
    Fix,
    MetadataEdit,
    Module,
    Rule,
    Severity,
)

from ._course_module import is_course_module
from ._metadata import KEY
from ._regions import solution_regions

_SHOWN = 3


class BlankedSolution(Rule):
    """A solution cell has no solution region, so nbgrader blanks all of it.

    ## What it does

    Finds code cells with `"solution": true` and no solution region in their text.

    ## Why is this bad?

    nbgrader replaces such a cell whole by a stub in the students' version: imports, signatures,
    docstrings and directives go with the solution. Where later cells need what it defined, their
    tests fail for a perfect student too. In a cell that students are to write from nothing that
    is meant; in a cell of imports it hardly ever is.

    ## Fix safety

    Unsafe, and only where later cells need what would be lost: the cell becomes read-only
    (`"solution": false, "locked": true`), so that students get it as it is.
    """

    code = "NBG301"
    name = "blanked-solution"
    severity = Severity.WARNING
    fixes = (Applicability.UNSAFE,)
    source = "nbgrader, preprocessors/clearsolutions.py; module-17-required-fixes.md, Fix 3"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="imports that a test needs",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "cell-imports", "locked": false, "schema_version": 3, "solution": true, "task": false}
import numpy as np

# %% nbgrader={"grade": true, "grade_id": "test-a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
assert np.pi > 3
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": false, "grade_id": "cell-imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

# %% nbgrader={"grade": true, "grade_id": "test-a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
assert np.pi > 3
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the marker of each solution cell that is blanked whole."""
        if not is_course_module(module):
            return
        for cell in module.cells:
            metadata = cell.cell.nbgrader
            if metadata is None or metadata.get("solution") is not True or cell.tree is None:
                continue
            if cell.statements and not solution_regions(module, cell.source):
                yield self._finding(module, cell)

    def _finding(self, module: Module, cell: CodeCell) -> Finding:
        lost = _lost(module, cell)
        if not lost:
            text = "this solution cell has no solution region: students get none of its lines"
            return self.at(cell.cell, text)
        names = ", ".join(f"`{name}`" for name in lost[:_SHOWN])
        more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
        text = (
            "this solution cell has no solution region: students lose all of it, and later cells "
            f"need {names}{more}"
        )
        return self.at(cell.cell, text, _read_only(cell))


def _lost(module: Module, cell: CodeCell) -> list[str]:
    """The names that the cell binds, no other cell does, and a later one needs."""
    bound = {name for statement in cell.statements for name in statement.binds}
    own = {
        name
        for name in bound
        if all(statement.cell == cell.index for statement in module.definitions[name])
    }
    later = [statement for statement in module.statements if statement.cell > cell.index]
    return sorted(own & {name for s in later for name in (*s.reads, *s.later)})


def _read_only(cell: CodeCell) -> Fix | None:
    metadata = cell.cell.nbgrader
    if metadata is None or metadata.get("grade") is not False:
        return None
    value = {**metadata, "solution": False, "locked": True}
    edit = MetadataEdit(cell.index, KEY, value)
    return Fix("make the cell read-only", (edit,), Applicability.UNSAFE)
