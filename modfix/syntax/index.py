"""Builds a `Module`: what each code cell's source says, put in the cell's place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from modfix.document.cell import Cell
from modfix.document.document import Document
from modfix.settings import Settings
from modfix.syntax.facts import SourceFacts, StatementFacts
from modfix.syntax.language import is_python, speaks_python
from modfix.syntax.mask import masked
from modfix.syntax.mentions import mentions_in, running_in_the_module
from modfix.syntax.module import CodeCell, Module, Statement, SyntaxFault
from modfix.syntax.reading import read_source
from modfix.syntax.trees import TreeFault, Trees

if TYPE_CHECKING:
    import libcst as cst


Facts = dict[str, SourceFacts]  # of what sources say


def read_module(
    document: Document,
    settings: Settings,
    cache: dict[str, CodeCell],
    facts: Facts | None = None,
) -> Module:
    """Read every code cell of a document.

    `cache` maps sources to cells that were read before; a fix round hands in that of the last
    round, so that only changed cells are read again. `facts` hold what is known of sources from an
    earlier run, and get what is read now.
    """
    known = {} if facts is None else facts
    python = speaks_python(document)
    cells = (cell for cell in document.cells if cell.kind == "code")
    read = tuple(_read(cell, cache, known, python) for cell in cells)
    return Module(document, settings, running_in_the_module(read))


def without_tree(module: Module, fault: TreeFault, cache: dict[str, CodeCell]) -> Module:
    """The module with the cells of a source that LibCST cannot read as cells with a fault."""
    known = cache[fault.source]
    mentions = mentions_in(known.cell)
    cache[fault.source] = CodeCell(known.cell, None, (), fault.fault, mentions=mentions)
    return read_module(module.document, module.settings, cache)


def _read(cell: Cell, cache: dict[str, CodeCell], facts: Facts, python: bool) -> CodeCell:
    """One cell. `python` says what it is in where it does not say that itself."""
    own = is_python(cell)
    if not (python if own is None else own):
        return CodeCell(cell, None, (), mentions=mentions_in(cell))
    known = cache.get(cell.source)
    if known is not None:
        return moved(known, cell)
    said = facts.get(cell.source)
    read = cache[cell.source] = _fresh(cell, facts) if said is None else _known(cell, said)
    return read


def moved(known: CodeCell, cell: Cell) -> CodeCell:
    """The same source as another cell of the document."""
    if known.cell == cell:
        return known
    if known.cell.index == cell.index:
        return replace(known, cell=cell)
    statements = tuple(_renumbered(statement, cell.index) for statement in known.statements)
    mentions = tuple(_renumbered(each, cell.index) for each in known.mentions)
    return replace(known, cell=cell, statements=statements, mentions=mentions)


def _renumbered(statement: Statement, cell: int) -> Statement:
    body = tuple(_renumbered(inner, cell) for inner in statement.body)
    return replace(statement, cell=cell, body=body)


def _fresh(cell: Cell, facts: Facts) -> CodeCell:
    """A cell whose source is read now."""
    facts[cell.source], plain = read_source(cell.source)
    text = plain.text if plain else cell.source
    return code_cell(cell, facts[cell.source], Trees(cell.source, text))


def _known(cell: Cell, facts: SourceFacts) -> CodeCell:
    """A cell of which an earlier run knows what its source says."""
    text = masked(cell.source)[0] if facts.masked else cell.source
    return code_cell(cell, facts, Trees(cell.source, text))


def code_cell(cell: Cell, facts: SourceFacts, trees: Trees) -> CodeCell:
    """A cell of which the facts are known."""
    if facts.foreign:
        return CodeCell(cell, None, (), mentions=mentions_in(cell))
    if facts.fault:
        fault = SyntaxFault(facts.fault, facts.fault_at)
        return CodeCell(cell, None, (), fault, mentions=mentions_in(cell))
    statements = _statements(cell, facts.statements, trees, ())
    return CodeCell(cell, trees, statements, masked=facts.masked)


def _statements(
    cell: Cell, facts: Iterable[StatementFacts], trees: Trees, path: tuple[int, ...]
) -> tuple[Statement, ...]:
    return tuple(
        Statement(
            cell=cell.index,
            number=number,
            kind=each.kind,
            start=each.start,
            end=each.end,
            lead=each.lead,
            binds=each.binds,
            reads=each.reads,
            later=each.later,
            trees=trees,
            path=(*path, number),
            name=each.name,
            decorators=each.decorators,
            takes_arguments=each.takes_arguments,
            call=each.call,
            plain_call=each.plain_call,
            effects=each.effects,
            body=_statements(cell, each.body, trees, (*path, number)) if each.body else (),
        )
        for number, each in enumerate(facts)
    )


def dotted_name(node: cst.CSTNode) -> str:
    """`a.b.c` for a chain of attributes on a name; "" for anything else."""
    import libcst as cst

    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return ""
    return ".".join([node.value, *reversed(parts)])
