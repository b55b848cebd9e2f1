"""NBG301: a solution cell without a solution region."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from msgspec import Struct

from modfix.rule import (
    Applicability,
    CodeCell,
    Example,
    Finding,
    Fix,
    MetadataEdit,
    Module,
    Options,
    Rule,
    Severity,
)

from ._blanked import is_stub, lost_names
from ._cell_kind import cell_kind
from ._course_module import is_course_module
from ._foreign import is_foreign, says_anything
from ._marked import marked
from ._metadata import KEY
from ._parts import whole
from ._regions import solution_regions
from ._wording import listed, named


class Ordered(Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """A cell that the standard itself orders to be a solution without a region: its ids, and the
    module (`default_exp`) that it stands in, "" for any."""

    ids: tuple[str, ...]
    module: str = ""


class BlankedSolutionOptions(Options, frozen=True):
    """The cells of which a standard wants it so."""

    ordered: tuple[Ordered, ...] = ()


class BlankedSolution(Rule):
    """A solution cell has no solution region, so nbgrader blanks all of it.

    ## What it does

    Finds code cells with `"solution": true` and no solution region in their text. It is an error
    where later cells need a name that only this cell defines; else a warning.

    ## Why is this bad?

    nbgrader replaces such a cell whole by a stub in the students' version: imports, signatures,
    docstrings and directives go with the solution. Where later cells need what it defined, they
    fail for a student who fills in every region. In a cell that students are to write from
    nothing that is meant; in a cell of imports it hardly ever is.

    ## Fix safety

    Unsafe, and only where later cells need what would be lost: a cell of imports becomes
    read-only (`"solution": false, "locked": true`), so that students get it as it is. There is no
    fix for a cell that defines a function: that would hand out the solution.

    ## Options

    `ordered`: cells that the standard itself orders so, by `ids` and `module`: never more than a
    warning.
    """

    code = "NBG301"
    name = "blanked-solution"
    fixes = (Applicability.UNSAFE,)
    source = "nbgrader, preprocessors/clearsolutions.py; module-17-required-fixes.md, Fix 3"
    options_type = BlankedSolutionOptions
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
            if metadata is None or metadata.get("solution") is not True:
                continue
            if not _has_code(module, cell) or solution_regions(module, cell.source):
                continue
            marks = marked(module, cell.index)
            told = marks is not None and "solution" in marks.explained
            if not told and not is_stub(module, cell):
                yield self._finding(module, cell)

    def _finding(self, module: Module, cell: CodeCell) -> Finding:
        lost, users = lost_names(module, cell)
        text = "this solution cell has no solution region: students"
        if not lost:
            return self.at(cell.cell, f"{text} get none of its lines", severity=Severity.WARNING)
        names = listed([f"`{name}`" for name in lost])
        needing = listed([named(module.cell(index).cell) for index in users])
        text = f"{text} lose all of it, and later cells need {names} (in {needing})"
        grade = Severity.WARNING if self._is_ordered(module, cell) else Severity.ERROR
        return self.at(cell.cell, text, _read_only(module, cell), severity=grade)

    def _is_ordered(self, module: Module, cell: CodeCell) -> bool:
        grade_id = (cell.cell.nbgrader or {}).get("grade_id")
        return any(
            grade_id in each.ids and each.module in ("", module.default_export)
            for each in self.options.ordered
        )


def _has_code(module: Module, cell: CodeCell) -> bool:
    if is_foreign(cell):
        return says_anything(module, cell, cell.source)
    return bool(cell.statements)


def _read_only(module: Module, cell: CodeCell) -> Fix | None:
    """The cell of imports as read-only; of anything else that would give the solution away."""
    metadata = cell.cell.nbgrader
    if metadata is None or metadata.get("grade") is not False:
        return None
    if cell_kind(module, whole(module, cell)) != "imports":
        return None
    if any(statement.kind == "function" for statement in cell.statements):
        return None
    value = {**metadata, "solution": False, "locked": True}
    edit = MetadataEdit(cell.index, KEY, value)
    return Fix("make the cell read-only", (edit,), Applicability.UNSAFE)
