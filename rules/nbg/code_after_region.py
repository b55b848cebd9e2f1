"""NBG309: code behind a solution that may give it away."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import ClassVar

from modfix.nbgrader.regions import Region
from modfix.rule import Example, Finding, Module, Rule, Severity

from ._after_region import leaking
from ._marked import Marked, marked_cells

_LINE = re.compile(r"^([ \t]*)", re.MULTILINE)
_CODE = re.compile(r"^([ \t]*)(?![^\S\n]*(?:#|$))", re.MULTILINE)
_DEFINITION = re.compile(r"^([ \t]*)[^\S\n]*(?:async )?def ", re.MULTILINE)


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
    starts, indents = _code_lines(source)
    following = bisect_left(starts, region.end)
    return following < len(starts) and indents[following] > _indent_of_function(source, region)


def _indent_of_function(source: str, region: Region) -> int:
    """The indentation of the nearest `def` above that is indented less than the region."""
    line = _LINE.match(source, source.rfind("\n", 0, region.start) + 1)
    own = len(line[1]) if line else 0
    if not own:
        return 0
    starts, indents = _definitions(source)
    above = range(bisect_left(starts, region.start) - 1, -1, -1)
    return next((indents[number] for number in above if indents[number] < own), 0)


@lru_cache(maxsize=1)
def _code_lines(source: str) -> tuple[list[int], list[int]]:
    """Where the lines of code begin that are no comments, and their indentations."""
    return _places(_CODE, source)


@lru_cache(maxsize=1)
def _definitions(source: str) -> tuple[list[int], list[int]]:
    """Where the lines of functions' heads begin, and their indentations."""
    return _places(_DEFINITION, source)


def _places(line: re.Pattern[str], source: str) -> tuple[list[int], list[int]]:
    found = [(match.start(), len(match[1])) for match in line.finditer(source)]
    return [start for start, _ in found], [indent for _, indent in found]
