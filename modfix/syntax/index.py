"""Builds a `Module`: each code cell parsed, its top-level statements read."""

from __future__ import annotations

import ast
import bisect
from collections.abc import Sequence
from dataclasses import replace

import libcst as cst

from modfix.document.cell import Cell
from modfix.document.document import Document
from modfix.settings import Settings
from modfix.syntax.logical_lines import line_starts
from modfix.syntax.mask import cell_language
from modfix.syntax.mentions import (
    mentions_in,
    running_in_the_module,
    runs_indented,
    with_mentions,
)
from modfix.syntax.module import CodeCell, Module, Statement, StatementKind, SyntaxFault
from modfix.syntax.names import NameUse, name_use
from modfix.syntax.parse import Parsed, parse_cell


def read_module(document: Document, settings: Settings, cache: dict[str, CodeCell]) -> Module:
    """Parse every code cell of a document.

    `cache` maps sources to cells that were parsed before; a fix round hands in that of the last
    round, so that only changed cells are parsed again.
    """
    cells = tuple(_read(cell, cache) for cell in document.cells if cell.kind == "code")
    return Module(document, settings, running_in_the_module(cells))


def _read(cell: Cell, cache: dict[str, CodeCell]) -> CodeCell:
    known = cache.get(cell.source)
    if known is not None:
        return moved(known, cell)
    read = _parse(cell)
    cache[cell.source] = read
    return read


def moved(known: CodeCell, cell: Cell) -> CodeCell:
    """The same parsed source as another cell of the document."""
    if known.cell == cell:
        return known
    statements = tuple(_renumbered(statement, cell.index) for statement in known.statements)
    mentions = tuple(_renumbered(each, cell.index) for each in known.mentions)
    return CodeCell(cell, known.tree, statements, known.fault, mentions)


def _renumbered(statement: Statement, cell: int) -> Statement:
    body = tuple(_renumbered(inner, cell) for inner in statement.body)
    return replace(statement, cell=cell, body=body)


def _parse(cell: Cell) -> CodeCell:
    if cell_language(cell.source):
        return CodeCell(cell, None, (), None, mentions_in(cell))
    parsed = parse_cell(cell.source)
    if isinstance(parsed, SyntaxFault):
        fault = None if runs_indented(cell.source) else parsed
        return CodeCell(cell, None, (), fault, mentions_in(cell))
    return CodeCell(
        cell, parsed.tree, _Reader(cell, parsed).statements(parsed.tree.body, parsed.statements)
    )


class _Reader:
    """Reads the statements of one cell."""

    def __init__(self, cell: Cell, parsed: Parsed) -> None:
        self.cell = cell
        self.masked = parsed.masked_lines
        self.offsets = line_starts(parsed.text)
        ends = [*self.offsets[1:], len(parsed.text)]
        self.lines = [parsed.text[at:end] for at, end in zip(self.offsets, ends, strict=True)]

    def statements(
        self, nodes: Sequence[cst.CSTNode], plain: list[ast.stmt]
    ) -> tuple[Statement, ...]:
        """Pair LibCST's statements with CPython's, which know their lines."""
        found, at = [], 0
        for number, node in enumerate(nodes):
            width = len(node.body) if isinstance(node, cst.SimpleStatementLine) else 1
            first, last = plain[at], plain[at + width - 1]
            at += width
            found.append(self._statement(number, node, first, last))
        return tuple(found)

    def _statement(
        self, number: int, node: cst.CSTNode, first: ast.stmt, last: ast.stmt
    ) -> Statement:
        start = self._start(first)
        end = self._end(last)
        names = self._names(node, first, last)
        kind = "magic" if first.lineno in self.masked else statement_kind(node)
        call, plain = _called(node) if kind == "call" else ("", False)
        return Statement(
            cell=self.cell.index,
            number=number,
            kind=kind,
            start=start,
            end=end,
            lead=self._lead(start),
            binds=names.binds,
            reads=names.reads,
            later=names.later,
            node=node,
            call=call,
            plain_call=plain,
            body=self._guarded(node, first) if kind == "guard" else (),
        )

    def _names(self, node: cst.CSTNode, first: ast.stmt, last: ast.stmt) -> NameUse:
        """The names that a statement uses, with those that IPython's lines in it mention."""
        names = name_use(node)
        inside = range(first.lineno, (last.end_lineno or last.lineno) + 1)
        if self.masked.isdisjoint(inside):
            return names
        return with_mentions(names, node, self.cell.source, self.masked.intersection(inside))

    def _guarded(self, node: cst.CSTNode, plain: ast.stmt) -> tuple[Statement, ...]:
        assert isinstance(node, cst.If) and isinstance(plain, ast.If)
        return self.statements(node.body.body, plain.body)

    def _start(self, first: ast.stmt) -> int:
        decorators: list[ast.expr] = getattr(first, "decorator_list", [])
        if decorators:
            line = self.lines[decorators[0].lineno - 1]
            return self.offsets[decorators[0].lineno - 1] + line.index("@")
        return self._offset(first.lineno, first.col_offset)

    def _end(self, last: ast.stmt) -> int:
        """The end of a statement; one that ends with a line of IPython's ends with that line."""
        line = last.end_lineno or last.lineno
        if line not in self.masked:
            return self._offset(line, last.end_col_offset or 0)
        while line + 1 in self.masked and self.lines[line].startswith("#"):
            line += 1  # what a backslash continues is hidden as a comment
        return self.offsets[line - 1] + len(self.lines[line - 1].rstrip())

    def _offset(self, line: int, column: int) -> int:
        text = self.lines[line - 1]
        if not text.isascii():
            column = len(text.encode()[:column].decode())
        return self.offsets[line - 1] + column

    def _lead(self, start: int) -> int:
        """Where the comments directly above begin; directives are the cell's, not a statement's."""
        line = bisect.bisect_right(self.offsets, start) - 1
        lead = self.offsets[line]
        while line > 0:
            above = self.lines[line - 1].strip()
            if not above.startswith("#") or above.replace(" ", "").startswith("#|"):
                break
            line -= 1
            lead = self.offsets[line]
        return lead


_COMPOUND = (cst.If, cst.For, cst.While, cst.With, cst.Try, cst.TryStar, cst.Match)
_SMALL: dict[type[cst.CSTNode], StatementKind] = {
    cst.Import: "import",
    cst.ImportFrom: "import",
    cst.Assign: "assign",
    cst.AnnAssign: "assign",
    cst.AugAssign: "assign",
}


def statement_kind(node: cst.CSTNode) -> StatementKind:
    """What a top-level statement is."""
    if isinstance(node, cst.SimpleStatementLine):
        return _small_kind(node.body[0]) if len(node.body) == 1 else "other"
    if isinstance(node, cst.FunctionDef):
        return "function"
    if isinstance(node, cst.ClassDef):
        return "class"
    if isinstance(node, cst.If) and is_main_test(node.test):
        return "guard" if isinstance(node.body, cst.IndentedBlock) and not node.orelse else "block"
    return "block" if isinstance(node, _COMPOUND) else "other"


def _small_kind(node: cst.CSTNode) -> StatementKind:
    if isinstance(node, cst.Expr):
        if isinstance(node.value, cst.Call):
            return "call"
        if isinstance(node.value, (cst.SimpleString, cst.ConcatenatedString)):
            return "string"
    return _SMALL.get(type(node), "other")


def is_main_test(test: cst.BaseExpression) -> bool:
    """Whether an expression is `__name__ == "__main__"`, either way round."""
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
        return False
    only = test.comparisons[0]
    if not isinstance(only.operator, cst.Equal):
        return False
    sides = (test.left, only.comparator)
    names = [side.value for side in sides if isinstance(side, cst.Name)]
    texts = [side.evaluated_value for side in sides if isinstance(side, cst.SimpleString)]
    return names == ["__name__"] and texts == ["__main__"]


def _called(node: cst.CSTNode) -> tuple[str, bool]:
    assert isinstance(node, cst.SimpleStatementLine) and isinstance(node.body[0], cst.Expr)
    call = node.body[0].value
    assert isinstance(call, cst.Call)
    return dotted_name(call.func), not call.args


def dotted_name(node: cst.CSTNode) -> str:
    """`a.b.c` for a chain of attributes on a name; "" for anything else."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return ""
    return ".".join([node.value, *reversed(parts)])
