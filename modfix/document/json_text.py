"""JSON with places: where each member and element stands in the text.

Only the structure down to a cell's members is walked here; every other value is one call of the
C decoder, so that a megabyte of images costs nothing. Each value is decoded once.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping

from msgspec import Struct

_BLANKS = " \t\n\r"
_BLANK = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


class JsonFault(ValueError):
    """Text that is not JSON: `message` says why, `at` is the offset, `todo` what helps."""

    def __init__(
        self, message: str, at: int, todo: str = "mend the JSON there, or restore the file"
    ) -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.todo = todo


class Value(Struct, frozen=True):
    """A value and the offsets of its text."""

    value: object
    start: int
    end: int


class Member(Struct, frozen=True):
    """A member of an object: its key, where the key begins, and its value."""

    key: str
    start: int
    value: Value


Reader = Callable[[str, int], Value]


def read_value(text: str, at: int) -> Value:
    """Any value, decoded at once."""
    try:
        value, end = _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        raise JsonFault(error.msg, error.pos) from None
    except RecursionError:
        raise JsonFault("nested too deeply", at) from None
    except ValueError:  # CPython converts no longer ones (`sys.set_int_max_str_digits`)
        digits = f"{sys.get_int_max_str_digits():,}"
        raise JsonFault(f"a whole number of more than {digits} digits", at) from None
    return Value(value, at, end)


def read_members(text: str, at: int, readers: Mapping[str, Reader]) -> Value:
    """An object as a tuple of members; `readers` says how to read the values of some keys."""
    start, members = at, []
    at = _expect(text, at, "{")
    while text[at : at + 1] != "}":
        key = read_value(text, at)
        if not isinstance(key.value, str):
            raise JsonFault("Expecting property name enclosed in double quotes", at)
        at = _expect(text, _skip(text, key.end), ":")
        value = readers.get(key.value, read_value)(text, at)
        members.append(Member(key.value, key.start, value))
        at = _separator(text, value.end, "}")
    return Value(tuple(members), start, at + 1)


def read_elements(text: str, at: int, reader: Reader) -> Value:
    """An array as a tuple of values, each read by `reader`."""
    start, elements = at, []
    at = _expect(text, at, "[")
    while text[at : at + 1] != "]":
        element = reader(text, at)
        elements.append(element)
        at = _separator(text, element.end, "]")
    return Value(tuple(elements), start, at + 1)


def skip_blank(text: str, at: int = 0) -> int:
    """The offset of the next character that is not white space."""
    return _skip(text, at)


def _skip(text: str, at: int) -> int:
    if text[at : at + 1] not in _BLANKS:  # PERF: mostly so, and a match costs three times as much
        return at
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _expect(text: str, at: int, char: str) -> int:
    if text[at : at + 1] != char:
        raise JsonFault(f"Expecting '{char}'", at)
    return _skip(text, at + 1)


def _separator(text: str, at: int, closing: str) -> int:
    """Past a comma to the next value, or to the closing bracket."""
    at = _skip(text, at)
    if text[at : at + 1] == closing:
        return at
    following = _expect(text, at, ",")
    if text[following : following + 1] == closing:
        raise JsonFault("Illegal trailing comma", at)
    return following
