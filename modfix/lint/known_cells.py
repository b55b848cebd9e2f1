"""What the cells of a module say, kept from one run to the next: after a change of one cell, only
that one is read again.

A cell is known by its text, for one state of modfix's code; nothing else has a say in the facts.
They are kept for the modules that people are working on: a run over many files leaves them alone.
"""

from __future__ import annotations

import os
from zlib import crc32

from msgspec import Struct

from modfix.document.document import Document
from modfix.kept import read_kept, write_kept
from modfix.lint.cache_folder import CELLS, prune_cells
from modfix.syntax.facts import SourceFacts
from modfix.syntax.index import Facts

FEW = 16  # files of one run, up to which they look like somebody's work
_MOST_BYTES = 2 * 2**20  # of a module's facts


class KeptCells(Struct, frozen=True, array_like=True):
    """The facts of a module's cells by their sources, for one state of the code."""

    code: str
    facts: dict[str, SourceFacts]


class KnownCells:
    """The kept facts of one folder ("": none are kept) for one state of the code."""

    def __init__(self, folder: str, code: str) -> None:
        self.folder = folder if code else ""
        self.code = code

    def facts(self, document: Document) -> Facts:
        """What is known of a module's cells, by their sources."""
        kept = read_kept(self._path(document), KeptCells) if self.folder else None
        return dict(kept.facts) if kept is not None and kept.code == self.code else {}

    def keep(self, document: Document, facts: Facts) -> None:
        """Keep the facts of the cells that a module has now."""
        sources = {cell.source for cell in document.cells if cell.kind == "code"}
        now = {source: said for source, said in facts.items() if source in sources}
        if not self.folder or not now:
            return
        if write_kept(self._path(document), KeptCells(self.code, now), most=_MOST_BYTES):
            prune_cells(self.folder)

    def _path(self, document: Document) -> str:
        """The file of a module. That two may share one does no harm: facts go by the text."""
        absolute = os.path.abspath(document.path)  # noqa: PTH100
        return f"{self.folder}/{crc32(absolute.encode(errors='replace')):08x}{CELLS}"


NO_CELLS = KnownCells("", "")
