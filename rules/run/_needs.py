"""What code needs of the module when it runs, and whether it is the same at another place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from modfix.rule import Module, Statement

from ._effects import called_upon

Place = tuple[int, int]  # the index of a cell and the number of a statement in it


def place_of(statement: Statement) -> Place:
    """Where a top-level statement stands; places compare in the order of the text."""
    return statement.cell, statement.number


def bindings(module: Module, name: str, before: Place) -> list[Statement]:
    """The statements before a place that bind a name, in order."""
    found = module.definitions.get(name, ())
    return list(found[: bisect_left(found, before, key=place_of)])


def function_run(module: Module, name: str, before: Place) -> Statement | None:
    """The function definition that a call of `name` at a place runs, or None if it is no such."""
    bound = module.definitions.get(name, ())
    number = bisect_left(bound, before, key=place_of)
    last = bound[number - 1] if number else None
    return last if last is not None and last.kind == "function" and last.binds == {name} else None


def needed(module: Module, names: Iterable[str], before: Place) -> frozenset[str]:
    """The names that code at a place needs: its own, and what the things behind them need."""
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.add(name)
        for statement in bindings(module, name, before):
            todo += statement.reads | statement.later
    return frozenset(found)


def with_aliases(module: Module, changed: set[str]) -> set[str]:
    """Names of objects that change, and the names that the module gives to the same objects."""
    shared = _shared(module)
    found, todo = set(changed), list(changed)
    while todo:
        for names in shared.get(todo.pop(), ()):
            todo += names - found
            found |= names
    return found


def _shared(module: Module) -> dict[str, list[frozenset[str]]]:
    """The groups of names that may stand for one object, by each of their names."""
    if "shared" not in module.memo:
        found = module.memo["shared"] = {}
        for names in {statement.effects.shared for statement in module.statements}:
            for name in names:
                found.setdefault(name, []).append(names)
    shared: dict[str, list[frozenset[str]]] = module.memo["shared"]
    return shared


def changed_by_functions(module: Module, statement: Statement) -> set[str]:
    """The module's names that the functions which a statement uses bind or may change."""
    found: set[str] = set()
    for function in functions_behind(module, statement, statement.reads):
        called = {n for n in called_upon(function) if not is_imported(module, n)}
        found |= function.binds - {function.name}
        found |= (function.effects.assigned | called) & function.later
    return found


def functions_behind(
    module: Module, statement: Statement, names: Iterable[str]
) -> Iterator[Statement]:
    """The module's functions behind some names that a statement uses, at any remove."""
    for name in needed(module, names, place_of(statement)):
        for bound in bindings(module, name, place_of(statement)):
            if bound.kind == "function" and bound.name == name:
                yield bound


def is_imported(module: Module, name: str) -> bool:
    """Whether a name is only ever bound by imports, or not at all."""
    return all(statement.kind == "import" for statement in module.definitions.get(name, ()))


def is_star_import(statement: Statement) -> bool:
    """Whether a statement is `from … import *`, which binds names that nobody knows."""
    return statement.kind == "import" and not statement.binds
