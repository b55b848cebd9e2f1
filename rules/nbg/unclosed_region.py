"""NBG302: a region that does not end, or begins inside another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.nbgrader.regions import RegionFault
from modfix.rule import Example, Finding, Module, Rule

from ._marked import Marked, marked_cells, released
from ._wording import marker_text


class UnclosedRegion(Rule):
    """A region has no end, begins inside another of its kind, or begins and ends on one line.

    ## What it does

    Pairs the markers of solutions, hidden tests and mark schemes in the cells of every kind, as
    nbgrader does: line by line, the begin first.

    ## Why is this bad?

    nbgrader stops with "no end solution statement found" or "encountered nested begin solution
    statements" and makes no release. On a line with both markers it sees only the begin: what
    follows belongs to the region.

    ## Fix safety

    There is no fix: only the author knows where the region was to end.
    """

    code = "NBG302"
    name = "unclosed-region"
    source = "nbgrader, preprocessors/clearsolutions.py, clearhiddentests.py, clearmarkingscheme.py"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="no end",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="a begin where the end should be",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
x = 1
### BEGIN SOLUTION
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="both on one line",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
# BEGIN SOLUTION x = 1 END SOLUTION
y = 2
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="two regions, one after the other",
            bad=None,
            good="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
x = 1
### END SOLUTION
y = 2
### BEGIN SOLUTION
z = x + y
### END SOLUTION
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at each marker that opens what is not closed."""
        for cell in marked_cells(module):
            for fault in _refused(module, cell):
                message = _message(module, cell, fault)
                yield self.at(cell.cell, message, start=fault.marker.at)
            for marker in cell.both:
                message = (
                    f"the {marker.kind} region begins and ends on one line, where nbgrader sees "
                    "only its begin: give each marker a line of its own"
                )
                yield self.at(cell.cell, message, start=marker.at)


def _refused(module: Module, cell: Marked) -> list[RegionFault]:
    """The faults that keep nbgrader from making the release.

    A marker that is only mentioned (NBG306) may be the end that a region lacks: nbgrader takes it.
    """
    faults = [fault for kind in cell.regions for fault in kind.faults]
    refusing = [fault for fault in faults if fault.fault != "end without begin"]
    return refusing if refusing and released(module, cell.cell).refusals else []


def _message(module: Module, cell: Marked, fault: RegionFault) -> str:
    marker = fault.marker
    end = marker_text(module, marker.kind, begins=False)
    if fault.fault == "begin without end":
        return f"this {marker.kind} region has no `{end}`: nbgrader refuses the notebook"
    first = next(
        region
        for regions in cell.regions
        if regions.kind == marker.kind
        for region in regions.regions
        if region.start < marker.start <= region.end
    )
    return (
        f"this begins a {marker.kind} region inside the one of line "
        f"{cell.cell.line + first.line - 1}: nbgrader refuses the notebook; end that one first "
        f"with `{end}`"
    )
