"""NBG309: code behind a solution that may give it away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.nbgrader.regions import Region
from modfix.rule import Example, Finding, Module, Rule, Severity

from ._after_region import leaking
from ._marked import Marked, marked_cells


class CodeAfterRegion(Rule):
    """Code behind the end of a solution, in the same function, gives the solution away.

    ## What it does

    Looks at what a function does behind its solution region: statements that are never reached,
    because the solution returns, a result that is computed without anything that the solution
    computed, and one that is computed of names that only the region binds. `return result` is
    scaffolding, as are `pass` and `return None`, and so is code that works on what students see
    above the region: a name that is given to be filled, an argument that the region changes.

    ## Why is this bad?

    nbgrader clears what is between the markers and nothing else: with the end a line too early
    the students read the answer below their stub.

    ## Fix safety

    There is no fix: the code may be meant for the students.
    """

    code = "NBG309"
    name = "code-after-region"
    severity = Severity.WARNING
    source = "nbgrader, preprocessors/clearsolutions.py, _replace_solution_region"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="the end is a line too early",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mean(values):
    ### BEGIN SOLUTION
    total = 0
    ### END SOLUTION
    return sum(values) / len(values)
""",  # noqa: E501
            good=None,
        ),
        Example(
            title="scaffolding",
            bad=None,
            good="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mean(values):
    total = 0
    ### BEGIN SOLUTION
    total = sum(values)
    ### END SOLUTION
    return total / len(values)
""",  # noqa: E501
        ),
        Example(
            title="a step of the answer with names that students do not have",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mean(values):
    ### BEGIN SOLUTION
    total = sum(values)
    ### END SOLUTION
    return total / len(values)
""",  # noqa: E501
            good="""\
# %% nbgrader={"grade": false, "grade_id": "a", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mean(values):
    ### BEGIN SOLUTION
    total = sum(values)
    result = total / len(values)
    ### END SOLUTION
    return result
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the first telling statement behind each region."""
        for cell in marked_cells(module):
            if cell.code is not None and cell.code.parses:
                yield from self._of_cell(cell)

    def _of_cell(self, cell: Marked) -> Iterator[Finding]:
        assert cell.code is not None
        regions = [r for r in cell.closed("solution") if _is_followed(cell.cell.source, r)]
        for region in regions:
            node = leaking(cell.code, region, cell.closed("solution"))
            if node is not None:
                message = (
                    "this stands behind the end of the solution: students get it, and with it "
                    "perhaps the answer"
                )
                yield self.at(cell.cell, message, start=cell.code.offset(node))


def _is_followed(source: str, region: Region) -> bool:
    """Whether the next line of code behind a region belongs to its function: it is indented more
    than the `def` above the region."""
    for line in source[region.end :].split("\n")[1:]:
        if line.strip() and not line.lstrip().startswith("#"):
            return _indent(line) > _indent_of_function(source, region)
    return False


def _indent_of_function(source: str, region: Region) -> int:
    """The indentation of the nearest `def` above that is indented less than the region."""
    own = _indent(source[source.rfind("\n", 0, region.start) + 1 :])
    for line in reversed(source[: region.start].split("\n")):
        if line.lstrip().startswith(("def ", "async def ")) and _indent(line) < own:
            return _indent(line)
    return 0


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))
