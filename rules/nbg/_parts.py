"""A code cell, or one of the parts that a mixed cell is split into."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from modfix.document.directives import Directive
from modfix.rule import CodeCell, Module, Statement

from ._regions import Region, all_regions
from ._roles import Role, statement_roles, test_names

EXPORTING = frozenset({"export", "exports", "exporti", "exec_export"})


@dataclass(frozen=True)
class Part:
    """Consecutive statements of a code cell and their range in its source.

    `role` is None for a whole cell. `runs` says that the part runs a test of its own: of the
    parts of one cell that define and call a test, that is the one that calls it.
    """

    cell: CodeCell
    statements: tuple[Statement, ...]
    start: int
    end: int
    role: Role | None = None
    runs: frozenset[str] = frozenset()

    @property
    def source(self) -> str:
        """The text of the part."""
        return self.cell.source[self.start : self.end]

    @property
    def exported(self) -> bool:
        """Whether nbdev exports it. The test part of an exported cell is not exported."""
        return self.cell.exported and self.role != "test"


def whole(module: Module, cell: CodeCell) -> Part:
    """The cell as one part."""
    tests = test_names(module, cell)
    return Part(cell, cell.statements, 0, len(cell.source), runs=tests)


def split(module: Module, cell: CodeCell) -> tuple[Part, ...]:
    """The parts of a mixed cell, in order; () for a cell that is not mixed."""
    roles = statement_roles(module, cell)
    if not roles:
        return ()
    filled = _filled(roles)
    first = [0, *(at for at in range(1, len(filled)) if filled[at] != filled[at - 1])]
    bounds = [0, *(_cut(module, cell, at) for at in first[1:]), len(cell.source)]
    groups = [cell.statements[a:b] for a, b in pairwise([*first, len(filled)])]
    kinds = [filled[at] for at in first]
    homes = _homes(test_names(module, cell), groups, kinds)
    return tuple(
        Part(cell, group, bounds[n], bounds[n + 1], kinds[n], homes[n])
        for n, group in enumerate(groups)
    )


def cut_fault(module: Module, parts: tuple[Part, ...]) -> str:
    """Why a cell must not be cut into these parts, or ""."""
    cell = parts[0].cell
    if cell.source.lstrip().startswith("%%"):
        return "its cell magic is for all of it"
    regions = all_regions(module, cell.source)
    if not all(region.closed for region in regions):
        return "one of its regions has no end"
    for part in parts[1:]:
        if any(_inside(part.start, region) for region in regions):
            return "one region goes over both"
        if part.role == "test" and stray_directives(part):
            return "a directive further down would export the test"
    return ""


def becomes_exported(parts: tuple[Part, ...]) -> bool:
    """Whether a directive that nbdev did not see would be the first line of a part."""
    return not parts[0].cell.exported and any(stray_directives(part) for part in parts[1:])


def stray_directives(part: Part) -> list[Directive]:
    """Exporting directives that are not at the top of the cell but would be so in a later part."""
    first = part.statements[0].start
    return [
        directive
        for directive in part.cell.directives
        if directive.name in EXPORTING and part.start <= directive.start < first
    ]


def _filled(roles: tuple[Role | None, ...]) -> list[Role]:
    """Every statement's role: that of the one before it, at the top that of the first with one."""
    current = next(role for role in roles if role is not None)
    filled: list[Role] = []
    for role in roles:
        current = role or current
        filled.append(current)
    return filled


def _cut(module: Module, cell: CodeCell, number: int) -> int:
    """Where to cut before a statement: with its comments and directives, behind what ends above."""
    before, statement = cell.statements[number - 1], cell.statements[number]
    earliest = cell.source.index("\n", before.end) + 1
    cut = _own_comments(cell.source, max(statement.lead, earliest), statement.start)
    for directive in cell.directives:
        if earliest <= directive.start < cut:
            cut = directive.start
            break
    for region in all_regions(module, cell.source):
        if _inside(cut, region) and region.end < statement.start:
            cut = cell.source.index("\n", region.end) + 1
    return cut


def _own_comments(source: str, start: int, end: int) -> int:
    """Where the comments begin that are not indented: indented ones belong to the block above."""
    at = start
    while (line_end := source.find("\n", start, end)) >= 0:
        if not source.startswith("#", start):
            at = line_end + 1
        start = line_end + 1
    return at


def _inside(offset: int, region: Region) -> bool:
    return region.start < offset <= region.end


def _homes(
    tests: frozenset[str], groups: list[tuple[Statement, ...]], kinds: list[Role]
) -> list[frozenset[str]]:
    """For each part the tests that run in it; one that nothing calls counts where it stands."""
    homes: list[set[str]] = [set() for _ in groups]
    places = [n for n, kind in enumerate(kinds) if kind == "test"]
    for name in tests:
        defined = [n for n in places if any(s.name == name for s in groups[n])]
        called = [n for n in places if any(name in s.reads for s in groups[n])]
        homes[min(called, default=defined[-1])].add(name)
    return [frozenset(home) for home in homes]
