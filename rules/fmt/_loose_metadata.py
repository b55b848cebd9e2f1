"""nbgrader metadata as authors write it by hand, where only one reading is possible.

Quotes of any kind, true and false in any case, commas too many or missing, other brackets or
`dict(…)`, and braces missing at either end. Nothing is guessed: what else is wrong makes it
unreadable.
"""

from __future__ import annotations

import json
import re

from modfix.nbgrader.schema import KNOWN

_STRING = re.compile(r"[\"“”„]([^\"“”„\\]*)[\"“”„]|['‘’]([^'‘’\\]*)['‘’]")
_OPENING = re.compile(r"(?:dict\s*)?[{(\[]")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_WORD = re.compile(r"[A-Za-z_]+")
_BLANK = re.compile(r"\s*")
_WORDS = {"true": True, "false": False, "null": None, "none": None}


class _Unreadable(ValueError):
    """Text that is not one object of plain values."""


def read_loosely(text: str, at: int) -> tuple[dict[str, object], int] | None:
    """The object that begins at an offset and the offset behind it, or None.

    All of its keys must be nbgrader's: else it is hardly its metadata.
    """
    try:
        value, end = _object(text, at)
    except _Unreadable:
        return None
    return (value, end) if value and value.keys() <= KNOWN else None


def _object(text: str, at: int) -> tuple[dict[str, object], int]:
    found: dict[str, object] = {}
    opening = _OPENING.match(text, at)
    at = _skip(text, opening.end() if opening else at)
    while at < len(text) and text[at] not in "})]":
        key, at = _key(text, at)
        at = _skip(text, at)
        if text[at : at + 1] not in (":", "=") or key in found:
            raise _Unreadable
        found[key], at = _value(text, _skip(text, at + 1))
        at = _skip(text, at)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
    return found, min(at + 1, len(text))


def _key(text: str, at: int) -> tuple[str, int]:
    match = _STRING.match(text, at) or _WORD.match(text, at)
    if match is None:
        raise _Unreadable
    return _content(match), match.end()


def _value(text: str, at: int) -> tuple[object, int]:
    if match := _STRING.match(text, at):
        return _content(match), match.end()
    if match := _NUMBER.match(text, at):
        return json.loads(match[0]), match.end()
    match = _WORD.match(text, at)
    if match is None or match[0].lower() not in _WORDS:
        raise _Unreadable
    return _WORDS[match[0].lower()], match.end()


def _content(match: re.Match[str]) -> str:
    groups = [group for group in match.groups() if group is not None]
    return groups[0] if groups else match[0]


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at
