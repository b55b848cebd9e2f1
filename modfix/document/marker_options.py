"""The options of a marker line, each with the place of its value.

`read_pairs` reads `key=value key=value`, from the right as jupytext's `parse_key_equal_value`
does; `read_object` reads the one object of the older form, as its `relax_json_loads`.
"""

from __future__ import annotations

import ast
import json
import re
from string import ascii_letters, digits

from modfix.document.cell import Option
from modfix.document.literal_ends import LiteralEnds

UNREADABLE = "incorrectly_encoded_metadata"

_IDENTIFIER = re.compile(r"[a-zA-Z_\.]+[a-zA-Z0-9_\.]*")
_KEY_LETTERS = frozenset(ascii_letters + digits + "_.@/-")
_SHORT = 200  # characters that are parsed as they are: telling that they are no literal is dearer
_BLANK = re.compile(r"\s*")


def read_pairs(text: str, offset: int) -> tuple[Option, ...]:
    """Options `key=value key=value` of a text, which begins at an offset of its line, in order."""
    found: list[Option] = []
    start = len(text) - len(text.lstrip())
    end = _stripped(text, len(text))
    while start < end:
        option, end = _last_option(text, start, end, offset)
        found.append(option)
        end = _stripped(text, end)
    return tuple(reversed(found))


def _stripped(text: str, end: int) -> int:
    """Where a text ends without the white space at its end. PERF: makes no copy, lines are long."""
    while end and text[end - 1].isspace():
        end -= 1
    return end


def _last_option(text: str, start: int, end: int, offset: int) -> tuple[Option, int]:
    """The last option of a stripped stretch of text, and where what stands before it ends."""
    word = text.rfind(" ", start, end) + 1 or start
    if not text.startswith("--", start, end) and _IDENTIFIER.fullmatch(text, word, end):
        return Option(text[word:end], None, offset + end, offset + end), max(word - 1, start)
    equal, values = end, LiteralEnds(text, end)
    while (equal := text.rfind("=", start, equal)) >= 0:
        key = _key_before(text, start, equal)
        short = end - equal <= _SHORT
        stop = None if key is None else end if short else values.end_of(equal + 1)
        if key is None or stop is None:
            continue
        try:
            value = (literal if stop == end else python_literal)(text[equal + 1 : stop])
        except ValueError:
            continue
        return Option(key[0], value, offset + _skip(text, equal + 1), offset + end), key[1]
    return Option(UNREADABLE, text[start:end], offset + start, offset + end), start


def _skip(text: str, at: int) -> int:
    """Where the white space that begins at an offset ends."""
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _key_before(text: str, start: int, equal: int) -> tuple[str, int] | None:
    """The key in front of an `=`, and where what stands before it ends; None where none is."""
    key_end = at = max(_stripped(text, equal), start)
    while at > start and text[at - 1] in _KEY_LETTERS:
        at -= 1
    key = text[at:key_end]
    while at > start and text[at - 1].isspace() and text[at - 1] != " ":
        at -= 1
    if not key or (at > start and text[at - 1] != " "):
        return None
    return key, max(at - 1, start)


def literal(text: str) -> object:
    """A value of a marker line: JSON, else a Python literal. Raises ValueError for neither."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return python_literal(text)


def python_literal(text: str) -> object:
    """A Python literal, as a notebook has it. Raises ValueError for what is none."""
    try:
        return _as_in_notebook(ast.literal_eval(text.strip()))
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        raise ValueError(text) from None


def _as_in_notebook(value: object) -> object:
    """A value with lists for its tuples, as nbformat has them."""
    if isinstance(value, dict):
        return {key: _as_in_notebook(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_in_notebook(each) for each in value]
    return value


def read_object(text: str, offset: int) -> tuple[Option, ...]:
    """The members of one object, JSON or a Python literal, with the place of each value."""
    text = text.rstrip()
    try:
        return _json_members(text, offset)
    except (ValueError, RecursionError):
        pass
    try:
        whole = literal(text)
    except ValueError:
        whole = None
    if isinstance(whole, dict):
        return _python_members(text, offset)
    return (Option(UNREADABLE, text, offset, offset + len(text)),)


def _json_members(text: str, offset: int) -> tuple[Option, ...]:
    json.loads(text)  # refuses what the walk below would not see
    decoder, at, found = json.JSONDecoder(), 1, []
    while (key_at := text.find('"', at)) >= 0:
        key, at = decoder.raw_decode(text, key_at)
        at = _skip(text, text.index(":", at) + 1)
        value, end = decoder.raw_decode(text, at)
        found.append(Option(key, value, offset + at, offset + end))
        at = end
    return tuple(found)


def _python_members(text: str, offset: int) -> tuple[Option, ...]:
    """The members of a dictionary display; its values end where CPython says."""
    tree = ast.parse(text, mode="eval").body
    assert isinstance(tree, ast.Dict)
    encoded, found, done, at = text.encode(), [], 0, offset
    for key, value in zip(tree.keys, tree.values, strict=True):
        assert key is not None and value.end_col_offset is not None  # `{**x}` is no literal
        start = at + len(encoded[done : value.col_offset].decode())
        at = start + len(encoded[value.col_offset : value.end_col_offset].decode())
        done = value.end_col_offset
        name, plain = str(ast.literal_eval(key)), _as_in_notebook(ast.literal_eval(value))
        found.append(Option(name, plain, start, at, python=True))
    return tuple(found)


def as_mapping(options: tuple[Option, ...]) -> dict[str, object]:
    """The options as metadata: of two values for a key the later one, a bare key yields."""
    metadata: dict[str, object] = {}
    for option in options:
        if not (option.bare and option.key in metadata):
            metadata[option.key] = option.value
    return metadata
