"""Definitions that take the place of earlier ones, and cutting them out."""

from __future__ import annotations

from collections.abc import Collection

from modfix.rule import Edit, Module, RemoveCell, Statement

from ..run._extent import removal
from ..run._needs import Place, place_of

# Decorators that leave a function what it is; any other may register, patch or overload it.
_PLAIN = frozenset(
    {"cache", "lru_cache", "contextmanager", "dataclass", "total_ordering", "no_grad", "jit"}
    | {"njit", "vectorize", "wraps", "delegates", "staticmethod", "profile"}
)


def shadows(module: Module) -> tuple[tuple[Statement, Statement], ...]:
    """Each definition that redefines one of an earlier cell, with the first of its name."""
    firsts: dict[str, Statement] = {}
    found: list[tuple[Statement, Statement]] = []
    for later in filter(_is_own_definition, module.statements):
        first = firsts.setdefault(later.name, later)
        if first.cell != later.cell and _takes_its_place(module, first, later):
            found.append((first, later))
    return tuple(found)


def _is_own_definition(statement: Statement) -> bool:
    if statement.kind not in ("function", "class") or statement.name.startswith("_"):
        return False
    return _PLAIN.issuperset(statement.decorators)


def _takes_its_place(module: Module, first: Statement, later: Statement) -> bool:
    either = module.cell(first.cell).exported or module.cell(later.cell).exported
    return either and later.name not in later.reads


def without(module: Module, gone: Statement, all_gone: Collection[Place]) -> tuple[Edit, ...]:
    """The edits that remove a definition, or its cell where every statement is to go."""
    cell = module.cell(gone.cell)
    if all(place_of(statement) in all_gone for statement in cell.statements):
        return (RemoveCell(cell.index),)
    return removal(module, cell, (gone,))
