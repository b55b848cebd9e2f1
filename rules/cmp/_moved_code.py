"""Moves lines of code to another indentation; what stands inside of strings stays as it is."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from modfix.syntax.module import CodeCell
from modfix.syntax.nodes import children


def walk(root: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A node and all that it holds, parents first, in the order of the text."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(list(children(node))))


def line_start(source: str, offset: int) -> int:
    """Where the line of an offset begins."""
    return source.rfind("\n", 0, offset) + 1


def line_end(source: str, offset: int) -> int:
    """Where the line of an offset ends, its newline excluded."""
    end = source.find("\n", offset)
    return len(source) if end < 0 else end


def block_end(source: str, end: int) -> int:
    """Where a block at the top level ends whose last statement ends at `end`.

    Indented comments below the last statement belong to the block.
    """
    end = at = line_end(source, end)
    while at < len(source):
        following = line_end(source, at + 1)
        line = source[at + 1 : following]
        if line.strip() and not (line[0].isspace() and line.lstrip().startswith("#")):
            break
        at = following
        end = at if line.strip() else end
    return end


def moved(cell: CodeCell, start: int, end: int, old: str, new: str) -> str:
    """The text from `start` (a line's start) to `end`, its indentation `old` replaced by `new`.

    Lines that begin inside a string belong to its value and are not touched.
    """
    inside = string_lines(cell)
    lines, at = [], start
    for line in cell.source[start:end].split("\n"):
        keeps = at in inside or not line.strip()
        lines.append(line if keeps else new + line.removeprefix(old))
        at += len(line) + 1
    return "\n".join(lines)


def string_lines(cell: CodeCell) -> frozenset[int]:
    """The offsets of the lines of a cell that begin inside a string."""
    assert cell.tree is not None
    found: set[int] = set()
    for node in walk(cell.tree):
        if not isinstance(node, (cst.SimpleString, cst.FormattedString)):
            continue
        start, end = cell.span(node)
        at = line_end(cell.source, start) + 1
        while at <= end:
            found.add(at)
            at = line_end(cell.source, at) + 1
    return frozenset(found)
