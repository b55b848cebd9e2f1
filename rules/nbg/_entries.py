"""One pass over the cells' nbgrader metadata, which every rule on metadata reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from modfix.document.doubled import Doubled, doubled_keys
from modfix.nbgrader.kinds import FLAGS, KEY
from modfix.nbgrader.schema import SCHEMA_VERSION, Refusal, is_integer, refusals
from modfix.nbgrader.upgrade import misspelt, plain
from modfix.rule import Cell, Module, Severity

from ._course_module import is_course_module


class Entry(Struct, frozen=True):
    """The nbgrader metadata of one cell.

    `old` is what stands there ({} where that is no mapping), `plain` the same in the types of the
    schema, `meant` the known keys that unknown ones look like, `refusals` nbgrader's reasons to
    refuse it, `doubled` the keys that stand twice, `optional` those that the standard does not
    want where nbgrader does not.
    """

    cell: Cell
    old: Mapping[str, object]
    plain: Mapping[str, object]
    meant: Mapping[str, str]
    refusals: tuple[Refusal, ...]
    doubled: tuple[Doubled, ...]
    optional: tuple[str, ...]

    def is_set(self, *flags: str) -> bool:
        """Whether one of the flags is true."""
        return any(self.plain.get(flag) is True for flag in flags)

    def says(self, *flags: str) -> bool:
        """Whether all of the flags are true or false, and not missing or something else."""
        return all(isinstance(self.plain.get(flag), bool) for flag in flags)

    @property
    def is_inert(self) -> bool:
        """Whether it says that nbgrader has nothing to do with the cell."""
        return self.says("grade", "solution", "locked") and not self.is_set(*FLAGS)

    def severity(self, *keys: str) -> Severity:
        """An error where nbgrader refuses one of the keys, else a warning."""
        return Severity.ERROR if self.refuses(*keys) else Severity.WARNING

    def refuses(self, *keys: str) -> bool:
        """Whether nbgrader refuses one of the keys."""
        return any(refusal.key in keys for refusal in self.refusals)

    @property
    def missing(self) -> list[str]:
        """The keys that a whole entry has and this one has not; an old version counts as missing.

        A blank id counts only beside others: alone it is NBG201's. Points are NBG106's.
        """
        meant = set(self.meant.values())
        found = [key for key in FLAGS if key not in self.old and key not in meant]
        version = self.old.get("schema_version")
        old = is_integer(version) and version < SCHEMA_VERSION  # type: ignore[operator]
        if (version is None and "schema_version" not in meant) or old:
            found.append("schema_version")
        if found == ["task"] and "task" in self.optional:
            return []
        if found and self.lacks_id:
            found.append("grade_id")
        return sorted(found)

    @property
    def lacks_id(self) -> bool:
        """Whether it has no id, or a blank one."""
        return self.plain.get("grade_id", "") == ""

    @property
    def lacks_points(self) -> bool:
        """Whether it is graded, by tests or by hand, or a task, and says no points."""
        graded = self.is_set("grade") or (self.is_set("task") and not self.task_fault)
        return graded and "points" not in self.plain

    @property
    def task_fault(self) -> str:
        """Why a task is none, or ""."""
        if not self.is_set("task"):
            return ""
        if self.cell.kind != "markdown":
            return f"a task has to be markdown, and this is a {self.cell.kind} cell"
        if self.is_set("grade"):
            return "this cell is both a task and graded: it is one of the two"
        if self.is_set("solution"):
            return "this cell is both a task and a solution: it is one of the two"
        return ""


def entries(module: Module) -> Iterable[Entry]:
    """The entries of a course module's cells, in order."""
    return _entries(module).values()


def entry_of(module: Module, cell: Cell) -> Entry | None:
    """The entry of a cell, or None where it has none."""
    return _entries(module).get(cell.index)


def _entries(module: Module) -> dict[int, Entry]:
    if "entries" not in module.memo:
        cells = [cell for cell in module.document.cells if KEY in cell.metadata]
        wanted = cells if cells and is_course_module(module) else []
        module.memo["entries"] = {cell.index: _entry(module, cell) for cell in wanted}
    found: dict[int, Entry] = module.memo["entries"]
    return found


def _entry(module: Module, cell: Cell) -> Entry:
    old = cell.nbgrader or {}
    return Entry(
        cell=cell,
        old=old,
        plain=plain(old),
        meant=misspelt(old),
        refusals=refusals(cell.metadata[KEY], cell.kind),
        doubled=doubled_keys(module.document, cell),
        optional=module.settings.nbgrader.optional,
    )
