"""Sending cells to the package: the directive, and what else has to go along."""

from __future__ import annotations

import re
from collections.abc import Iterable

from modfix.rule import CodeCell, Module, Statement, TextEdit

from ..run._effects import is_builtin
from ..run._placing import has_magics
from ..run._working import works

_FIRST_LINES = re.compile(r"(?:#!.*\n|#.*coding[:=].*\n)*")


def export_directive(cell: CodeCell) -> TextEdit:
    """`#| export` as the first line of a cell, below the directives that it has."""
    leading = [directive.end for directive in cell.directives if directive.leading]
    if leading:
        return TextEdit(cell.index, leading[-1], leading[-1], "\n#| export")
    first = _FIRST_LINES.match(cell.source) if cell.cell.marker is None else None
    at = first.end() if first else 0
    return TextEdit(cell.index, at, at, "#| export\n")


def holds_test(module: Module, cell: CodeCell) -> bool:
    """Whether a cell defines a test or a demo."""
    names = (s.name for s in cell.statements if s.kind == "function")
    return any(module.is_test(name) or module.is_demo(name) for name in names)


def works_at_import(cell: CodeCell) -> bool:
    """Whether a cell does more than to import, define and assign."""
    return has_magics(cell) or any(works(statement, ()) for statement in cell.statements)


def cells_along(module: Module, cell: CodeCell) -> list[CodeCell]:
    """The cells that have to be exported for a cell to work in the package, itself first.

    They are those without a directive that alone bind what its code reads when it is imported
    or called, and so on from cell to cell.
    """
    found = [cell]
    for current in found:
        for name in sorted(_read(current.statements)):
            home = _home(module, name)
            if home is not None and not home.exported and home not in found:
                found.append(home)
    return found


def _read(statements: Iterable[Statement]) -> set[str]:
    names = {n for s in statements if s.kind != "guard" for n in s.reads | s.later}
    return {name for name in names if not is_builtin(name)}


def _home(module: Module, name: str) -> CodeCell | None:
    """The cell to export for a name: the last to bind it, unless an exported one does."""
    cells = [module.cell(statement.cell) for statement in binding(module, name)]
    return None if not cells or any(cell.exported for cell in cells) else cells[-1]


def binding(module: Module, name: str) -> list[Statement]:
    """The statements that bind a name when the module is imported."""
    return [s for s in module.definitions.get(name, ()) if s.kind != "guard"]
