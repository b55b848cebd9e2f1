"""What may change the module between two places, and whether code finds there the same module."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable

from modfix.rule import Module, Statement

from ._effects import changed_names
from ._needs import (
    Place,
    changed_by_functions,
    is_imported,
    is_star_import,
    needed,
    place_of,
    with_aliases,
)

_SILENT = ("function", "class", "string")
_CHANGING_MAGICS = frozenset({"run", "reset", "reset_selective", "pylab", "store", "xdel"})


def same_after(module: Module, names: Iterable[str], place: Place, before: Place) -> bool:
    """Whether code that stands at `before` finds the same module right after `place`.

    True if everything that it needs is bound there already, and nothing in between binds it
    again or may change it.
    """
    wanted = needed(module, names, before)
    if _disturbances(module).between(place, before, wanted):
        return False
    firsts = (module.definitions[name][0] for name in wanted if name in module.definitions)
    return not any(place < place_of(first) < before for first in firsts)


class _Disturbances:
    """Where a module binds names, may change what they stand for, or does what nobody can know.

    PERF: worked out once, so that a question costs as much as the names that it is about.
    """

    def __init__(self, module: Module) -> None:
        self._of_anything: list[Place] = []
        self._of_name: defaultdict[str, list[Place]] = defaultdict(list)
        for statement in module.readers:
            if _may_change_anything(statement):
                self._of_anything.append(place_of(statement))
            for name in _changed(module, statement):
                self._of_name[name].append(place_of(statement))

    def between(self, place: Place, before: Place, wanted: Iterable[str]) -> bool:
        """Whether a statement between two places (without them) may change one of some names."""
        known = (self._of_name[name] for name in wanted if name in self._of_name)
        return any(_any_between(places, place, before) for places in (self._of_anything, *known))


def _disturbances(module: Module) -> _Disturbances:
    if "disturbances" not in module.memo:
        module.memo["disturbances"] = _Disturbances(module)
    found: _Disturbances = module.memo["disturbances"]
    return found


def _any_between(places: list[Place], place: Place, before: Place) -> bool:
    following = bisect_right(places, place)
    return following < len(places) and places[following] < before


def _may_change_anything(statement: Statement) -> bool:
    if statement.kind == "magic":
        return not statement.reads.isdisjoint(_CHANGING_MAGICS)
    return is_star_import(statement)


def _changed(module: Module, statement: Statement) -> Iterable[str]:
    """The names that a statement binds again, and those of the objects that it may change, under
    every name that they have. Importing a module once more gives the same object."""
    if statement.kind == "magic":
        return statement.reads
    if statement.kind == "import":
        return (name for name in statement.binds if not is_imported(module, name))
    if statement.kind in _SILENT:
        return statement.binds
    changed = changed_names(statement) | changed_by_functions(module, statement)
    return statement.binds | with_aliases(module, set(changed))
