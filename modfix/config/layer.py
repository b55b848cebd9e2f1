"""One table of settings and where it stands: a standard, an extended file, the course's own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from modfix.config.key_lines import line_of
from modfix.errors import ModfixError
from modfix.watch import saw_file

CONFIG_NAME = "modfix.toml"
PROJECT_NAME = "pyproject.toml"
_PROJECT_KEYS = ("tool", "modfix")
_AT_LINE = re.compile(r" \(at line (\d+), column (\d+)\)$")


class Layer(Struct, frozen=True):
    """A table and its origin: `name` as people know it, `text` and `keys` to find lines in it."""

    name: str
    table: Mapping[str, Any]
    path: Path | None = None
    text: str = ""
    keys: tuple[str, ...] = ()

    def has(self, keys: Sequence[str]) -> bool:
        """Whether the layer sets a value, or something inside it."""
        at: Any = self.table
        for key in keys:
            if isinstance(at, Mapping) and key in at:
                at = at[key]
            elif isinstance(at, list) and key.isdigit() and int(key) < len(at):
                at = at[int(key)]
            else:
                return False
        return True

    def place(self, keys: Sequence[str] = ()) -> str:
        """The layer's name, with the line of a key where its text is known."""
        line = line_of(self.text, (*self.keys, *keys)) if self.text else None
        return f"{self.name}:{line}" if line else self.name


def read_layer(path: Path, *, name: str = "") -> Layer | None:
    """The layer in a TOML file; None for a `pyproject.toml` without `[tool.modfix]`.

    Raises ModfixError for a file that cannot be read, is not TOML, or has a value where the table
    should be.
    """
    saw_file(path)
    text = _text(path)
    whole = _parsed(path, text)
    name = name or shown_path(path)
    if path.name != PROJECT_NAME:
        _refuse_project_table(whole, path, text)
        return Layer(name, whole, path, text)
    tool = whole.get("tool")
    table = tool.get("modfix") if isinstance(tool, dict) else None
    if table is None:
        return None
    layer = Layer(name, table, path, text, _PROJECT_KEYS)
    if not isinstance(table, dict):
        raise ModfixError("`tool.modfix` is a value, not a table", where=layer.place())
    return layer


def _refuse_project_table(whole: Mapping[str, Any], path: Path, text: str) -> None:
    """Raise ModfixError for `[tool.modfix]` outside of a `pyproject.toml`."""
    tool = whole.get("tool")
    if isinstance(tool, dict) and "modfix" in tool:
        where = Layer(shown_path(path), whole, path, text).place(_PROJECT_KEYS)
        todo = "take the header away: here the settings stand at the top"
        raise ModfixError(f"`[tool.modfix]` is for a {PROJECT_NAME}", where=where, todo=todo)


def shown_path(path: Path) -> str:
    """A path as people write it: from the current folder where it lies in it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Tables merged key by key; every other value of `over` replaces that of `under`."""
    result = dict(under)
    for key, value in over.items():
        below = result.get(key)
        both = isinstance(below, dict) and isinstance(value, dict)
        result[key] = merged(below, value) if both else value  # type: ignore[arg-type]
    return result


def topmost(layers: Sequence[Layer], keys: Sequence[str]) -> Layer | None:
    """The last of the layers that sets a value: the one that decides it."""
    return next((layer for layer in reversed(layers) if layer.has(keys)), None)


def _told(message: str) -> tuple[str, str]:
    """tomllib's message, and the place at its end as `:line:column`."""
    match = _AT_LINE.search(message)
    if match is None:
        return message, ""
    return message[: match.start()], f":{match[1]}:{match[2]}"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # Windows editors write a BOM
    except UnicodeDecodeError as error:
        raise ModfixError(f"this is not TOML: {error}", where=shown_path(path)) from None
    except OSError as error:
        raise ModfixError(f"cannot be read: {error.strerror}", where=shown_path(path)) from None


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, line = _told(str(error))
        raise ModfixError(f"this is not TOML: {what}", where=f"{shown_path(path)}{line}") from None
    except RecursionError:
        raise ModfixError("this TOML is nested too deeply", where=shown_path(path)) from None
