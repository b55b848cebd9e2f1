"""A document as a program that Python can run, and the way back from its lines to cells.

A percent script is its own program, byte for byte. Of a notebook the code cells are, one below the
other, with what only IPython understands put out of the way.
"""

from __future__ import annotations

import ast
import bisect
from dataclasses import dataclass
from functools import cached_property

from modfix.document.cell import Cell
from modfix.document.document import Document
from modfix.syntax.mask import cell_language, masked
from modfix.verify.verdict import Place
from modfix.warned import unheard


@dataclass(frozen=True)
class Program:
    """A program's file name and bytes.

    `starts` are the lines (from 1) at which the code cells of a notebook begin in it, with the
    cell; None for a percent script, whose lines are those of the file.
    """

    document: Document
    name: str
    data: bytes
    starts: tuple[tuple[int, Cell], ...] | None

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the program."""
        if self.starts is None:
            return self.document.text.split("\n")
        return self.data.decode().split("\n")

    def line(self, number: int) -> str:
        """A line of the program without its indentation; "" beyond its end."""
        return self.lines[number - 1].strip() if 0 < number <= len(self.lines) else ""

    def place(self, line: int | None) -> Place | None:
        """The place of a line of the program; None for none, or one that is in no cell."""
        if line is None:
            return None
        at = self._cell_at(line)
        return None if at is None else self.place_in(*at)

    def place_in(self, cell: Cell, line: int) -> Place:
        """The place of a line of a cell."""
        before = cell.source.split("\n")[: line - 1]
        offset = min(sum(len(each) + 1 for each in before), len(cell.source))
        return Place(cell.index, cell.id, line, self.document.place(cell.index, offset)[0])

    def marker(self, cell: Cell) -> Place:
        """The place of a cell's marker (before the first marker: of the cell's first line)."""
        line, _, within = self.document.place(cell.index, None)
        return Place(cell.index, cell.id, within, line)

    @cached_property
    def kernels_own(self) -> Place | None:
        """Where a notebook awaits something outside of functions, which only a kernel runs."""
        if self.starts is None:
            return None
        for _, cell in self.starts:
            line = _top_level_await(python_source(cell.source))
            if line is not None:
                return self.place_in(cell, line)
        return None

    def _cell_at(self, line: int) -> tuple[Cell, int] | None:
        if self.starts is None:
            return self.document.cell_at(line)
        at = bisect.bisect_right([start for start, _ in self.starts], line) - 1
        if at < 0:
            return None
        start, cell = self.starts[at]
        return cell, line - start + 1


def program_of(document: Document) -> Program:
    """The program that a document is, or comes to."""
    name = document.path.resolve().name
    if document.is_python:
        return Program(document, name, document.to_bytes(), None)
    lines: list[str] = []
    starts = []
    for cell in document.cells:
        if cell.kind == "code":
            starts.append((len(lines) + 1, cell))
            lines += [*python_source(cell.source).split("\n"), ""]
    data = "\n".join(lines).encode("utf-8", errors="replace")
    return Program(document, f"{document.path.resolve().stem}.py", data, tuple(starts))


def python_source(source: str) -> str:
    """The source of a code cell with what is not Python put out of the way, line by line."""
    if cell_language(source):
        return "\n".join(f"# {line}" for line in source.split("\n"))
    return source if python_tree(source) else masked(source)[0]


def python_tree(source: str) -> ast.Module | None:
    """The syntax tree of a text, or None where it is no Python."""
    with unheard():
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _top_level_await(source: str) -> int | None:
    """The line of an `await`, `async for` or `async with` outside of functions, or None."""
    tree = python_tree(source) if "await" in source or "async" in source else None
    if tree is None:
        return None
    with unheard():
        try:
            compile(tree, "<cell>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return getattr(error, "lineno", None) if _awaits(tree) else None
    return None


def _awaits(tree: ast.Module) -> bool:
    """Whether a text that does not compile does so where `await` is allowed everywhere."""
    try:
        compile(tree, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
