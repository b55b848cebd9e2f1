"""Cells of a notebook in another text format than percent: read through jupytext, never written
through it. An edit is made where it is one of the text of a cell that stands in the file to the
letter, and where reading the result again gives that cell and all others unchanged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modfix.document.cell import Cell
from modfix.document.edit import CellEdit, Edit, Replacement, TextEdit, UnsoundEdit
from modfix.document.text_notebook import Found, UnreadableText, read_text_notebook

_WHY = (
    "a notebook in this text format is changed only inside its code cells; convert it with "
    "`jupytext --to py:percent`, repair that and convert it back"
)


@dataclass(frozen=True)
class TextLayout:
    """A text and its cells; `suffix` is the one under which jupytext reads it."""

    text: str
    suffix: str
    found: Found

    @classmethod
    def read(cls, text: str, suffix: str) -> TextLayout:
        """Read a text. Raises UnreadableText where jupytext cannot."""
        return cls(text, suffix, read_text_notebook(text, suffix))

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells, in order."""
        return self.found.cells

    def place(self, cell: int, offset: int | None) -> tuple[int, int, int]:
        """Where an offset in a cell stands (see `Layout.place`)."""
        lines = self.found.lines[cell]
        if offset is None:
            return lines[0], 1, 1
        at = self.cells[cell]
        number = at.source.count("\n", 0, offset)
        if cell in self.found.verbatim:
            place = at.start + offset
            column = place - self.text.rfind("\n", 0, place)
        else:
            column = offset - at.source.rfind("\n", 0, offset)
        return lines[min(number, len(lines) - 1)], column, number + 1

    def cell_at(self, line: int) -> tuple[Cell, int] | None:
        """The cell that holds a line of the file and the line within it."""
        for cell, lines in zip(reversed(self.cells), reversed(self.found.lines), strict=True):
            if line >= lines[0]:
                return cell, sum(each <= line for each in lines)
        return None

    def obstacle(self, edits: Sequence[Edit]) -> str:
        """Why edits cannot be made without loss, or ""."""
        try:
            replaced = sorted((self.replacement(edit) for edit in edits), key=lambda e: e.start)
        except UnsoundEdit:
            return _WHY
        parts, done = [], 0
        for each in replaced:
            parts += [self.text[done : each.start], each.text]
            done = max(done, each.end)
        try:
            after = read_text_notebook("".join([*parts, self.text[done:]]), self.suffix)
        except UnreadableText:
            return _WHY
        return "" if _contents(after.cells) == self._wanted(edits) else _WHY

    def _wanted(self, edits: Sequence[Edit]) -> list[tuple[str, str, object]]:
        sources = [cell.source for cell in self.cells]
        for edit in sorted(edits, key=lambda e: getattr(e, "start", 0), reverse=True):
            assert isinstance(edit, TextEdit)
            source = sources[edit.cell]
            sources[edit.cell] = source[: edit.start] + edit.text + source[edit.end :]
        pairs = zip(self.cells, sources, strict=True)
        return [(cell.kind, source, cell.metadata) for cell, source in pairs]

    def replacements(self, edits: Sequence[CellEdit]) -> list[Replacement]:
        """The changes of the text that edits of one fix ask for."""
        return [self.replacement(edit) for edit in edits]

    def replacement(self, edit: Edit) -> Replacement:
        """The change of the text that an edit asks for. Raises UnsoundEdit for others than text."""
        if not isinstance(edit, TextEdit) or edit.cell not in self.found.verbatim:
            raise UnsoundEdit(_WHY)
        start = self.cells[edit.cell].start
        return Replacement(start + edit.start, start + edit.end, edit.text)


def _contents(cells: Sequence[Cell]) -> list[tuple[str, str, object]]:
    return [(cell.kind, cell.source, cell.metadata) for cell in cells]
