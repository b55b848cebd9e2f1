"""What goes with a solution cell that nbgrader replaces whole."""

from __future__ import annotations

from modfix.nbgrader.clearing import cleared
from modfix.rule import CodeCell, Module

from ._foreign import stub_language


def is_stub(module: Module, cell: CodeCell) -> bool:
    """Whether the cell is a stub already, as in a release: nothing is lost."""
    result = cleared(cell.cell, module.settings.nbgrader, stub_language(module))
    return result.source.strip() == cell.source.strip()


def lost_names(module: Module, cell: CodeCell) -> tuple[list[str], list[int]]:
    """The names that the cell binds, no other cell does, and a later one needs; and which need
    them, by index."""
    bound = {name for statement in cell.statements for name in statement.binds}
    own = {
        name
        for name in bound
        if all(statement.cell == cell.index for statement in module.definitions[name])
    }
    needed: set[str] = set()
    users: set[int] = set()
    for statement in module.readers:
        names = own & (statement.reads | statement.later)
        if statement.cell > cell.index and names:
            needed |= names
            users.add(statement.cell)
    return sorted(needed), sorted(users)
