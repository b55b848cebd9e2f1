"""How cells lie in a file: what percent scripts and notebooks have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from modfix.document.cell import Cell
from modfix.document.edit import CellEdit, Edit, Replacement


class Layout(Protocol):
    """The cells of one text, their places, and what an edit comes down to in it."""

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells, in order."""

    def obstacle(self, edits: Sequence[Edit]) -> str:
        """Why the edits of a fix cannot be made in a file of this format, or ""."""

    def replacements(self, edits: Sequence[CellEdit]) -> list[Replacement]:
        """The changes of the text that edits which belong together ask for, in any order.

        Raises UnsoundEdit for edits that cannot be made, alone or together.
        """

    def place(self, cell: int, offset: int | None) -> tuple[int, int, int]:
        """Where an offset in a cell stands: line of the file, column, line of the cell; from 1.

        None means the cell's marker (in a notebook its metadata), whose line in the cell is 0.
        """

    def cell_at(self, line: int) -> tuple[Cell, int] | None:
        """The cell that holds a line of the file (from 1) and the line within it (from 1)."""
