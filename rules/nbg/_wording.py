"""How messages name markers, cells and lists of names."""

from __future__ import annotations

from collections.abc import Sequence

from modfix.nbgrader.regions import RegionKind, delimiters
from modfix.rule import Cell, Module


def marker_text(module: Module, kind: RegionKind, *, begins: bool) -> str:
    """The delimiter of a kind of region."""
    names = next(each for each in delimiters(module.settings.nbgrader) if each.kind == kind)
    return names.begin if begins else names.end


def named(cell: Cell) -> str:
    """A cell by its nbgrader id, else by its place in the file's text."""
    grade_id = (cell.nbgrader or {}).get("grade_id")
    return f"`{grade_id}`" if isinstance(grade_id, str) and grade_id else f"line {cell.line}"


def listed(words: Sequence[str], shown: int = 3) -> str:
    """`a`, `b` and 3 more: at most `shown` words, and how many are left."""
    if len(words) > shown + 1:
        return f"{', '.join(words[:shown])} and {len(words) - shown} more"
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""
