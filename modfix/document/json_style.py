"""How a JSON file is written: its indentation and escapes, and values in the same style."""

from __future__ import annotations

import json
import re
from functools import cached_property

_INDENT = re.compile(r"[{\[]\n( +|\t+)")
_AFTER_NEWLINE = re.compile(r"(?<=\n)")
# A string, or a comma or colon of the structure with the blank behind it.
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|([,:])([ \t]*)')
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class JsonStyle:
    """The style of one JSON text."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def indent(self) -> str:
        """One step of the file's indentation; "" for a file that has none."""
        match = _INDENT.search(self._text)
        return match[1] if match else ""

    @cached_property
    def _escapes(self) -> bool:
        """Whether the file escapes letters beyond ASCII."""
        return self._text.isascii() and "\\u" in self._text

    @cached_property
    def comma(self) -> str:
        """What parts members and elements that stand on one line: `, ` or `,`."""
        return "," + self._behind(",")

    @cached_property
    def colon(self) -> str:
        """What parts a key from its value: `: ` or `:`."""
        return ":" + self._behind(":")

    def _behind(self, mark: str) -> str:
        """The blank behind the first of these marks, one where there is none of them."""
        found = (match[2] for match in _TOKEN.finditer(self._text) if match[1] == mark)
        return next(found, " ")

    @property
    def gap(self) -> str:
        """The blank behind a comma on one line."""
        return self.comma[1:]

    def depth(self, at: int) -> int:
        """How many steps the line that holds an offset is indented."""
        start = self._text.rfind("\n", 0, at) + 1
        line = self._text[start:at]
        blank = line[: len(line) - len(line.lstrip())]
        return len(blank) // len(self.indent) if self.indent else 0

    def quoted(self, text: str) -> str:
        """A JSON string."""
        return _encodable(json.dumps(text, ensure_ascii=self._escapes))

    def dumped(self, value: object, depth: int) -> str:
        """A value as a member at a depth of indentation."""
        if not self.indent:
            return self.flat(value)
        marks = (",", self.colon)
        text = json.dumps(value, ensure_ascii=self._escapes, indent=self.indent, separators=marks)
        return _encodable(text.replace("\n", "\n" + self.indent * depth))

    def flat(self, value: object) -> str:
        """A value on one line."""
        marks = (self.comma, self.colon)
        return _encodable(json.dumps(value, ensure_ascii=self._escapes, separators=marks))

    def lines(self, source: str, depth: int) -> str:
        """A source as a list of its lines."""
        return self.dumped(source_lines(source), depth)


def source_lines(source: str) -> list[str]:
    """The lines of a source with their line ends.

    NOTE: only newlines end a line. nbformat also splits at form feeds and Unicode's separators,
    and its reader of format 3 then takes the pieces for lines that lack their ends.
    """
    return [line for line in _AFTER_NEWLINE.split(source) if line]


def _encodable(text: str) -> str:
    """Half a surrogate pair can stand in a file only as an escape."""
    return _LONE_SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
