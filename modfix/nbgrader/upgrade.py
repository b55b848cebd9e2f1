"""Metadata of any age and spelling in the types of schema 3, without loss.

nbgrader's own update (`nbgraderformat/v1.py` to `v3.py`) turns missing, empty and negative points
into 0, drops the metadata of a cell whose flags are all false, and fails on `"3"`. Here a value is
only written in the type that it plainly means; what does not mean one stays as it is.
"""

from __future__ import annotations

import re

from modfix.nbgrader.kinds import FLAGS, Metadata
from modfix.nbgrader.schema import KNOWN, is_integer

_NUMBER = re.compile(r"\s*[0-9]+(?:\.[0-9]*)?\s*", re.ASCII)
_WORDS = {"true": True, "false": False}
_NEAR = 0.75  # the share of letters that a misspelt key has in common with the right one


def plain(metadata: Metadata) -> dict[str, object]:
    """The metadata in the schema's types: without unknown keys, null and empty points.

    Keys that look like a misspelt known one stand under that one.
    """
    renamed = misspelt(metadata)
    found: dict[str, object] = {}
    for key, value in metadata.items():
        name = renamed.get(key, key)
        if name in KNOWN and value is not None and not (name == "points" and value == ""):
            found[name] = _cast(name, value)
    return found


def misspelt(metadata: Metadata) -> dict[str, str]:
    """Unknown keys that look like a known one which is missing, with the known one."""
    unknown = [key for key in metadata if key not in KNOWN]
    if not unknown:
        return {}
    from difflib import get_close_matches

    missing = KNOWN - metadata.keys()
    found: dict[str, str] = {}
    for key in unknown:
        close = get_close_matches(_folded(key), sorted(missing), n=1, cutoff=_NEAR)
        if close:
            found[key] = close[0]
            missing -= {close[0]}
    return found


def _folded(key: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|-", "_", key).lower()


def _cast(key: str, value: object) -> object:
    if key in FLAGS:
        return _flag(value)
    if key in ("points", "schema_version"):
        value = _number(value)
        whole = isinstance(value, float) and value.is_integer()
        return int(value) if whole and key == "schema_version" else value  # type: ignore[call-overload]
    return str(value) if key == "grade_id" and is_integer(value) else value


def _flag(value: object) -> object:
    if isinstance(value, str):
        return _WORDS.get(value.strip().lower(), value)
    return bool(value) if is_integer(value) and value in (0, 1) else value


def _number(value: object) -> object:
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        return value
    number = float(value)
    return int(number) if number.is_integer() else number
