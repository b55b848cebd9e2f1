"""What code needs of the module when it runs, and whether it is the same at another place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from modfix.rule import Module, Statement

from ._effects import called_upon, changed_names

Place = tuple[int, int]  # the index of a cell and the number of a statement in it

_SILENT = ("function", "class", "import", "string")
_CHANGING_MAGICS = frozenset({"run", "reset", "reset_selective", "pylab", "store", "xdel"})


def place_of(statement: Statement) -> Place:
    """Where a top-level statement stands; places compare in the order of the text."""
    return statement.cell, statement.number


def bindings(module: Module, name: str, before: Place) -> list[Statement]:
    """The statements before a place that bind a name, in order."""
    return [s for s in module.definitions.get(name, ()) if place_of(s) < before]


def function_run(module: Module, name: str, before: Place) -> Statement | None:
    """The function definition that a call of `name` at a place runs, or None if it is no such."""
    bound = bindings(module, name, before)
    last = bound[-1] if bound else None
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


def same_after(module: Module, names: Iterable[str], place: Place, before: Place) -> bool:
    """Whether code that stands at `before` finds the same module right after `place`.

    True if everything that it needs is bound there already, and nothing in between binds it
    again or may change it.
    """
    wanted = needed(module, names, before)
    between = (s for s in module.readers if place < place_of(s) < before)
    if any(_disturbs(module, statement, wanted) for statement in between):
        return False
    bound = [bindings(module, name, before) for name in wanted]
    return all(place_of(statements[0]) <= place for statements in bound if statements)


def _disturbs(module: Module, statement: Statement, wanted: frozenset[str]) -> bool:
    if is_star_import(statement):
        return True
    if statement.kind == "magic":
        return not statement.reads.isdisjoint(wanted | _CHANGING_MAGICS)
    again = statement.binds & wanted
    if statement.kind == "import":  # the same module once more is the same object
        return any(s.kind != "import" for name in again for s in module.definitions[name])
    if again:
        return True
    return statement.kind not in _SILENT and not wanted.isdisjoint(_changed(module, statement))


def _changed(module: Module, statement: Statement) -> frozenset[str]:
    """The names of the objects that a statement may change, under every name that they have."""
    key = ("changed", place_of(statement))
    if key not in module.memo:
        changed = changed_names(statement) | changed_by_functions(module, statement)
        module.memo[key] = frozenset(with_aliases(module, set(changed)))
    found: frozenset[str] = module.memo[key]
    return found


def with_aliases(module: Module, changed: set[str]) -> set[str]:
    """Names of objects that change, and the names that the module gives to the same objects."""
    if not changed:
        return changed
    if "shared" not in module.memo:
        shared = (s.effects.shared for s in module.statements)
        module.memo["shared"] = [names for names in shared if names]
    found = set(changed)
    while more := [n for n in module.memo["shared"] if n & found and not n <= found]:
        found.update(*more)
    return found


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
