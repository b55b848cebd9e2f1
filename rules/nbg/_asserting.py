"""Whether a cell checks something when it runs: an assertion outside of any definition's body."""

from __future__ import annotations

import re
from collections.abc import Iterator

from modfix.rule import Cell, Module, Statement

from ._regions import Region, solution_regions
from ._roles import is_test_function

_ASSERT = re.compile(r"^[ \t]*assert\b", re.MULTILINE)


def asserts(module: Module, cell: Cell) -> bool:
    """Whether a code cell asserts something at its top level or in a loop, a condition or a test
    of its own. What stands in a solution region is the solution's own."""
    return next(assertions(module, cell), None) is not None


def assertions(module: Module, cell: Cell) -> Iterator[int]:
    """The offsets of these assertions."""
    if cell.kind != "code" or "assert" not in cell.source:
        return
    regions = solution_regions(module, cell.source)
    for statement in module.cell(cell.index).statements:
        if not _runs(module, statement):
            continue
        for match in _ASSERT.finditer(cell.source, statement.start, statement.end):
            if not _inside(match.end(), regions):
                yield match.end() - len("assert")


def _runs(module: Module, statement: Statement) -> bool:
    if statement.kind in ("block", "other"):
        return True
    return statement.kind == "function" and is_test_function(module, statement)


def _inside(offset: int, regions: tuple[Region, ...]) -> bool:
    return any(region.touches(offset, offset + 1) for region in regions)
