"""NBG101: a code cell without nbgrader metadata."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.nbgrader.kinds import is_known
from modfix.rule import Applicability, Cell, Example, Finding, Fix, MetadataEdit, Module, Rule

from ..fmt._below_marker import metadata_below
from ._course_module import is_course_module
from ._foreign import is_foreign
from ._metadata import KEY, is_unreadable
from ._plan import Planned, plan


class NoMetadata(Rule):
    """A code cell of a graded module has no nbgrader metadata.

    ## What it does

    Finds code cells without an `nbgrader` entry on their marker line, in modules that have
    anything to do with grading: metadata in another cell, a solution region, an nbdev directive, or
    a test that can be called without arguments (in a file that pytest collects, that says
    nothing). Empty cells are left alone, and so are cells whose marker says anything about
    nbgrader that cannot be read (FMT101), or that stands below the marker (FMT102).

    ## Why is this bad?

    nbgrader does not know the cell: it neither protects it nor clears it nor grades it. A test in
    it gives no points, and a solution in it is released to the students.

    ## Fix safety

    Safe: one line changes, no code does. The fix writes all seven keys from the standard's
    template for the kind of the cell, and an id from what the cell defines. A function without a
    solution region is not marked as a solution, because nbgrader replaces such a cell whole by a
    stub. No fix is offered where the kind is not certain: in a cell that does not parse, and in
    one that mixes implementation and test (NBG103).
    """

    code = "NBG101"
    name = "no-metadata"
    fixes = (Applicability.SAFE,)
    source = "module-17-required-fixes.md, Fix 3"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="an implementation and its test",
            bad='''\
# %%
def double(x):
    """Return twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %%
def test_unit_double():
    assert double(2) == 4

if __name__ == "__main__":
    test_unit_double()
''',
            good='''\
# %% nbgrader={"grade": false, "grade_id": "cell-double", "locked": false, "schema_version": 3, "solution": true, "task": false}
def double(x):
    """Return twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test-double", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
def test_unit_double():
    assert double(2) == 4

if __name__ == "__main__":
    test_unit_double()
''',  # noqa: E501
        ),
        Example(
            title="a script that is no course module",
            bad=None,
            good="""\
# %%
import math

# %%
print(math.pi)
""",
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the marker of each code cell without metadata."""
        if not is_course_module(module):
            return
        for planned in plan(module).values():
            if _is_bare(planned.cell) and not _is_to_be_bare(module, planned):
                yield self.at(planned.cell, _message(module, planned), _fix(planned))


def _is_bare(cell: Cell) -> bool:
    if cell.kind != "code" or KEY in cell.metadata or is_unreadable(cell):
        return False
    return metadata_below(cell) is None


def _is_to_be_bare(module: Module, planned: Planned) -> bool:
    """Whether the standard wants no metadata in such a cell: nbgrader would do nothing with it."""
    if module.settings.nbgrader.inert != "delete" or planned.metadata is None:
        return False
    return not planned.for_parts and not is_known(planned.metadata)


def _message(module: Module, planned: Planned) -> str:
    text = "this cell has no nbgrader metadata"
    if planned.metadata is not None:
        return f"{text}: nbgrader will not know it"
    if len(planned.parts) > 1:
        return f"{text}, and holds an implementation with its test: give the test its own cell"
    code = module.cell(planned.cell.index)
    if is_foreign(code):
        return f"{text}: nbgrader will not know it; what it is for cannot be told from its language"
    if code.fault is not None:
        return f"{text}; mend its syntax first, so that its kind can be told"
    return f"{text}, and its marker line cannot take it: mend the line first"


def _fix(planned: Planned) -> Fix | None:
    if planned.for_parts:
        from .mixed_cell import split_fix

        return split_fix(planned)
    if planned.metadata is None:
        return None
    edit = MetadataEdit(planned.cell.index, KEY, planned.metadata)
    return Fix("complete the nbgrader metadata", (edit,))
