"""A table of settings into a typed struct, with messages for people."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

import msgspec

from modfix.dotted import key_text, keys_of
from modfix.errors import ModfixError
from modfix.nearest import nearest

Table = TypeVar("Table", bound=msgspec.Struct)
Where = str | Callable[[str], str]  # a place, or the place of a dotted key

_AT = re.compile(r" - at `\$\.?(.*)`$")
_INDEX = re.compile(r"\[.*?\]")
_SOME_KEY = "[...]"  # how msgspec names the keys of tables that may have any
_UNKNOWN = re.compile(r"unknown field `(.+?)`")
_CHOICE = re.compile(r"[Ii]nvalid enum value '(.*?)'")


def read_table(table: Mapping[str, Any], kind: type[Table], *, where: Where) -> Table:
    """A plain table as a struct. `where` is said in errors: the place of the key that is wrong.

    Raises ModfixError for an unknown key (with the nearest right one), a value of the wrong type
    or one that is not among the choices.
    """
    try:
        return msgspec.convert(dict(table), kind)
    except msgspec.ValidationError as error:
        raise _readable(str(error), kind, where, table) from None


def place_of(where: Where, dotted: str) -> str:
    """The place of a key."""
    return where if isinstance(where, str) else where(dotted)


def _readable(
    text: str, kind: type[msgspec.Struct], whole: Where, table: Mapping[str, Any]
) -> ModfixError:
    at = _AT.search(text)
    path = at[1] if at else ""
    key = _spelled(path, text, kind, table)
    if unknown := _UNKNOWN.search(text):
        known = _known_keys(kind, path)
        full = f"{key}.{unknown[1]}" if key else unknown[1]
        todo = nearest(unknown[1], known) or _listed(known)
        where = place_of(whole, full)
        return ModfixError(f"unknown setting `{full}`", where=where, todo=todo)
    where = place_of(whole, key)
    if choice := _CHOICE.search(text):
        choices = _choices(kind, path)
        todo = nearest(choice[1], choices) or f"choose from {', '.join(choices)}"
        return ModfixError(f"`{key}`: there is no `{choice[1]}`", where=where, todo=todo)
    what = _AT.sub("", text).replace("`object`", "`table`")  # TOML's word
    return ModfixError(f"`{key}`: {what[0].lower()}{what[1:]}", where=where)


def _spelled(path: str, text: str, kind: type[msgspec.Struct], table: Mapping[str, Any]) -> str:
    """The path of a fault with the key that the person wrote where msgspec has `[...]`.

    msgspec does not say which it was: it is the one with which alone the fault is the same.
    """
    while _SOME_KEY in path:
        before, _, after = path.partition(_SOME_KEY)
        keys = keys_of(before)
        for key in _at(table, keys):
            alone = _with_only(table, keys, key)
            if _fault(alone, kind) == text:
                path, table = f"{before}.{key_text(key)}{after}", alone
                break
        else:
            return path
    return path


def _fault(table: Mapping[str, Any], kind: type[msgspec.Struct]) -> str:
    try:
        msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        return str(error)
    return ""


def _at(value: Any, keys: Sequence[str]) -> Any:
    """What stands at some keys of a table; those of arrays are numbers."""
    for key in keys:
        value = value[int(key) if isinstance(value, list) else key]
    return value


def _with_only(value: Any, keys: Sequence[str], only: str) -> Any:
    """A table in which the one at some keys has one entry left."""
    if not keys:
        return {only: value[only]}
    inner = _with_only(_at(value, keys[:1]), keys[1:], only)
    if isinstance(value, list):
        return [inner if number == int(keys[0]) else each for number, each in enumerate(value)]
    return {**value, keys[0]: inner}


def _listed(known: tuple[str, ...]) -> str:
    return f"known here: {', '.join(known)}" if known else "there are none here"


def _type_at(kind: Any, dotted: str) -> Any:
    """The type of what stands at a dotted path of a struct."""
    for part in filter(None, _INDEX.sub("", dotted).split(".")):
        by_name = {f.encode_name: f.type for f in msgspec.structs.fields(kind)}
        kind = by_name.get(part, kind)
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        args = [arg for arg in get_args(kind) if arg is not ...]
        if args and get_origin(kind) is not Literal:
            kind = args[-1]
    return kind


def _known_keys(kind: type[msgspec.Struct], dotted: str) -> tuple[str, ...]:
    found = _type_at(kind, dotted)
    if not (isinstance(found, type) and issubclass(found, msgspec.Struct)):
        return ()
    return tuple(f.encode_name for f in msgspec.structs.fields(found))


def _choices(kind: type[msgspec.Struct], dotted: str) -> tuple[str, ...]:
    return tuple(map(str, get_args(_type_at(kind, dotted))))
