"""Names in what is not Python: IPython's lines, other languages, cells that do not parse.

`%timeit f()`, `!echo {x}` and a `%%bash` cell can need what the module defines. Nothing tells
which of their words are names, so every word counts as read: a fix that would remove what a later
line mentions is then not safe.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from dataclasses import replace

from modfix.document.cell import Cell
from modfix.syntax.logical_lines import line_starts
from modfix.syntax.mask import cell_language, masked
from modfix.syntax.module import CodeCell, Statement
from modfix.syntax.parse import is_python
from modfix.syntax.scopes import NameUse
from modfix.syntax.trees import Trees

_WORD = re.compile(r"[^\W\d]\w*")
_PROSE = frozenset({"html", "javascript", "js", "latex", "markdown", "svg"})
_RUN_INSIDE = re.compile(r"^[ \t]*%run[ \t][^\n]*-i\b", re.MULTILINE)


def words(text: str) -> frozenset[str]:
    """Every word that could be a name."""
    return frozenset(_WORD.findall(text))


def mentions_in(cell: Cell) -> tuple[Statement, ...]:
    """One statement that reads every word of a cell without a tree; none for prose (`%%html`)."""
    if cell_language(cell.source).lower() in _PROSE:
        return ()
    length = len(cell.source)
    none = frozenset[str]()
    trees = Trees("pass", "pass")  # it is no statement of Python's
    said = words(cell.source)
    return (Statement(cell.index, 0, "magic", 0, length, 0, none, said, none, trees, (0,)),)


def with_mentions(names: NameUse, source: str, lines: Iterable[int], *, later: bool) -> NameUse:
    """The names of a statement and the words of IPython's lines (from 1) in it.

    They are read `later` in a function.
    """
    starts = [*line_starts(source), len(source)]
    said = words("\n".join(source[starts[line - 1] : starts[line]] for line in lines)) - names.binds
    if later:
        return NameUse(names.binds, names.reads, names.later | said)
    return NameUse(names.binds, names.reads | said, names.later)


def runs_indented(source: str) -> bool:
    """Whether a cell is Python for IPython, which takes off an indent that all lines share."""
    text = textwrap.dedent(source)
    return text != source and is_python(masked(text)[0])


def running_in_the_module(cells: tuple[CodeCell, ...]) -> tuple[CodeCell, ...]:
    """The cells; `%run -i` runs a script that may read anything that the module binds."""
    if not any("%run" in cell.source and _RUN_INSIDE.search(cell.source) for cell in cells):
        return cells
    every = frozenset(name for cell in cells for s in cell.statements for name in s.binds)
    return tuple(
        _reading(cell, every) if _RUN_INSIDE.search(cell.source) else cell for cell in cells
    )


def _reading(cell: CodeCell, names: frozenset[str]) -> CodeCell:
    statements = tuple(
        replace(each, reads=each.reads | names) if each.kind == "magic" else each
        for each in cell.statements
    )
    return replace(cell, statements=statements)
