"""Where a statement begins and ends as lines of its cell, and what it takes to cut it out."""

from __future__ import annotations

from collections.abc import Collection

from modfix.rule import CodeCell, Edit, Module, RemoveCell, Statement, TextEdit

_REGIONS = ("HIDDEN TESTS", "MARK SCHEME")


def line_start(source: str, offset: int) -> int:
    """The offset at which the line of `offset` begins."""
    return source.rfind("\n", 0, offset) + 1


def line_end(source: str, offset: int) -> int:
    """The offset at which the line of `offset` ends, before its newline."""
    end = source.find("\n", offset)
    return len(source) if end < 0 else end


def extent_end(cell: CodeCell, statement: Statement) -> int:
    """The end of the last line of a top-level statement.

    A comment on that line belongs to it, and so do indented comments below it: they are the end
    of its body, such as nbgrader's `### END SOLUTION`.
    """
    source = cell.source
    end = at = line_end(source, statement.end)
    while at < len(source):
        stop = line_end(source, at + 1)
        line = source[at + 1 : stop]
        if line.strip():
            if not (line[0] in " \t" and line.lstrip().startswith("#")):
                break
            end = stop
        at = stop
    return end


def has_region_marker(text: str, module: Module) -> bool:
    """Whether a text holds a line that begins or ends one of nbgrader's regions."""
    names = module.settings.nbgrader
    return any(mark in text for mark in (names.begin_solution, names.end_solution, *_REGIONS))


def in_open_region(above: str, module: Module) -> bool:
    """Whether a region is open at the end of a text: what goes in there is cleared on release."""
    names = module.settings.nbgrader
    others = ((f"BEGIN {name}", f"END {name}") for name in _REGIONS)
    pairs = ((names.begin_solution, names.end_solution), *others)
    return any(above.count(begin) > above.count(end) for begin, end in pairs)


def comments_start(cell: CodeCell, statement: Statement, module: Module) -> int:
    """Where the comments directly above begin, if they are the statement's own to take along."""
    start = line_start(cell.source, statement.start)
    above = cell.source[statement.lead : start]
    own = not has_region_marker(above, module) and not _speaks_for_more(above, cell, statement)
    return statement.lead if own else start


def _speaks_for_more(above: str, cell: CodeCell, statement: Statement) -> bool:
    """Whether a suppression above a statement covers the whole cell, or the whole file."""
    first = statement is cell.statements[0] and len(cell.statements) > 1
    return "modfix: ignore-file" in above or (first and "modfix: ignore" in above)


def removal(module: Module, cell: CodeCell, gone: Collection[Statement]) -> tuple[Edit, ...]:
    """The edits that take statements out of a cell, or the whole cell where nothing is left."""
    spans = [_span(module, cell, statement) for statement in gone]
    rest, at = [], 0
    for start, end in sorted([*spans, *((d.start, d.end) for d in cell.directives)]):
        rest.append(cell.source[at:start])
        at = max(at, end)
    if not "".join([*rest, cell.source[at:]]).strip():
        return (RemoveCell(cell.index),)
    return tuple(_cut(cell, start, end) for start, end in spans)


def _span(module: Module, cell: CodeCell, statement: Statement) -> tuple[int, int]:
    return comments_start(cell, statement, module), extent_end(cell, statement)


def _cut(cell: CodeCell, start: int, end: int) -> TextEdit:
    """Cut whole lines, with the blank lines below, or those above at the end of the cell."""
    source = cell.source
    if source[end:].strip():
        below = len(source[end:]) - len(source[end:].lstrip())
        return TextEdit(cell.index, start, line_start(source, end + below), "")
    return TextEdit(cell.index, len(source[:start].rstrip()), len(source), "")
