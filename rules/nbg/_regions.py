"""The regions of a cell by the delimiters that the module's settings give them."""

from __future__ import annotations

from modfix.nbgrader import regions
from modfix.nbgrader.regions import Region
from modfix.rule import Module

__all__ = ["Region", "all_regions", "solution_regions"]


def solution_regions(module: Module, source: str) -> tuple[Region, ...]:
    """The solution regions of a cell, in order."""
    return regions.solution_regions(source, module.settings.nbgrader)


def all_regions(module: Module, source: str) -> tuple[Region, ...]:
    """The regions of every kind, solutions first."""
    return regions.all_regions(source, module.settings.nbgrader)
