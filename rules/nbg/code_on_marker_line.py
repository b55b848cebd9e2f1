"""NBG308: code on the line of a marker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.nbgrader.regions import RegionMarker
from modfix.rule import Example, Finding, Module, Rule, Severity
from modfix.syntax.parse import syntax_fault

from ._foreign import is_foreign
from ._lost_code import lost_code
from ._marked import Marked, marked_cells, released

_LONGEST = 30


class CodeOnMarkerLine(Rule):
    """Code stands on the line of a marker.

    ## What it does

    Finds code before the comment that begins or ends a region.

    ## Why is this bad?

    nbgrader takes the whole line for the marker: the code on it is never released, whichever side
    of the region it was meant for. It is an error where what is left does not parse.

    ## Fix safety

    There is no fix: only the author knows on which side of the marker the code belongs.
    """

    code = "NBG308"
    name = "code-on-marker-line"
    severity = Severity.WARNING
    source = "nbgrader, preprocessors/clearsolutions.py, clearhiddentests.py, clearmarkingscheme.py"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a line that the students were to get",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
def double(x):
    factor = 2  # BEGIN SOLUTION
    return factor * x
    # END SOLUTION
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="words beside a marker",
            bad=None,
            good="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
def double(x):
    factor = 2
    # BEGIN SOLUTION (two lines will do)
    return factor * x
    # END SOLUTION
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at each marker with code before it."""
        for cell in marked_cells(module):
            lost = lost_code(module, cell)
            if lost:
                severity = _severity(module, cell)
                for marker, code in lost:
                    message = _message(marker, code)
                    yield self.at(cell.cell, message, start=marker.start, severity=severity)


def _severity(module: Module, cell: Marked) -> Severity:
    result = released(module, cell.cell)
    broken = (
        not (cell.explained or is_foreign(cell.code)) and syntax_fault(result.source) is not None
    )
    return Severity.ERROR if broken else Severity.WARNING


def _message(marker: RegionMarker, code: str) -> str:
    shown = code if len(code) <= _LONGEST else f"{code[: _LONGEST - 1]}…"
    side = "above" if marker.begins else "below"
    return (
        f"`{shown}` goes with the marker on its line: students do not get it; if they should, "
        f"write it {side} the {marker.kind} region"
    )
