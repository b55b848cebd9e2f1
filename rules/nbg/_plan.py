"""The metadata that every cell of a module should have, with ids that differ.

The rules of the family share this plan, so that fixes of one round never give one id twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from modfix.rule import Cell, Module

from ._cell_id import derived_id, heading_slug, unique_id
from ._cell_kind import Kind, cell_kind, holds_solution
from ._course_module import has_code
from ._metadata import (
    KEY,
    completed,
    lossless,
    marker_takes,
    missing_keys,
    template_for,
    wrong_values,
)
from ._parts import Part, cut_fault, split, whole
from ._roles import defines_test

Metadata = Mapping[str, object]


@dataclass(frozen=True)
class Planned:
    """What should become of one cell.

    `metadata` is that of the whole cell, None where nothing safe can be said. A mixed cell has
    several `parts` with the metadata `for_parts`; where it must not be split, that is () and
    `fault` says why.
    """

    cell: Cell
    parts: tuple[Part, ...]
    metadata: Metadata | None
    for_parts: tuple[Metadata, ...] = ()
    fault: str = ""


def plan(module: Module) -> dict[int, Planned]:
    """The plan of every cell that lacks something or is mixed, by index, in order."""
    if "plan" not in module.memo:
        planner = _Planner(module)
        module.memo["plan"] = {cell.index: planner.planned(cell) for cell in _open_cells(module)}
    planned: dict[int, Planned] = module.memo["plan"]
    return planned


def complete_metadata(module: Module, kind: Kind, cell_id: str) -> Metadata:
    """The metadata of a new, ungraded cell of a kind, with an id that the module does not have."""
    planner = _Planner(module)
    keys = completed(module, {}, kind)
    assert keys is not None
    return {**keys, "grade_id": unique_id(cell_id, planner.taken)}


def _open_cells(module: Module) -> Iterator[Cell]:
    for cell in module.document.cells:
        if cell.kind == "code" and split(module, module.cell(cell.index)):
            yield cell
        elif cell.nbgrader is not None:
            if faults(module, cell.nbgrader):
                yield cell
        elif cell.kind == "code" and has_code(module.cell(cell.index)):
            yield cell


def faults(module: Module, old: Metadata) -> bool:
    """Whether metadata is incomplete or has a value that nbgrader refuses."""
    plain = lossless(old)
    return plain != old or bool(missing_keys(module, plain) or wrong_values(module, plain))


class _Planner:
    """Plans cells in order and remembers the ids that are taken."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.taken = {grade_id for cell in module.document.cells if (grade_id := _grade_id(cell))}

    def planned(self, cell: Cell) -> Planned:
        old = lossless(cell.nbgrader or {})
        if wrong_values(self.module, old) or (KEY in cell.metadata and cell.nbgrader is None):
            return Planned(cell, self._parts(cell), None, (), "its nbgrader metadata is wrong")
        if cell.kind != "code":
            return Planned(cell, (), self._prose(cell, old))
        parts = self._parts(cell)
        if len(parts) == 1:
            return Planned(cell, parts, self._checked(cell, self._single(parts[0], old)))
        return self._mixed(cell, parts, old)

    def _parts(self, cell: Cell) -> tuple[Part, ...]:
        if cell.kind != "code":
            return ()
        code = self.module.cell(cell.index)
        return split(self.module, code) or (whole(self.module, code),)

    def _single(self, part: Part, old: Metadata) -> Metadata | None:
        if part.cell.fault is not None and not _says_its_kind(old):
            return None
        return self._of_part(part, old)

    def _mixed(self, cell: Cell, parts: tuple[Part, ...], old: Metadata) -> Planned:
        fault = cut_fault(self.module, parts) or _flags_fault(self.module, parts, old)
        if fault:
            return Planned(cell, parts, self._unsplit(cell, old), (), fault)
        inherited = _inherited(parts, old)
        each = [self._of_part(p, o) for p, o in zip(parts, inherited, strict=True)]
        for_parts = tuple(metadata for metadata in each if metadata is not None)
        if len(for_parts) < len(parts) or not marker_takes(cell, for_parts[0]):
            return Planned(cell, parts, None, (), "its marker line cannot hold the metadata")
        owner = for_parts[_owner(parts, old)]
        unsplit = self._unsplit(cell, {**old, "grade_id": owner["grade_id"]})
        return Planned(cell, parts, unsplit, for_parts)

    def _unsplit(self, cell: Cell, old: Metadata) -> Metadata | None:
        """A mixed cell as a whole: only where it says itself what it is."""
        if not _says_its_kind(old):
            return None
        return self._checked(
            cell, self._of_part(whole(self.module, self.module.cell(cell.index)), old)
        )

    def _of_part(self, part: Part, old: Metadata) -> Metadata | None:
        kind = cell_kind(self.module, part)
        solved = holds_solution(self.module, part)
        tests = [s.name for s in part.statements if s.name in part.runs] or sorted(part.runs)
        keys = completed(self.module, old, kind, solved=solved, tests=tests)
        if keys is None:
            return None
        if kind == "support" and "locked" not in old and defines_test(self.module, part.statements):
            keys["locked"] = True  # a test that runs elsewhere is not the students' to change
        return {**keys, "grade_id": self._id(old, lambda: derived_id(self.module, part, kind))}

    def _prose(self, cell: Cell, old: Metadata) -> Metadata | None:
        keys = completed(self.module, old, "support", cell_kind=cell.kind)
        if keys is None:
            return None
        prefix = template_for(self.module, "support").prefix
        keys["grade_id"] = self._id(
            old, lambda: prefix + (heading_slug(self.module, cell) or str(cell.index + 1))
        )
        return self._checked(cell, keys)

    def _id(self, old: Metadata, derived: Callable[[], str]) -> str:
        given = old.get("grade_id")
        if not isinstance(given, str) or not given:
            given = unique_id(derived(), self.taken)
        renamed = self.module.settings.nbgrader.renames.get(given, given)
        given = given if renamed in self.taken else renamed
        self.taken.add(given)
        return given

    def _checked(self, cell: Cell, metadata: Metadata | None) -> Metadata | None:
        return metadata if metadata is not None and marker_takes(cell, metadata) else None


def _grade_id(cell: Cell) -> str:
    """nbgrader's own id of a cell, or "" (`Cell.id` may be that of the notebook)."""
    value = (cell.nbgrader or {}).get("grade_id")
    return value if isinstance(value, str) else ""


def _says_its_kind(old: Metadata) -> bool:
    return "grade" in old and "solution" in old


def _owner(parts: tuple[Part, ...], old: Metadata) -> int:
    """The part that keeps the id: of a graded cell its test, of any other its implementation."""
    if old.get("grade") is True:
        return next(n for n, part in enumerate(parts) if part.runs)
    return next(n for n, part in enumerate(parts) if part.role == "code")


def _inherited(parts: tuple[Part, ...], old: Metadata) -> list[Metadata]:
    """What each part keeps of the cell's metadata; where nothing is graded, no part becomes so."""
    ungraded = old.get("grade") is False and old.get("solution") is False
    rest: Metadata = {"grade": False, "solution": False} if ungraded else {}
    owner = _owner(parts, old)
    return [old if number == owner else rest for number in range(len(parts))]


def _flags_fault(module: Module, parts: tuple[Part, ...], old: Metadata) -> str:
    if old.get("task") is True:
        return "it is marked as a task"
    if old.get("grade") is True and old.get("solution") is True:
        return "it is graded by hand as a whole"
    ungraded = old.get("grade") is False and old.get("solution") is False
    if ungraded and any(holds_solution(module, part) for part in parts):
        return "it says `solution: false` and has a solution region"
    return ""
