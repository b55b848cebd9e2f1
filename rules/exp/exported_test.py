"""EXP104: a test or demo that is exported to the package."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import (
    Applicability,
    CodeCell,
    Example,
    Finding,
    Fix,
    Module,
    Rule,
    Statement,
    TextEdit,
)

from ..nbg._parts import split
from ._exporting import holds_test


class ExportedTest(Rule):
    """A test or demo is exported to the package.

    ## What it does

    Finds exported cells that define tests, demos or analyses and nothing that other cells use. A
    cell that holds an implementation too is NBG103's: the split leaves the directive with it.

    ## Why is this bad?

    Tests and demos are for the notebook: in the package they, and their calls, run or lie about
    wherever it is imported.

    ## Fix safety

    Safe: the directive goes from a cell that holds only tests and what they use. There is no fix
    where the cell defines anything public beside them, or binds what other cells need.
    """

    code = "EXP104"
    name = "exported-test"
    fixes = (Applicability.SAFE,)
    source = "Critical Fixes Required for Module 17, Fix 5; nbdev, export directives"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a directive above a test",
            bad="""\
# %%
#| export
def test_unit_add():
    assert 1 + 1 == 2
""",
            good="""\
# %%
def test_unit_add():
    assert 1 + 1 == 2
""",
        ),
        Example(
            title="a constant that another cell needs",
            bad="""\
# %%
#| export
LIMIT = 3
def test_unit_limit():
    assert LIMIT == 3

# %%
print(LIMIT)
""",
            good=None,
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield one finding at the first test of each exported cell of tests."""
        for cell in module.cells:
            if cell.exported and holds_test(module, cell) and not split(module, cell):
                yield self._finding(module, cell)

    def _finding(self, module: Module, cell: CodeCell) -> Finding:
        first = next(s for s in cell.statements if _is_test(module, s))
        noun = "test" if module.is_test(first.name) else "demo"
        message = f"{noun} `{first.name}` is exported to the package"
        kept = [s.name for s in cell.statements if _is_product(module, s)]
        if kept:
            return self.at(first, f"{message}: give it a cell apart from `{kept[0]}`")
        needed = _needed_elsewhere(module, cell)
        if needed:
            names = ", ".join(f"`{name}`" for name in needed)
            return self.at(first, f"{message}: move it away from {names}, which other cells need")
        fix = Fix("take the directive away", tuple(_without_directives(cell)))
        return self.at(first, f"{message}: take `#| export` away", fix)


def _is_test(module: Module, statement: Statement) -> bool:
    name = statement.name if statement.kind == "function" else ""
    return module.is_test(name) or module.is_demo(name)


def _is_product(module: Module, statement: Statement) -> bool:
    """Whether a statement defines what the directive is for, whoever uses it."""
    name = statement.name
    return bool(name) and not name.startswith("_") and not _is_test(module, statement)


def _needed_elsewhere(module: Module, cell: CodeCell) -> list[str]:
    """What the cell binds beside its tests and other cells read."""
    bound = {name for s in cell.statements if not _is_test(module, s) for name in s.binds}
    others = [s for s in module.readers if s.cell != cell.index]
    return sorted(bound & {name for s in others for name in (*s.reads, *s.later)})


def _without_directives(cell: CodeCell) -> Iterator[TextEdit]:
    for directive in cell.directives:
        if directive.exports:
            end = min(directive.end + 1, len(cell.source))
            yield TextEdit(cell.index, directive.start, end, "")
