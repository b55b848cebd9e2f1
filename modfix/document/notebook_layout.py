"""Cells of a notebook: their places in the JSON text, and edits as changes of that text.

What an edit does not name keeps every byte: indentation, order of keys, escapes, outputs.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from modfix.document.cell import Cell
from modfix.document.edit import (
    CellEdit,
    Edit,
    InsertCell,
    MetadataEdit,
    MetadataRemoval,
    RemoveCell,
    Replacement,
    SplitCell,
    TextEdit,
    UnsoundEdit,
)
from modfix.document.json_style import JsonStyle, source_lines
from modfix.document.json_text import Member, skip_blank
from modfix.document.new_cell import new_cell_value
from modfix.document.notebook import Notebook, Parts, read_notebook, source_offsets
from modfix.document.notebook_edits import notebook_replacements


@dataclass(frozen=True)
class NotebookLayout:
    """A notebook as JSON text and cells."""

    text: str
    notebook: Notebook

    @classmethod
    def read(cls, text: str) -> NotebookLayout:
        """Read the JSON text of a notebook. Raises JsonFault where it is none."""
        return cls(text, read_notebook(text))

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells, in order."""
        return self.notebook.cells

    @cached_property
    def style(self) -> JsonStyle:
        """How the file writes its JSON."""
        return JsonStyle(self.text)

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def place(self, cell: int, offset: int | None) -> tuple[int, int, int]:
        """Where an offset in a cell stands (see `Layout.place`): the line of the JSON file."""
        parts = self.notebook.parts[cell]
        if offset is None:
            member = parts.members.get("metadata")
            return (*self._position(member.start if member else parts.start), 0)
        at = self._offsets(cell)[offset]
        return (*self._position(at), self.cells[cell].source.count("\n", 0, offset) + 1)

    @cached_property
    def _last_offsets(self) -> dict[int, list[int]]:
        return {}

    def _offsets(self, cell: int) -> list[int]:
        """The offsets of a cell. PERF: a cell with thousands of findings is asked for as often."""
        if (offsets := self._last_offsets.get(cell)) is None:
            offsets = source_offsets(self.text, self.notebook.parts[cell])
            self._last_offsets.clear()
            self._last_offsets[cell] = offsets
        return offsets

    def _position(self, at: int) -> tuple[int, int]:
        line = bisect.bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1

    def cell_at(self, line: int) -> tuple[Cell, int] | None:
        """The cell that holds a line of the file and the line within it."""
        for cell, parts in zip(reversed(self.cells), reversed(self.notebook.parts), strict=True):
            if self._position(parts.start)[0] <= line:
                before = (self._position(s.start)[0] < line for s in parts.strings)
                return cell, sum(before) + 1
        return None

    def obstacle(self, edits: Sequence[Edit]) -> str:
        """Why edits cannot be made: every edit can."""
        return ""

    @property
    def every(self) -> tuple[Parts, ...]:
        """The parts of each cell."""
        return self.notebook.parts

    def replacements(self, edits: Sequence[CellEdit]) -> list[Replacement]:
        """The changes of the text that edits of one fix ask for."""
        return notebook_replacements(self, edits)

    def replacement(self, edit: CellEdit) -> Replacement:
        """The change of the text that an edit asks for which shares its place with no other."""
        match edit:
            case TextEdit():
                return self._text(edit)
            case MetadataEdit():
                return self._metadata(edit)
            case MetadataRemoval():
                return self._without(edit)
            case InsertCell():
                return self._insertion(edit)
            case RemoveCell():
                return self._removal(edit)
            case SplitCell():
                return notebook_replacements(self, [edit])[0]

    def _text(self, edit: TextEdit) -> Replacement:
        parts = self.notebook.parts[edit.cell]
        if self.rewrites(edit):
            source = parts.text[: edit.start] + edit.text + parts.text[edit.end :]
            return self.whole_text(parts, source)
        offsets = source_offsets(self.text, parts)
        start, end = offsets[edit.start], offsets[edit.end]
        return Replacement(start, end, self._encoded(parts, edit.text))

    def rewrites(self, edit: TextEdit) -> bool:
        """Whether an edit writes the whole source: there is none to begin with, or it touches what
        tells nbformat 3 how to join the lines, the first one."""
        parts = self.every[edit.cell]
        if not parts.strings:
            return True
        if self.notebook.major > 3 or parts.quoted or len(parts.strings) == 1:
            return False
        return edit.start <= len(str(parts.strings[0].value))

    def _encoded(self, parts: Parts, text: str) -> str:
        """Text as it stands inside the strings of a source; each line a string of its own."""
        newline = "" if parts.unended else "\\n"
        if not parts.quoted:
            newline += f'",{self._between(parts)}"'
        return newline.join(self.style.quoted(line)[1:-1] for line in text.split("\n"))

    def _between(self, parts: Parts) -> str:
        """The white space between two strings of a source."""
        if len(parts.strings) > 1:
            gap = self.text[parts.strings[0].end : parts.strings[1].start]
            return gap.partition(",")[2]
        assert parts.source is not None
        if not self.style.indent:
            return self.style.gap
        return self.text[parts.source.start + 1 : parts.strings[0].start]

    def whole_text(self, parts: Parts, text: str) -> Replacement:
        """The source of a cell, written as one."""
        if parts.source is None:
            key = "input" if self.notebook.major == 3 and self._is_code(parts) else "source"
            return self.new_members(parts.start, {key: source_lines(text)})
        return Replacement(parts.source.start, parts.source.end, self.source_value(parts, text))

    def _is_code(self, parts: Parts) -> bool:
        member = parts.members.get("cell_type")
        return member is not None and member.value.value == "code"

    def new_members(self, start: int, values: Mapping[str, object]) -> Replacement:
        """Members in front of those of the object that begins at an offset, written as they are."""
        first = skip_blank(self.text, start + 1)
        gap = self.text[start + 1 : first]
        comma = "," if gap else self.style.comma
        depth = self.style.depth(start) + 1
        added = [
            f'{gap}"{key}"{self.style.colon}{self.style.dumped(value, depth)}'
            for key, value in values.items()
        ]
        if self.text[first] != "}":
            added.append("")  # the others follow
        return Replacement(start + 1, start + 1, comma.join(added))

    def _metadata(self, edit: MetadataEdit) -> Replacement:
        parts = self.notebook.parts[edit.cell]
        whole = parts.members.get("metadata")
        if whole is None or not isinstance(whole.value.value, tuple):
            return self._new_metadata(parts, whole, edit)
        depth = self.style.depth(whole.start)
        for member in reversed(whole.value.value):
            if member.key == edit.key:
                text = self.style.dumped(edit.value, depth + 1)
                return Replacement(member.value.start, member.value.end, text)
        return self._added(whole, edit, depth)

    def _without(self, edit: MetadataRemoval) -> Replacement:
        whole, key = self.notebook.parts[edit.cell].members.get("metadata"), edit.key
        members = whole.value.value if whole is not None else ()
        at = (
            [n for n, m in enumerate(members) if m.key == key] if isinstance(members, tuple) else []
        )
        if whole is None or not isinstance(members, tuple) or len(at) != 1:
            raise UnsoundEdit(f"takes `{key}` from metadata that does not have it once")
        number = at[0]
        if len(members) == 1:
            return Replacement(whole.value.start, whole.value.end, "{}")
        if number == 0:
            return Replacement(members[0].start, members[1].start, "")
        return Replacement(members[number - 1].value.end, members[number].value.end, "")

    def _added(self, whole: Member, edit: MetadataEdit, depth: int) -> Replacement:
        members = whole.value.value
        assert isinstance(members, tuple)
        if not members:
            text = self.style.dumped({edit.key: edit.value}, depth)
            return Replacement(whole.value.start, whole.value.end, text)
        last = members[-1].value.end
        gap = f"\n{self.style.indent * (depth + 1)}" if self.style.indent else self.style.gap
        value = self.style.dumped(edit.value, depth + 1)
        text = f',{gap}"{edit.key}"{self.style.colon}{value}'
        return Replacement(last, last, text)

    def _new_metadata(self, parts: Parts, whole: Member | None, edit: MetadataEdit) -> Replacement:
        value = {edit.key: edit.value}
        if whole is not None:
            text = self.style.dumped(value, self.style.depth(whole.start))
            return Replacement(whole.value.start, whole.value.end, text)
        return self.new_members(parts.start, {"metadata": value})

    def source_value(self, parts: Parts, text: str) -> str:
        """A source as the cell writes it: one string, or a list of lines."""
        assert parts.source is not None
        if parts.quoted:
            return self.style.quoted(text)
        return self.style.lines(text, self.style.depth(parts.source.start))

    def piece(self, split: SplitCell, number: int, source: str) -> str:
        """The cell that a split begins, the `number`th (from 0) of its cell's, with what parts it
        from the cell before."""
        parts = self.every[split.cell]
        origin = f"{split.cell}.{number}" if number else str(split.cell)
        cell = self._new_cell("code", source, split.metadata, origin, parts)
        return f",{self._gap(parts)}{cell}"

    def _insertion(self, edit: InsertCell) -> Replacement:
        every = self.every
        if not every:
            start = self.notebook.list_start
            value = new_cell_value(self.notebook, edit.kind, edit.source, edit.metadata, "-1")
            end = self.text.index("]", start) + 1
            return Replacement(start, end, f"[{self.style.flat(value)}]")
        parts = every[max(edit.after, 0)]
        block = self._new_cell(edit.kind, edit.source, edit.metadata, str(edit.after), parts)
        if edit.after < 0:
            return Replacement(parts.start, parts.start, f"{block},{self._gap(parts)}")
        return Replacement(parts.end, parts.end, f",{self._gap(parts)}{block}")

    def _removal(self, edit: RemoveCell) -> Replacement:
        """A cell that others follow; see `notebook_edits` for the last of a list."""
        return Replacement(self.every[edit.cell].start, self.every[edit.cell + 1].start, "")

    def _gap(self, parts: Parts) -> str:
        """The white space before a cell of the list."""
        if not self.style.indent:
            return self.style.gap
        return "\n" + self.style.indent * self.style.depth(parts.start)

    def _new_cell(
        self, kind: str, source: str, metadata: Mapping[str, object], origin: str, parts: Parts
    ) -> str:
        value = new_cell_value(self.notebook, kind, source, metadata, origin)
        return self.style.dumped(value, self.style.depth(parts.start))
