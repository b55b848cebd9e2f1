"""NBG103: an implementation and its test share a cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import (
    Applicability,
    Edit,
    Example,
    Finding,
    Fix,
    MetadataEdit,
    Module,
    Rule,
    SplitCell,
    Statement,
    TextEdit,
)

from ._course_module import is_course_module
from ._metadata import KEY
from ._parts import Part, becomes_exported, stray_directives
from ._plan import Planned, plan
from ._regions import solution_regions
from ._roles import test_names

_HIDDEN = " (unsafe: a directive in it that nbdev does not see now would take effect)"


class MixedCell(Rule):
    """An implementation, or a demo, and a test share a cell.

    ## What it does

    Finds cells that define a test and beside it what students write or use: a definition with a
    solution region, an exported one, one that other cells use, a demo or an analysis. Private
    helpers, mock classes and fixtures that only the tests use belong to the tests.

    ## Why is this bad?

    nbgrader grades and clears whole cells. A test in a solution cell gives no points and is open
    to change by students, and in an exported cell it goes into the package with its call.

    ## Fix safety

    Safe: the cell is cut between statements, whose order stays. Comments, and the call of a test,
    go with it. Every part gets complete metadata; of the old, id and points go to the test of a
    graded cell and to the implementation of any other. Directives stay above the code that they
    export, no test gets one. The fix is unsafe where a directive below the top, which nbdev does
    not see, comes to stand at the top. There is none where a region goes over both, or where the
    cell is graded by hand.
    """

    code = "NBG103"
    name = "mixed-cell"
    fixes = (Applicability.SAFE, Applicability.UNSAFE)
    source = "module-17-required-fixes.md, Fix 3"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="an exported class and its test",
            bad='''\
# %%
#| export
class Scaler:
    """Multiplies by a factor."""
    def __init__(self, factor):
        ### BEGIN SOLUTION
        self.factor = factor
        ### END SOLUTION

# The factor is kept.
def test_unit_scaler():
    assert Scaler(3).factor == 3

test_unit_scaler()
''',
            good='''\
# %% nbgrader={"grade": false, "grade_id": "cell-scaler", "locked": false, "schema_version": 3, "solution": true, "task": false}
#| export
class Scaler:
    """Multiplies by a factor."""
    def __init__(self, factor):
        ### BEGIN SOLUTION
        self.factor = factor
        ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test-scaler", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# The factor is kept.
def test_unit_scaler():
    assert Scaler(3).factor == 3

test_unit_scaler()
''',  # noqa: E501
        ),
        Example(
            title="a fixture belongs to its test",
            bad=None,
            good="""\
# %%
class MockLayer:
    weight = 1.0

def test_unit_layer():
    assert MockLayer.weight == 1.0
""",
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield one finding at the first test of each mixed cell."""
        if not is_course_module(module):
            return
        for planned in plan(module).values():
            if len(planned.parts) > 1:
                yield self._finding(module, planned)

    def _finding(self, module: Module, planned: Planned) -> Finding:
        test = _first_test(module, planned.parts)
        message = f"`{test.name}` shares a cell with {_other(module, planned.parts)}"
        if planned.fault:
            return self.at(test, f"{message}; it cannot be split: {planned.fault}")
        fix = split_fix(planned)
        why = "" if fix.applicability is Applicability.SAFE else _HIDDEN
        return self.at(test, f"{message}: give the test a cell of its own{why}", fix)


def _first_test(module: Module, parts: tuple[Part, ...]) -> Statement:
    tests = test_names(module, parts[0].cell)
    return next(s for s in parts[0].cell.statements if s.name in tests)


def _other(module: Module, parts: tuple[Part, ...]) -> str:
    """The code beside the test, by name: what is solved, else the first that is defined."""
    code = [s for part in parts if part.role == "code" for s in part.statements]
    regions = solution_regions(module, parts[0].cell.source)
    solved = [s for s in code if s.name and any(r.touches(s.start, s.end) for r in regions)]
    public = [s for s in code if s.name and not s.name.startswith("_")]
    named = solved or public
    return f"`{named[0].name}`" if named else "a solution"


def split_fix(planned: Planned) -> Fix:
    """The split of a mixed cell that has no fault."""
    first, *later = planned.parts
    cell, old = planned.cell, planned.cell.nbgrader
    edits: list[Edit] = []
    if planned.for_parts[0] != old:
        edits.append(MetadataEdit(cell.index, KEY, planned.for_parts[0]))
    if first.role == "test":
        edits += _without_exports(first)
    for part, metadata in zip(later, planned.for_parts[1:], strict=True):
        edits.append(SplitCell(cell.index, part.start, {KEY: metadata}, _head(part)))
    sure = Applicability.UNSAFE if becomes_exported(planned.parts) else Applicability.SAFE
    return Fix("split the cell", tuple(edits), sure)


def _without_exports(part: Part) -> list[Edit]:
    """Takes the exporting directives, each with its line, from a test at the top of the cell."""
    source = part.cell.source
    found: list[Edit] = []
    for directive in part.cell.directives:
        if directive.exports:
            end = min(directive.end + 1, len(source))
            found.append(TextEdit(part.cell.index, directive.start, end, ""))
    return found


def _head(part: Part) -> str:
    """The directives of the cell that hold for a later part too."""
    given = {directive.name for directive in stray_directives(part)}
    left_out = {"default_exp", *given}
    kept = [d for d in part.cell.directives if d.leading and d.name not in left_out]
    if part.role == "test":
        kept = [d for d in kept if not d.exports]
    return "".join(part.cell.source[d.start : d.end] + "\n" for d in kept)
