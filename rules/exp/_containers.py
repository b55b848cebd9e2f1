"""Which classes of a module are containers of layers: never for export, whatever their name."""

from __future__ import annotations

from modfix.rule import Module

_NAMES = ("Sequential",)


def container_names(module: Module) -> frozenset[str]:
    """The containers that CMP101 would find, guarded fallbacks included."""
    sources = [cell.source for cell in module.cells]
    if not any("class " in each and "for " in each for each in sources):
        return frozenset()
    from ..cmp._container_shape import containers
    from ..cmp._exercises import is_exercise

    nbgrader = module.settings.nbgrader
    found = containers(module, _NAMES, guarded=True)
    return frozenset(each.name for each in found if not is_exercise(each, nbgrader))
