"""NBG303: the end of a region that never began."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.nbgrader.kinds import is_solution
from modfix.nbgrader.regions import RegionMarker
from modfix.rule import Cell, Example, Finding, Module, Rule

from ._marked import marked_cells
from ._wording import marker_text


class StrayEnd(Rule):
    """An END marker has no BEGIN above it in its cell.

    ## What it does

    Finds the end of a solution, of hidden tests or of a mark scheme where no region is open.

    ## Why is this bad?

    nbgrader drops the line and says nothing. What stands above it, the solution or the hidden
    test, goes to the students; a solution cell without any begin is blanked whole instead.

    ## Fix safety

    There is no fix: only the author knows where the region was to begin.
    """

    code = "NBG303"
    name = "stray-end"
    source = "nbgrader, preprocessors/clearsolutions.py, clearhiddentests.py, clearmarkingscheme.py"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="hidden tests that are released",
            bad="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
assert double(2) == 4
assert double(-1) == -2
### END HIDDEN TESTS
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="a whole region",
            bad=None,
            good="""\
# %% nbgrader={"grade": true, "grade_id": "a", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
assert double(2) == 4
### BEGIN HIDDEN TESTS
assert double(-1) == -2
### END HIDDEN TESTS
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at each end without a begin."""
        for cell in marked_cells(module):
            for regions in cell.regions:
                begun = any(marker.begins for marker in regions.markers)
                for fault in regions.faults:
                    if fault.fault == "end without begin":
                        message = _message(module, cell.cell, fault.marker, begun)
                        yield self.at(cell.cell, message, start=fault.marker.at)


def _message(module: Module, cell: Cell, marker: RegionMarker, begun: bool) -> str:
    begin = marker_text(module, marker.kind, begins=True)
    text = f"this end has no `{begin}` above it: nbgrader drops the line"
    if marker.kind == "solution" and is_solution(cell.nbgrader) and not begun:
        return f"{text} and, finding no region, blanks the whole cell"
    return f"{text} and gives students what it should hide"
