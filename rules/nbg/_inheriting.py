"""What the parts of a mixed cell keep of its metadata."""

from __future__ import annotations

from collections.abc import Mapping

from modfix.rule import Module

from ._cell_kind import holds_solution
from ._parts import Part

Metadata = Mapping[str, object]


def says_its_kind(old: Metadata) -> bool:
    """Whether metadata have the flags that say what kind of cell it is."""
    return "grade" in old and "solution" in old


def owner_of(parts: tuple[Part, ...], old: Metadata) -> int:
    """The part that keeps the id: of a graded cell its test, of any other its implementation."""
    if old.get("grade") is True:
        return next(n for n, part in enumerate(parts) if part.runs)
    return next(n for n, part in enumerate(parts) if part.role == "code")


def inherited_by(parts: tuple[Part, ...], old: Metadata) -> list[Metadata]:
    """What each part keeps of the cell's metadata; where nothing is graded, no part becomes so."""
    ungraded = old.get("grade") is False and old.get("solution") is False
    rest: Metadata = {"grade": False, "solution": False} if ungraded else {}
    owner = owner_of(parts, old)
    return [old if number == owner else rest for number in range(len(parts))]


def flags_fault(module: Module, parts: tuple[Part, ...], old: Metadata) -> str:
    """Why the flags of a mixed cell keep it from being split, or ""."""
    if old.get("task") is True:
        return "it is marked as a task"
    if old.get("grade") is True and old.get("solution") is True:
        return "it is graded by hand as a whole"
    ungraded = old.get("grade") is False and old.get("solution") is False
    if ungraded and any(holds_solution(module, part) for part in parts):
        return "it says `solution: false` and has a solution region"
    return ""
