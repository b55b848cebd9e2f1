"""Which statements of a cell go under a guard together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modfix.rule import CodeCell, Module, Statement
from modfix.syntax.module import matches

from ._needs import is_star_import
from ._outside import needing, public_names

Stretch = tuple[int, int]  # the numbers of the first and the last of neighbouring statements


def stretches(
    module: Module, cell: CodeCell, working: Sequence[Statement], setup: tuple[str, ...]
) -> tuple[Stretch, ...]:
    """What goes under guards: from the first statement that works to the last, a stretch for
    each run of statements without a definition.

    The assignments and imports directly above that only these statements need belong to them,
    with set-up calls (`setup`, patterns) in between, and so does what stands below and reads the
    names that they bind.
    """
    found = tuple((part[0], part[-1]) for part in _parts(cell, working))
    while (wider := tuple(_wider(module, cell, found, each, setup) for each in found)) != found:
        found = wider
    return found


def statements_of(cell: CodeCell, found: Sequence[Stretch]) -> list[Statement]:
    """The statements of some stretches."""
    return [s for first, last in found for s in cell.statements[first : last + 1]]


def _parts(cell: CodeCell, working: Sequence[Statement]) -> Iterator[list[int]]:
    """The numbers of the working statements, a list for each run without a definition."""
    part: list[int] = []
    for statement in cell.statements:
        if statement.kind in ("function", "class"):
            if part:
                yield part
            part = []
        elif statement in working:
            part.append(statement.number)
    if part:
        yield part


def _wider(
    module: Module,
    cell: CodeCell,
    found: Sequence[Stretch],
    stretch: Stretch,
    setup: tuple[str, ...],
) -> Stretch:
    inside = statements_of(cell, found)
    read = {name for statement in inside for name in statement.reads | statement.later}
    bound = {name for statement in inside for name in statement.binds}
    first, last = stretch
    for above in reversed(cell.statements[:first]):
        if _serves_only(module, above, inside, read):
            return above.number, last
        if above.kind != "string" and not (above.kind == "call" and matches(above.call, setup)):
            break
    below = cell.statements[last + 1 : last + 2]
    if below and below[0].kind in ("assign", "other", "string") and below[0].reads & bound:
        return first, last + 1
    return stretch


def _serves_only(
    module: Module, statement: Statement, inside: Sequence[Statement], read: set[str]
) -> bool:
    """Whether statements need an assignment or an import that nothing else needs."""
    if statement.kind not in ("assign", "import") or not statement.binds & read:
        return False
    if is_star_import(statement) or public_names(module, (statement,)):
        return False
    return not any(needing(module, name, (statement, *inside)) for name in statement.binds)
