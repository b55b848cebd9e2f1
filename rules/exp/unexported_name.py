"""EXP102: `__all__` names what is not exported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import Applicability, Example, Finding, Fix, Module, Options, Rule
from modfix.syntax.module import matches

from ._all_list import ListedName, listed_names
from ._containers import container_names
from ._exporting import binding, cells_along, export_directive, holds_test, works_at_import
from ._unknown_names import may_bind_more

_SAFE, _UNSAFE = Applicability.SAFE, Applicability.UNSAFE


class UnexportedNameOptions(Options, frozen=True):
    """`exclude`: patterns of names that are never exported, such as containers."""

    exclude: tuple[str, ...] = ()


class UnexportedName(Rule):
    """`__all__` names something that the module does not export.

    ## What it does
    Reads the names of a literal `__all__` and finds those that are defined only in cells without
    an export directive (where `__all__` itself is exported), those that are tests, demos or
    containers, and those that are not defined at all.

    ## Why is this bad?
    `from module import *` raises AttributeError at the first such name: the package lacks it.

    ## Fix safety
    Safe: the cell that defines the name gets `#| export`, and so do the cells without which its
    code would not work in the package; never one that defines a test or works when it is
    imported. A test or demo is taken out of the list, and so is a container that is no longer a
    class of the module. Unsafe: a container that still is one, and a name that is defined
    nowhere and may be a misspelling.

    ## Options
    `exclude`: shell patterns of names that are never exported.
    """

    code = "EXP102"
    name = "all-names-what-is-not-exported"
    fixes = (Applicability.SAFE, Applicability.UNSAFE)
    source = "Critical Fixes Required for Module 17, Fix 5"
    options_type = UnexportedNameOptions
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a cell without its directive, and what it needs",
            bad="""# %%
#| default_exp core.scale
#| export
__all__ = [
    'scaled',
    'test_unit_scaled'
]

# %%
FACTOR = 3

# %%
def scaled(x):
    return x * FACTOR

# %%
def test_unit_scaled():
    assert scaled(1) == 3
""",
            good="""# %%
#| default_exp core.scale
#| export
__all__ = [
    'scaled'
]

# %%
#| export
FACTOR = 3

# %%
#| export
def scaled(x):
    return x * FACTOR

# %%
def test_unit_scaled():
    assert scaled(1) == 3
""",
        ),
        Example(
            title="an implementation that shares its cell with the test",
            bad="""# %%
#| export
__all__ = ['scaled']

# %%
def scaled(x):
    return 3 * x

def test_unit_scaled():
    assert scaled(1) == 3
""",
            good=None,
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield each name that is not exported."""
        for listed in listed_names(module):
            finding = self._finding(module, listed)
            if finding is not None:
                yield finding

    def _finding(self, module: Module, listed: ListedName) -> Finding | None:
        bound = binding(module, listed.name)
        if self._is_never_exported(module, listed.name):
            why = "is not for export: take it out of `__all__`"
            stands = any(s.kind == "class" for s in bound)
            return self._removal(listed, why, _UNSAFE if stands else _SAFE)
        if not bound and not may_bind_more(module):
            why = "is in `__all__` but nowhere defined: define it or take it out"
            gone = matches(listed.name, self.options.exclude)
            return self._removal(listed, why, _SAFE if gone else _UNSAFE)
        exported = any(module.cell(statement.cell).exported for statement in bound)
        return self._export(module, listed) if bound and not exported else None

    def _is_never_exported(self, module: Module, name: str) -> bool:
        kinds = {statement.kind for statement in binding(module, name)}
        if kinds <= {"function", "class"} and (module.is_test(name) or module.is_demo(name)):
            return True
        if not kinds <= {"class", "block"}:
            return False
        return matches(name, self.options.exclude) or name in container_names(module)

    def _removal(self, listed: ListedName, why: str, sure: Applicability) -> Finding:
        edit = listed.removed
        fix = None if edit is None else Fix("take it out of `__all__`", (edit,), sure)
        return self.at(listed.cell.cell, f"`{listed.name}` {why}", fix, start=listed.start)

    def _export(self, module: Module, listed: ListedName) -> Finding | None:
        if not listed.cell.exported:
            return None
        home = module.cell(binding(module, listed.name)[-1].cell)
        cells = cells_along(module, home)
        message = f"`{listed.name}` is in `__all__`, but the cell that defines it is not exported"
        fix = None
        if any(holds_test(module, cell) for cell in cells):
            message += ": first part it from its test (NBG103)"
        elif any(works_at_import(cell) for cell in cells):
            message += ": first guard what works at import (RUN101 to RUN103)"
        else:
            message += ": add `#| export`"
            fix = Fix("export the cell", tuple(export_directive(cell) for cell in cells))
        return self.at(listed.cell.cell, message, fix, start=listed.start)
