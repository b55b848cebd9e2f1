"""NBG306: the text of a marker in prose, a comment or a string."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.nbgrader.clearing import enforced
from modfix.nbgrader.regions import RegionMarker
from modfix.rule import Example, Finding, Module, Rule, Severity

from ._marked import Marked, marked_cells
from ._places import of_its_kind


class MarkerInText(Rule):
    """The text of a marker stands in prose, among the words of a comment, or in a string.

    ## What it does

    Finds the delimiters of regions where they are only mentioned. A region of lines in a
    multi-line string (a query that students write, say) is a warning, since nbgrader puts its
    stub of Python code into the string.

    ## Why is this bad?

    nbgrader looks for the text in every line of every cell, whatever it is: a sentence that
    mentions the begin of a solution begins one. The notebook is refused, or lines of it are
    missing in the release.

    ## Fix safety

    There is no fix: say it in other words, such as "between the two solution comments".
    """

    code = "NBG306"
    name = "marker-in-text"
    source = "nbgrader, preprocessors/clearsolutions.py, clearhiddentests.py, clearmarkingscheme.py"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a sentence about markers",
            bad='''\
# %% [markdown]
"""
Write your code between BEGIN SOLUTION and END SOLUTION.
"""

# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
x = 1
### END SOLUTION
''',  # noqa: E501
            good=None,
        ),
        Example(
            title="a string",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": true, "schema_version": 3, "solution": false, "task": false}
print("look below ### BEGIN SOLUTION")
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="prose about solutions",
            bad=None,
            good='''\
# %% [markdown]
"""
Begin your solution here; the end of the solution is marked.
"""

# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
x = 1
### END SOLUTION
''',  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at each line with a marker that is only mentioned."""
        for cell in marked_cells(module):
            for marker in cell.mentions:
                yield self.at(cell.cell, _mention(cell, marker), start=marker.at)
            for regions in cell.regions:
                faulty = {fault.marker.line for fault in regions.faults}  # NBG302 tells of them
                for marker in regions.markers:
                    if marker.begins and marker.line in cell.strings - faulty:
                        yield self._in_string(module, cell, marker)

    def _in_string(self, module: Module, cell: Marked, marker: RegionMarker) -> Finding:
        refused = enforced(marker.kind, module.settings.nbgrader) and not of_its_kind(
            cell.cell, marker.kind
        )
        what = "refuses the notebook" if refused else "clears it and puts its stub into the string"
        message = f"this {marker.kind} region stands in a string: nbgrader {what}"
        severity = Severity.ERROR if refused else Severity.WARNING
        return self.at(cell.cell, message, start=marker.at, severity=severity)


def _mention(cell: Marked, marker: RegionMarker) -> str:
    where = "code" if cell.code is not None else "prose"
    if marker.begins:
        does = f"begins a {marker.kind} region here"
    else:
        does = "drops this line, or ends a region with it"
    return f"this {where} only mentions a marker, but nbgrader {does}: say it in other words"
