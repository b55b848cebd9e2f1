"""The edits after which a test runs once: its repeats go, and prints around them move along."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from modfix.rule import CodeCell, Edit, Module, Statement, TextEdit

from ._calls import ModuleCall, calls_of
from ._extent import comments_start, extent_end, line_end, line_start, removal
from ._guarding import head_end, spaced
from ._placing import destination, has_magics, insertion
from ._repeats import Repeat


def removing(module: Module, top: Statement, gone: Sequence[Repeat]) -> tuple[Edit, ...]:
    """The edits that take the repeats out of one top-level statement; none if that is not safe.

    A guard that holds only repeats and prints is a tail around them: its last repeat (the
    module's integration test if that is among them) takes the prints to the first call's place.
    """
    cell = module.cell(top.cell)
    elsewhere = any(repeat.first.top.cell != top.cell for repeat in gone)
    if has_magics(cell) or (elsewhere and (cell.cell.nbgrader or {}).get("grade")):
        return ()
    calls = [repeat.again.statement for repeat in gone]
    left = _others(top.body, calls)
    if top.kind == "block" and not _is_all(module, top, gone):
        return ()
    if not left:
        return removal(module, cell, (top,))
    tail = all(_announces(module, statement) for statement in left)
    return (tail and _moved(module, top, gone)) or (_shortened(cell, top, calls),)


def _is_all(module: Module, top: Statement, gone: Sequence[Repeat]) -> bool:
    """Whether the repeats are all that a guard on one line holds."""
    return len(list(calls_of(module, top))) == len(gone)


def _others(statements: Iterable[Statement], gone: Collection[Statement | None]) -> list[Statement]:
    """The statements without some of them. PERF: these very ones; comparing them is dear."""
    numbers = set(map(id, gone))
    return [statement for statement in statements if id(statement) not in numbers]


def _announces(module: Module, statement: Statement) -> bool:
    """Whether a statement of a tail only prints, and nothing of the module's."""
    prints = statement.kind == "call" and statement.call == "print"
    own = statement.reads & module.definitions.keys()
    return statement.kind == "string" or (prints and not own)


def _moved(module: Module, tail: Statement, gone: Sequence[Repeat]) -> tuple[Edit, ...]:
    """Put the tail in the place of the first call; nothing where its lines do not fit there."""
    named = [repeat for repeat in gone if repeat.again.name == module.settings.names.integration]
    kept = (named or list(gone))[-1]
    others = [repeat.again.statement for repeat in gone if repeat is not kept]
    cell, first = module.cell(tail.cell), kept.first
    if first.top.cell == tail.cell:
        alone = first.bare or [first.statement] == list(first.top.body)
        shorter = (_shortened(cell, tail, others),) if others else ()
        return (*removal(module, cell, (first.top,)), *shorter) if alone else ()
    block = _block(module, tail, first, _without(cell, tail, others))
    if not block:
        return ()
    return *_placed(module, first, block), *removal(module, cell, (tail,))


def _block(module: Module, tail: Statement, first: ModuleCall, text: str) -> str:
    """The guard that runs the first call with the prints of the tail; "" if they do not fit."""
    cell, home = module.cell(tail.cell), module.cell(first.top.cell)
    start = line_start(cell.source, tail.start)
    if first.bare:
        return _trailing_comment(home, first.top) + text
    if first.statement is None or _depth(home, first.top) != _depth(cell, tail):
        return ""
    body = text[head_end(cell, tail) + 1 - start :]
    source, guard = home.source, line_start(home.source, first.top.start)
    before = source[guard : line_start(source, first.statement.start)]
    after = source[line_end(source, first.statement.end) : extent_end(home, first.top)]
    return before + body + after


def _depth(cell: CodeCell, guard: Statement) -> int:
    start = guard.body[0].start
    return start - line_start(cell.source, start)


def _trailing_comment(cell: CodeCell, call: Statement) -> str:
    rest = cell.source[call.end : line_end(cell.source, call.end)].lstrip("; \t")
    return f"{rest}\n" if rest else ""


def _placed(module: Module, first: ModuleCall, block: str) -> tuple[Edit, ...]:
    home = module.cell(first.top.cell)
    start, end = line_start(home.source, first.top.start), extent_end(home, first.top)
    after = destination(module, first.top, first.name)
    if after is None:
        return (spaced(home, start, end, block),)
    comments = home.source[comments_start(home, first.top, module) : start]
    place = insertion(module.cell(after.cell), after, comments + block)
    return place, *removal(module, home, (first.top,))


def _shortened(cell: CodeCell, guard: Statement, gone: Collection[Statement | None]) -> TextEdit:
    start, end = line_start(cell.source, guard.start), extent_end(cell, guard)
    return TextEdit(cell.index, start, end, _without(cell, guard, gone))


def _without(cell: CodeCell, guard: Statement, gone: Collection[Statement | None]) -> str:
    """The lines of a guard without those of some of its statements."""
    source, parts, numbers = cell.source, [], set(map(id, gone))
    at, end = line_start(source, guard.start), extent_end(cell, guard)
    for statement in guard.body:
        if id(statement) in numbers:
            stop = line_end(source, statement.end)
            alone = not source[stop + 1 : line_end(source, stop + 1)].strip().strip("#")
            begin = statement.lead if alone else line_start(source, statement.start)
            parts.append(source[at:begin])
            at = min(stop + 1, end)
    return "".join([*parts, source[at:end]]).rstrip()
