"""Whether a module may bind names that its text does not show."""

from __future__ import annotations

from modfix.rule import Module

from ..run._needs import is_star_import
from ..run._placing import has_magics

_DYNAMIC = ("globals(", "setattr(", "exec(", "__getattr__", "importlib", "vars(")


def may_bind_more(module: Module) -> bool:
    """Whether star imports, magics, unreadable cells or tricks may bind further names.

    `__all__` of a package may name its submodules, so every `__init__` counts as well.
    """
    if module.document.path.stem == "__init__":
        return True
    if any(is_star_import(statement) for statement in module.statements):
        return True
    return any(
        has_magics(cell) or any(word in cell.source for word in _DYNAMIC) for cell in module.cells
    )
