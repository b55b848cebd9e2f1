"""What the rest of a module, and whoever imports it, needs of statements that go under a guard."""

from __future__ import annotations

from collections.abc import Sequence

from modfix.rule import Module, Statement
from modfix.syntax.module import matches

from ._effects import (
    acts_outside,
    binds_first,
    call_names,
    called_upon,
    is_builtin,
    only_shows,
)
from ._needs import changed_by_functions, functions_behind, is_imported, place_of, with_aliases
from ._working import is_main_only

# Methods that change their own object and nothing else.
_OF_CONTAINERS = frozenset(
    {"append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse", "add", "update"}
)


def in_the_way(module: Module, inside: Sequence[Statement]) -> dict[str, tuple[Statement, ...]]:
    """The names that statements bind or change and that others need, with those others.

    A name of an exported cell that only importers need has no others.
    """
    found = {name: needing(module, name, inside) for name in sorted(_touched(module, inside))}
    public = public_names(module, inside)
    return {name: others for name, others in found.items() if others or name in public}


def _touched(module: Module, inside: Sequence[Statement]) -> set[str]:
    changed: set[str] = set()
    for statement in inside:
        changed |= statement.effects.assigned
        changed |= {n for n in called_upon(statement) if not is_imported(module, n)}
        changed |= changed_by_functions(module, statement)
    return with_aliases(module, changed).union(*(statement.binds for statement in inside))


def needing(module: Module, name: str, inside: Sequence[Statement]) -> tuple[Statement, ...]:
    """The statements outside that need a name as `inside` leaves it.

    What stands under a guard runs only where these would run too. What runs below a fresh
    binding of the name needs that one; a function may need either.
    """
    places = {place_of(statement) for statement in inside}
    first, last = min(places), max(places)
    bound = module.definitions.get(name, ())
    fresh = [place_of(s) for s in bound if place_of(s) > last and _is_fresh(s, name)]
    end = min(fresh, default=None)
    found = []
    for statement in module.readers:
        place = place_of(statement)
        if place in places or is_main_only(statement):
            continue
        after = place > first and (end is None or place <= end)
        reads = after and name in statement.reads and not binds_first(statement, name)
        if reads or name in statement.later or _lists(module, statement, name):
            found.append(statement)
    return tuple(found)


def _is_fresh(statement: Statement, name: str) -> bool:
    plain = statement.kind in ("assign", "import", "function", "class")
    return plain and name not in statement.reads


def _lists(module: Module, statement: Statement, name: str) -> bool:
    if "__all__" not in statement.binds:
        return False
    source = module.cell(statement.cell).source[statement.start : statement.end]
    return f"'{name}'" in source or f'"{name}"' in source


def public_names(module: Module, inside: Sequence[Statement]) -> set[str]:
    """The names that statements of exported cells give to whoever imports the package."""
    exported = (statement for statement in inside if module.cell(statement.cell).exported)
    return {name for s in exported for name in s.binds if not name.startswith("_")}


def is_seen_whole(module: Module, inside: Sequence[Statement], setup: tuple[str, ...]) -> bool:
    """Whether all that statements change can be seen in names: no files, no foreign functions."""
    for statement in inside:
        calls = set(call_names(statement))
        called = set(calls)
        for function in functions_behind(module, statement, calls):
            inner = set(call_names(function))
            called |= {name for name in inner if name.partition(".")[0] in function.later}
        if any(acts_outside(name) for name in statement.effects.entered):
            return False
        if not all(matches(name, setup) or _is_seen(module, name) for name in called):
            return False
    return True


def _is_seen(module: Module, name: str) -> bool:
    if only_shows(name) or acts_outside(name):
        return only_shows(name)
    root, _, method = name.partition(".")
    if method and method not in _OF_CONTAINERS and not is_imported(module, root):
        return False  # a method may change whatever its object was built from
    bound = module.definitions.get(root, ())
    return is_builtin(root) or any(statement.kind != "import" for statement in bound)
