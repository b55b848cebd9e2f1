"""NBG305: a region in a cell of another kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.nbgrader.clearing import enforced
from modfix.nbgrader.kinds import KEY
from modfix.nbgrader.regions import Regions
from modfix.rule import Cell, Example, Finding, Module, Options, Rule

from ..fmt._below_marker import metadata_below
from ._entries import entry_of
from ._marked import Marked, marked_cells, released
from ._metadata import is_unreadable
from ._places import of_its_kind

_FLAG = {"solution": "solution", "hidden tests": "grade", "mark scheme": "task"}
_WANTED = {
    "solution": 'a solution cell (`"solution": true`)',
    "hidden tests": 'a graded cell (`"grade": true`)',
    "mark scheme": 'a markdown task (`"task": true`)',
}


class MisplacedRegionOptions(Options, frozen=True):
    """Whether regions in code cells without metadata are told here: where NBG101 is off."""

    bare_cells: bool = False


class MisplacedRegion(Rule):
    """A region stands in a cell of another kind.

    ## What it does

    Finds solutions in cells that are no solutions, hidden tests in cells that are not graded, and
    mark schemes in cells that are no tasks. Code cells without metadata are NBG101's, unless the
    standard leaves that rule out.

    ## Why is this bad?

    nbgrader stops with "Solution region detected in a non-solution cell" and makes no release. A
    course that has set `enforce_metadata` to false in nbgrader sets `enforce-metadata` here.

    ## Fix safety

    There is no fix: either the cell's flags are wrong, or the region is.

    ## Options

    `bare-cells`: whether regions in code cells without nbgrader metadata are found here.
    """

    code = "NBG305"
    name = "misplaced-region"
    source = "nbgrader, preprocessors/clearsolutions.py, clearhiddentests.py, clearmarkingscheme.py"
    options_type = MisplacedRegionOptions
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a solution in a read-only cell",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": true, "schema_version": 3, "solution": false, "task": false}
### BEGIN SOLUTION
x = 1
### END SOLUTION
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="hidden tests in an answer that is graded by hand",
            bad=None,
            good="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
x = 1
### END SOLUTION
### BEGIN HIDDEN TESTS
assert x == 1
### END HIDDEN TESTS
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the first region of each kind that does not belong in its cell."""
        for cell in marked_cells(module):
            for regions in cell.regions:
                begin = next((each for each in regions.markers if each.begins), None)
                if begin is None or begin.line in cell.strings or self._fits(module, cell, regions):
                    continue
                if not released(module, cell.cell).refusals:
                    continue  # it goes with a region of another kind, to an end in a string
                message = (
                    f"a {regions.kind} region belongs in {_WANTED[regions.kind]}, and this cell "
                    "is none: nbgrader refuses the notebook"
                )
                yield self.at(cell.cell, message, start=begin.at)

    def _fits(self, module: Module, cell: Marked, regions: Regions) -> bool:
        kind = regions.kind
        if not enforced(kind, module.settings.nbgrader) or of_its_kind(cell.cell, kind):
            return True
        missed = {miss.marker.line for miss in cell.misses}
        if any(marker.line in missed for marker in regions.markers):
            return True
        if cell.code is None:
            return False
        if cell.cell.nbgrader is None:
            lost = is_unreadable(cell.cell) or KEY in cell.cell.metadata
            return not self.options.bare_cells or lost or metadata_below(cell.cell) is not None
        return kind != "mark scheme" and _is_open(module, cell.cell, _FLAG[kind])


def _is_open(module: Module, cell: Cell, flag: str) -> bool:
    """Whether metadata leave open what a cell is (no flag, or two that differ): then they are what
    is to be mended."""
    entry = entry_of(module, cell)
    doubled = () if entry is None else entry.doubled
    missing = flag not in (cell.nbgrader or {})
    return missing or any(each.key == flag and each.differs for each in doubled)
