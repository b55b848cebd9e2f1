"""The options of a marker line, each with the place of its value.

`read_pairs` reads `key=value key=value`, from the right as jupytext's `parse_key_equal_value`
does; `read_object` reads the one object of the older form, as its `relax_json_loads`.
"""

from __future__ import annotations

import ast
import json
import re

from modfix.document.cell import Option

UNREADABLE = "incorrectly_encoded_metadata"

_KEY = re.compile(r"^[a-zA-Z0-9_\.@/-]+$")
_IDENTIFIER = re.compile(r"^[a-zA-Z_\.]+[a-zA-Z0-9_\.]*$")


def read_pairs(text: str, offset: int) -> tuple[Option, ...]:
    """Options `key=value` of a text that begins at an offset of its line, in their order."""
    found: list[Option] = []
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    while start < end:
        option, end = _last_option(text[start:end], offset + start)
        found.append(option)
        end = start + len(text[start : start + end].rstrip())
    return tuple(reversed(found))


def _last_option(text: str, offset: int) -> tuple[Option, int]:
    """The last option of a stripped text, and where what stands before it ends."""
    space = text.rfind(" ")
    if not text.startswith("--") and _IDENTIFIER.match(text[space + 1 :]):
        end = offset + len(text)
        return Option(text[space + 1 :], None, end, end), max(space, 0)
    equal = len(text)
    while (equal := text.rfind("=", 0, equal)) >= 0:
        space = text[:equal].rstrip().rfind(" ")
        key = text[space + 1 : equal].strip()
        if not _KEY.match(key):
            continue
        try:
            value = literal(text[equal + 1 :])
        except ValueError:
            continue
        start = len(text) - len(text[equal + 1 :].lstrip())
        return Option(key, value, offset + start, offset + len(text)), max(space, 0)
    return Option(UNREADABLE, text, offset, offset + len(text)), 0


def literal(text: str) -> object:
    """A value of a marker line: JSON, else a Python literal. Raises ValueError for neither."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
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
        at = text.index(":", at) + 1
        at += len(text[at:]) - len(text[at:].lstrip())
        value, end = decoder.raw_decode(text, at)
        found.append(Option(key, value, offset + at, offset + end))
        at = end
    return tuple(found)


def _python_members(text: str, offset: int) -> tuple[Option, ...]:
    """The members of a dictionary display; its values end where CPython says."""
    tree = ast.parse(text, mode="eval").body
    assert isinstance(tree, ast.Dict)
    encoded, found = text.encode(), []
    for key, value in zip(tree.keys, tree.values, strict=True):
        assert key is not None  # `{**x}` is no literal
        start = len(encoded[: value.col_offset].decode())
        end = len(encoded[: value.end_col_offset].decode())
        found.append(
            Option(
                str(ast.literal_eval(key)),
                _as_in_notebook(ast.literal_eval(value)),
                offset + start,
                offset + end,
                python=True,
            )
        )
    return tuple(found)


def as_mapping(options: tuple[Option, ...]) -> dict[str, object]:
    """The options as metadata: of two values for a key the later one, a bare key yields."""
    metadata: dict[str, object] = {}
    for option in options:
        if not (option.bare and option.key in metadata):
            metadata[option.key] = option.value
    return metadata
