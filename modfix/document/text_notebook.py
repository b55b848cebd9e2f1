"""Reads a notebook in one of jupytext's other text formats: its cells, and where they stand.

What the cells are is jupytext's word. Their lines are then found again in the file, one after the
other; a cell whose lines all stand there, next to each other, has the file's text as its source
and can be edited.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from modfix.document.cell import Cell, CellKind
from modfix.document.percent import Lines
from modfix.document.text_formats import script_format
from modfix.warned import unheard

_MAGIC = re.compile(r"%%\w")


class UnreadableText(ValueError):
    """jupytext cannot read the text; the message says why."""


class Found(Struct, frozen=True):
    """The cells of a text, the numbers of the file's lines that each line of a cell stands on, and
    the cells whose source is the very text of the file."""

    cells: tuple[Cell, ...]
    lines: tuple[tuple[int, ...], ...]
    verbatim: frozenset[int]


def read_text_notebook(text: str, suffix: str) -> Found:
    """Read a text as jupytext reads files of this suffix. Raises UnreadableText."""
    finder = _Finder(Lines.of(text))
    cells = jupytext_cells(text, suffix)
    added = script_format(text) == "sphinx"  # jupytext puts `%matplotlib inline` in front
    for cell in cells[added:]:
        finder.add(cell.cell_type, cell.source, dict(cell.metadata))
    return Found(tuple(finder.cells), tuple(finder.places), frozenset(finder.verbatim))


def jupytext_cells(text: str, suffix: str) -> Sequence[Any]:
    """The cells as jupytext has them. Raises UnreadableText."""
    import jupytext  # PERF: heavy, and only these formats need it
    import yaml
    from jupytext.cell_metadata import RMarkdownOptionParsingError
    from jupytext.myst import MystMetadataParsingError
    from nbformat import ValidationError

    failures = (
        *(ValueError, TypeError, KeyError, AttributeError, IndexError),
        *(OSError, RecursionError),
    )
    others = (yaml.YAMLError, MystMetadataParsingError, RMarkdownOptionParsingError)
    invalid = (ValidationError,)
    try:
        with unheard():
            cells: Sequence[Any] = jupytext.reads(text, fmt={"extension": suffix}).cells
    except (*failures, *others, *invalid) as error:
        why = next(iter(str(error).splitlines()), "") or type(error).__name__
        raise UnreadableText(f"jupytext: {why}") from error
    return cells


class _Finder:
    """Finds cells in the lines of a file, each behind the one before it."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.cells: list[Cell] = []
        self.places: list[tuple[int, ...]] = []
        self.verbatim: set[int] = set()
        self._next = 0

    def add(self, kind: CellKind, source: str, metadata: dict[str, object]) -> None:
        """Take in the next cell."""
        wanted = source.split("\n") if source else []
        first = self._find(wanted)
        if first is None and self._add_below_magic(kind, wanted, metadata):
            return
        if first is None:
            self._add_elsewhere(kind, source, metadata)
            return
        self._add_verbatim(kind, first, first + len(wanted), metadata)

    def _find(self, wanted: list[str]) -> int | None:
        """The line from which on the lines of a cell stand next to each other."""
        if not wanted:
            return self._next
        last = len(self.lines.lines) - len(wanted)
        for first in range(self._next, last + 1):
            if all(map(_same, self.lines.lines[first : first + len(wanted)], wanted)):
                return first
        return None

    def _add_verbatim(
        self, kind: CellKind, first: int, stop: int, metadata: dict[str, object]
    ) -> None:
        self.verbatim.add(len(self.cells))
        self.places.append(
            tuple(self.lines.number(line) for line in range(first, max(stop, first + 1)))
        )
        self._append(kind, self.lines.source(first, stop), metadata, first)
        self._next = stop

    def _add_below_magic(
        self, kind: CellKind, wanted: list[str], metadata: dict[str, object]
    ) -> bool:
        """Take in a cell whose language is a magic (`%%R`) for jupytext, and that of a block in
        the file: the magic stands on the line that opens the block."""
        first = self._find(wanted[1:]) if wanted[1:] and _MAGIC.match(wanted[0]) else None
        if not first:
            return False
        stop = first + len(wanted) - 1
        self.places.append(tuple(self.lines.number(line) for line in range(first - 1, stop)))
        self._append(kind, "\n".join(wanted), metadata, first)
        self._next = stop
        return True

    def _add_elsewhere(self, kind: CellKind, source: str, metadata: dict[str, object]) -> None:
        """A cell that jupytext has changed: each of its lines at the next that ends like it."""
        places, at = [], self._next
        for line in source.split("\n"):
            found = self._next_ending(line.strip(), at)
            at = at if found is None else found
            places.append(self.lines.number(min(at, max(len(self.lines.lines) - 1, 0))))
            at += found is not None
        self.places.append(tuple(places))
        self._append(kind, source, metadata, self._next)
        self._next = min(at, len(self.lines.lines))

    def _next_ending(self, text: str, at: int) -> int | None:
        if not text:
            return None
        return next(
            (n for n in range(at, len(self.lines.lines)) if text in self.lines.lines[n]), None
        )

    def _append(self, kind: CellKind, source: str, metadata: dict[str, object], first: int) -> None:
        start = self.lines.starts[first]
        self.cells.append(
            Cell(
                index=len(self.cells),
                kind=kind,
                source=source,
                metadata=metadata,
                line=self.places[-1][0],
                start=start,
                end=start + len(source),
                block_start=start,
                block_end=start + len(source),
                marker=None,
            )
        )


def _same(line: str, wanted: str) -> bool:
    """Whether a line of the file is a line of a cell, comment sign and all or without it."""
    if line == wanted:
        return True
    bare = line.lstrip()
    if not bare.startswith("#"):
        return False
    indent = line[: len(line) - len(bare)]
    return wanted in (indent + bare[1:], indent + bare[1:].removeprefix(" "))
