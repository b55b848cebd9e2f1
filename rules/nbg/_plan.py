"""The metadata that every cell of a module should have, with ids that differ.

The rules of the family share this plan, so that fixes of one round never give one id twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from modfix.nbgrader.kinds import KEY
from modfix.rule import Applicability, Cell, Module

from ._baseline import baseline, lost_ids
from ._cell_id import TakenIds, derived_id, heading_slug
from ._cell_kind import Kind, cell_kind, holds_solution
from ._course_module import has_code
from ._entries import Entry, entry_of
from ._foreign import says_no_kind
from ._inheriting import flags_fault, inherited_by, owner_of, says_its_kind
from ._metadata import (
    completed,
    is_plain_id,
    is_whole,
    marker_takes,
    plain_id,
    template_for,
)
from ._parts import Part, cut_fault, split, whole
from ._release import is_release
from ._roles import defines_test

Metadata = Mapping[str, object]


@dataclass(frozen=True)
class Planned:
    """What should become of one cell.

    `metadata` is that of the whole cell, None where nothing can be said that nbgrader accepts,
    and `sure` how sure it is. A mixed cell has several `parts` with the metadata `for_parts`;
    where it must not be split, that is () and `fault` says why.
    """

    cell: Cell
    parts: tuple[Part, ...]
    metadata: Metadata | None
    for_parts: tuple[Metadata, ...] = ()
    fault: str = ""
    sure: Applicability = Applicability.SAFE


def plan(module: Module) -> dict[int, Planned]:
    """The plan of every cell that lacks something or is mixed, by index, in order."""
    if "plan" not in module.memo:
        planner = planner_of(module)
        module.memo["plan"] = {cell.index: planner.planned(cell) for cell in _open_cells(module)}
    planned: dict[int, Planned] = module.memo["plan"]
    return planned


def is_mixed(module: Module, cell: Cell) -> bool:
    """Whether a cell holds an implementation and its test, which NBG103 tells."""
    planned = plan(module).get(cell.index)
    return planned is not None and len(planned.parts) > 1


def planner_of(module: Module) -> Planner:
    """The module's planner: it knows which ids are taken, by cells and by what is planned."""
    if "planner" not in module.memo:
        module.memo["planner"] = Planner(module)
    planner: Planner = module.memo["planner"]
    return planner


def complete_metadata(module: Module, kind: Kind, cell_id: str) -> Metadata:
    """The metadata of a new, ungraded cell of a kind, with an id that the module does not have."""
    planner = Planner(module)
    keys = completed(module, {}, kind)
    assert keys is not None
    return {**keys, "grade_id": planner.taken.unique(cell_id)}


def _open_cells(module: Module) -> Iterator[Cell]:
    for cell in module.document.cells:
        if cell.kind == "code" and split(module, module.cell(cell.index)):
            yield cell
        elif cell.nbgrader is not None:
            if not _is_good(cell, cell.nbgrader):
                yield cell
        elif cell.kind == "code" and has_code(module.cell(cell.index)):
            yield cell


def _is_good(cell: Cell, old: Metadata) -> bool:
    """Whether metadata needs no repair."""
    return is_whole(old, cell.kind) and is_plain_id(str(old["grade_id"]))


class Planner:
    """Plans cells in order and remembers the ids that are taken."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.taken = TakenIds(filter(None, map(_grade_id, module.document.cells)))
        self.released = baseline(module)

    def planned(self, cell: Cell) -> Planned:
        """What should become of a cell."""
        entry = entry_of(self.module, cell)
        old = self._old(entry)
        parts = self._parts(cell)
        if KEY in cell.metadata and (entry is None or cell.nbgrader is None or _is_torn(entry)):
            return Planned(cell, parts, None, (), "its nbgrader metadata is wrong")
        unsure = entry is not None and (bool(entry.meant) or self._renames(old))
        sure = Applicability.UNSAFE if unsure else Applicability.SAFE
        if cell.kind != "code":
            return Planned(cell, (), self._prose(cell, old), sure=sure)
        if len(parts) == 1:
            metadata = self._checked(cell, self._single(parts[0], old))
            return Planned(cell, parts, metadata, sure=sure)
        if unsure:
            metadata = self._unsplit(cell, old)
            return Planned(cell, parts, metadata, (), "its nbgrader metadata is wrong", sure)
        return self._mixed(cell, parts, old)

    def _old(self, entry: Entry | None) -> Metadata:
        """What stands there, without what a release added and nbgrader refuses."""
        old = dict(entry.plain) if entry is not None else {}
        for key in ("checksum", "cell_type"):
            if entry is not None and entry.refuses(key) and not is_release(self.module):
                old.pop(key, None)
        return old

    def fresh_id(self, wanted: str) -> str:
        """An id that the module does not have and that nothing else plans."""
        given = self.taken.unique(wanted)
        self.taken.add(given)
        return given

    def _renames(self, old: Metadata) -> bool:
        """Whether the id has to change before nbgrader takes it."""
        given = old.get("grade_id")
        return isinstance(given, str) and bool(given) and not is_plain_id(given)

    def _parts(self, cell: Cell) -> tuple[Part, ...]:
        if cell.kind != "code":
            return ()
        code = self.module.cell(cell.index)
        return split(self.module, code) or (whole(self.module, code),)

    def _single(self, part: Part, old: Metadata) -> Metadata | None:
        if says_no_kind(self.module, part.cell) and not says_its_kind(old):
            return None
        return self._of_part(part, old)

    def _mixed(self, cell: Cell, parts: tuple[Part, ...], old: Metadata) -> Planned:
        fault = cut_fault(self.module, parts) or flags_fault(self.module, parts, old)
        if fault:
            return Planned(cell, parts, self._unsplit(cell, old), (), fault)
        inherited = inherited_by(parts, old)
        each = [self._of_part(p, o) for p, o in zip(parts, inherited, strict=True)]
        for_parts = tuple(metadata for metadata in each if metadata is not None)
        if not all(is_whole(metadata, "code") for metadata in for_parts):
            return Planned(cell, parts, None, (), "its nbgrader metadata is wrong")
        if len(for_parts) < len(parts) or not marker_takes(cell, for_parts[0]):
            return Planned(cell, parts, None, (), "its marker line cannot hold the metadata")
        owner = for_parts[owner_of(parts, old)]
        unsplit = self._unsplit(cell, {**old, "grade_id": owner["grade_id"]})
        return Planned(cell, parts, unsplit, for_parts)

    def _unsplit(self, cell: Cell, old: Metadata) -> Metadata | None:
        """A mixed cell as a whole: only where it says itself what it is."""
        if not says_its_kind(old):
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
        if keys is None or (keys["task"] and not old.get("grade_id")):
            return None  # which task it is only the author knows
        prefix = template_for(self.module, "support").prefix
        keys["grade_id"] = self._id(
            old, lambda: prefix + (heading_slug(self.module, cell) or str(cell.index + 1))
        )
        return self._checked(cell, keys)

    def _id(self, old: Metadata, derived: Callable[[], str]) -> object:
        """The id to have; what was released keeps its own, and one that was lost is not guessed."""
        given = old.get("grade_id", "")
        if not isinstance(given, str) or (self.released is not None and given):
            return given
        if not given:
            unknown = bool(old) and bool(lost_ids(self.module))
            return "" if unknown else self._renamed(self.taken.unique(derived()))
        if not is_plain_id(given):
            given = self.taken.unique(plain_id(given) or derived())
        return self._renamed(given)

    def _renamed(self, given: str) -> str:
        renamed = self.module.settings.nbgrader.renames.get(given, given)
        given = given if renamed in self.taken else renamed
        self.taken.add(given)
        return given

    def _checked(self, cell: Cell, metadata: Metadata | None) -> Metadata | None:
        """Whole or not at all: metadata that nbgrader accepts and the marker line can hold."""
        if metadata is None or not is_whole(metadata, cell.kind):
            return None
        return metadata if marker_takes(cell, metadata) else None


def _grade_id(cell: Cell) -> str:
    """nbgrader's own id of a cell, or "" (`Cell.id` may be that of the notebook)."""
    value = (cell.nbgrader or {}).get("grade_id")
    return value if isinstance(value, str) else ""


def _is_torn(entry: Entry) -> bool:
    """Whether a key stands twice with two values: which of them is meant is not ours to say."""
    return any(doubled.differs for doubled in entry.doubled)
