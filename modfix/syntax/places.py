"""Offsets of CPython's nodes, which know lines and columns in bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modfix.syntax.logical_lines import line_starts

if TYPE_CHECKING:
    import ast


class Places:
    """The lines of a text (`starts` are their offsets), and where nodes begin and end in it."""

    __slots__ = ("_ascii", "lines", "starts")

    def __init__(self, text: str) -> None:
        self.starts = line_starts(text)
        ends = [*self.starts[1:], len(text)]
        self.lines = [text[at:end] for at, end in zip(self.starts, ends, strict=True)]
        self._ascii = text.isascii()

    def offset(self, line: int, column: int) -> int:
        """The offset of a line, from 1, and a column in bytes of UTF-8, from 0."""
        if not self._ascii:
            text = self.lines[line - 1]
            if not text.isascii():
                column = len(text.encode()[:column].decode())
        return self.starts[line - 1] + column

    def start(self, node: ast.stmt | ast.expr) -> int:
        """Where a node begins, without the decorators of a definition."""
        return self.offset(node.lineno, node.col_offset)

    def end(self, node: ast.stmt | ast.expr) -> int:
        """Where a node ends."""
        return self.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
