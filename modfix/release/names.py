"""Released code that cannot run: it does not parse, or needs names that only solutions define."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from modfix.document.document import Document
from modfix.nbgrader.kinds import is_grade
from modfix.release.problem import Grade, Problem
from modfix.release.student import ReleasedCell, StudentVersion
from modfix.settings import Settings
from modfix.syntax.module import CodeCell, Module, Statement

_SHOWN = 3


class Parsed(Struct, frozen=True):
    """The instructor's module and the students', each with its index of names."""

    version: StudentVersion
    before: Module
    after: Module


def parsed(version: StudentVersion, release: Document, settings: Settings) -> Parsed:
    """Parse both. `release` has the cells of the version's document, cleared."""
    from modfix.syntax.index import read_module  # PERF: it needs LibCST

    cache: dict[str, CodeCell] = {}
    before = read_module(version.document, settings, cache)
    return Parsed(version, before, read_module(release, settings, cache))


def unparsable(both: Parsed) -> Iterator[Problem]:
    """Cells that do not parse as students get them.

    An error where the clearing is to blame; a warning where the instructor's cell does not parse
    either, which may be what it is to show.
    """
    for before, after in zip(both.before.cells, both.after.cells, strict=True):
        if after.fault is None:
            continue
        released = both.version.cells[after.index]
        line = after.source.count("\n", 0, after.fault.offset) + 1
        text = f"what is released of this cell does not parse: {after.fault.message}"
        grade: Grade = "error" if before.fault is None else "warning"
        todo = "give the markers of its regions the indentation of the code that they stand for"
        if before.fault is not None:
            todo = "mend the cell, or leave it if it is to show that"
        yield Problem(grade, text, todo, after.index, _nearest_offset(released, line))


def _nearest_offset(released: ReleasedCell, line: int) -> int | None:
    """Where a line of the release, or the last one before it that is no stub, comes from."""
    origins = [each.origin for each in released.cleared.lines[:line] if each.origin]
    return released.offset(origins[-1] if origins else 1)


def lost_names(both: Parsed) -> Iterator[Problem]:
    """Names that visible code needs and nothing visible defines, by the cell that defined them.

    A name that students are to write themselves may well be used by the tests: it is told only
    where nothing that they see says what to call it, or where it is imported in the solution.
    """
    visible = set(both.after.definitions)
    needed = _needed(both.after)
    told = _mentioned(both.version)
    for cell in both.before.cells:
        released = both.version.cells[cell.index]
        if not released.changed:
            continue
        lost = [
            (name, statement)
            for statement in cell.statements
            for name in sorted(statement.binds - visible)
            if name in needed and _matters(name, statement, needed[name], told, both)
        ]
        if lost:
            yield _lost(lost, released, needed, both)


def _needed(module: Module) -> dict[str, list[Statement]]:
    """The statements that read each name, now or when a function of theirs is called."""
    found: dict[str, list[Statement]] = {}
    for statement in module.statements:
        for name in statement.reads | statement.later:
            found.setdefault(name, []).append(statement)
    return found


def _matters(
    name: str,
    statement: Statement,
    users: Sequence[Statement],
    told: str,
    both: Parsed,
) -> bool:
    if statement.kind == "import":
        return True
    if any(not is_grade(both.version.cells[user.cell].cell.nbgrader) for user in users):
        return True
    return name not in told


def _mentioned(version: StudentVersion) -> str:
    """All that students see beside the code of tests: prose, and code that is not graded."""
    seen = (c for c in version.cells if not is_grade(c.cell.nbgrader) or c.cell.kind != "code")
    return "\n".join(cell.source for cell in seen)


def _lost(
    lost: Sequence[tuple[str, Statement]],
    released: ReleasedCell,
    needed: dict[str, list[Statement]],
    both: Parsed,
) -> Problem:
    names = list(dict.fromkeys(name for name, _ in lost))
    user = needed[names[0]][0]
    line = _line_of(user, both)
    shown = ", ".join(f"`{name}`" for name in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    blank = "this cell is released blank: students lose"
    alone = "only a solution defines"
    how = blank if released.cleared.blanked else alone
    text = f"{how} {shown}{more}, which visible code needs (first at line {line})"
    offset = None if released.cleared.blanked else lost[0][1].start
    todo = "move them out of the region" if offset is not None else "mark the region that is theirs"
    return Problem("warning", text, todo, released.cell.index, offset)


def _line_of(user: Statement, both: Parsed) -> int:
    released = both.version.cells[user.cell]
    source = both.after.document.cells[user.cell].source
    offset = _nearest_offset(released, source.count("\n", 0, user.start) + 1)
    return both.version.document.place(user.cell, offset)[0]
