"""The regions of a cell by the delimiters that the module's settings give them."""

from __future__ import annotations

from modfix.nbgrader import regions
from modfix.nbgrader.regions import Region
from modfix.rule import Module

__all__ = ["Region", "all_regions", "solution_regions"]


def solution_regions(module: Module, source: str) -> tuple[Region, ...]:
    """The solution regions of a cell, in order.

    PERF: nearly every rule of this family asks for them, so a source is read once a module.
    """
    key = ("solution regions", source)
    if key not in module.memo:
        module.memo[key] = regions.solution_regions(source, module.settings.nbgrader)
    known: tuple[Region, ...] = module.memo[key]
    return known


def all_regions(module: Module, source: str) -> tuple[Region, ...]:
    """The regions of every kind, solutions first."""
    return regions.all_regions(source, module.settings.nbgrader)
