"""The `>>>` examples of docstrings, read as code."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst
from msgspec import Struct

from modfix.rule import CodeCell
from modfix.syntax.module import SyntaxFault
from modfix.syntax.parse import parse_cell
from modfix.syntax.spans import node_spans

from ._moved_code import walk
from ._scopes import Place, Text

_PROMPT = re.compile(r"^[ \t]*(>>>|\.\.\.)(?: |$)", re.MULTILINE)


class Line(Struct, frozen=True):
    """One line of an example, without its prompt; `offset` is its place in the cell's source."""

    code: str
    offset: int


Example = list[Line]


def docstring_texts(cell: CodeCell) -> Iterator[Text]:
    """The examples of each docstring of a cell as one piece of code; unreadable ones left out."""
    for examples in _docstrings(cell):
        lines = [line for example in examples if _reads(example) for line in example]
        parsed = parse_cell("\n".join(line.code for line in lines))
        if lines and not isinstance(parsed, SyntaxFault):
            yield _text(cell, lines, parsed.tree)


def unreadable_examples(cell: CodeCell, name: str) -> Iterator[Place]:
    """The places of examples that mention a name and are not Python."""
    word = re.compile(rf"\b{re.escape(name)}\b")
    for examples in _docstrings(cell):
        for example in examples:
            hits = [(line, word.search(line.code)) for line in example]
            if not _reads(example):
                yield from ((cell.index, line.offset + hit.start()) for line, hit in hits if hit)


def _reads(example: Example) -> bool:
    return not isinstance(parse_cell("\n".join(line.code for line in example)), SyntaxFault)


def _docstrings(cell: CodeCell) -> Iterator[list[Example]]:
    assert cell.tree is not None
    if ">>>" not in cell.source:
        return
    for node in walk(cell.tree):
        if isinstance(node, cst.Expr) and isinstance(node.value, cst.SimpleString):
            start, end = cell.span(node.value)
            quotes = len(node.value.prefix) + len(node.value.quote)
            yield _examples(cell.source, start + quotes, end - len(node.value.quote))


def _examples(source: str, start: int, end: int) -> list[Example]:
    found: list[Example] = []
    at, follows = start, False
    for text in source[start:end].split("\n"):
        prompt = _PROMPT.match(text)
        if prompt is not None and (follows or prompt[1] == ">>>"):
            line = Line(text[prompt.end() :], at + prompt.end())
            if prompt[1] == ">>>":
                found.append([])
            found[-1].append(line)
        follows = prompt is not None and (follows or prompt[1] == ">>>")
        at += len(text) + 1
    return found


def _text(cell: CodeCell, lines: list[Line], tree: cst.Module) -> Text:
    spans = node_spans(tree)
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line.code) + 1

    def place(offset: int) -> int:
        number = max(n for n, start in enumerate(starts) if start <= offset)
        return lines[number].offset + offset - starts[number]

    def span(node: cst.CSTNode) -> tuple[int, int]:
        start, end = spans[id(node)]
        return place(start), place(end)

    return Text(cell.index, tree, span, docstring=True)
