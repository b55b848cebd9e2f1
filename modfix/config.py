"""Finds and reads settings: the standard, then the nearest `modfix.toml` or `[tool.modfix]`.

Nothing is evaluated: the files are TOML, read into typed structs that refuse unknown keys.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from modfix.errors import ModfixError
from modfix.nearest import nearest
from modfix.settings import Settings
from modfix.table import read_table

CONFIG_NAME = "modfix.toml"
DEFAULT_STANDARD = "module-17"


@dataclass(frozen=True, slots=True)
class Config:
    """Settings and the file that they come from (None: only the standard)."""

    settings: Settings
    path: Path | None


def config_for(path: Path) -> Config:
    """The settings that apply to a file or folder: those of the nearest configuration above it."""
    folder = path if path.is_dir() else path.parent
    return _folder_config(folder.resolve())


@cache
def _folder_config(folder: Path) -> Config:
    for above in (folder, *folder.parents):
        found = read_config(above)
        if found is not None:
            return found
    return Config(settings_from({}, where="modfix"), None)


def read_config(folder: Path) -> Config | None:
    """The configuration that stands in this very folder, or None."""
    own = folder / CONFIG_NAME
    if _is_file(own):
        return Config(settings_from(_toml(own), where=str(own)), own)
    project = folder / "pyproject.toml"
    table = _own_table(_toml(project)) if _is_file(project) else None
    if table is None:
        return None
    where = f"{project} [tool.modfix]"
    if not isinstance(table, dict):
        raise ModfixError("this is a value, not a table", where=where)
    return Config(settings_from(table, where=where), project)


def _own_table(project: Mapping[str, Any]) -> Any:
    """What stands under `[tool.modfix]`, or None."""
    tool = project.get("tool")
    return tool.get("modfix") if isinstance(tool, dict) else None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder that is not ours to look into
        return False


def settings_from(table: Mapping[str, Any], *, where: str) -> Settings:
    """Settings from a table laid over its standard.

    Raises ModfixError for an unknown standard, an unknown key (with the nearest right one) or a
    value of the wrong type.
    """
    standard = _standard(str(table.get("standard", DEFAULT_STANDARD)), where)
    return read_table(merged(standard, table), Settings, where=where)


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Tables merged key by key; every other value of `over` replaces that of `under`."""
    result = dict(under)
    for key, value in over.items():
        below = result.get(key)
        both = isinstance(below, dict) and isinstance(value, dict)
        result[key] = merged(below, value) if both else value  # type: ignore[arg-type]
    return result


@cache
def standard_names() -> tuple[str, ...]:
    """The named standards that come with modfix."""
    folder = files("modfix.standards")
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".toml")))


@cache
def _standard(name: str, where: str) -> dict[str, Any]:
    if name not in standard_names():
        raise ModfixError(
            f"unknown standard `{name}`",
            where=where,
            todo=nearest(name, standard_names()) or f"choose from {', '.join(standard_names())}",
        )
    return tomllib.loads((files("modfix.standards") / f"{name}.toml").read_text(encoding="utf-8"))


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ModfixError(f"this is not TOML: {error}", where=str(path)) from None
    except OSError as error:
        raise ModfixError(f"cannot be read: {error.strerror}", where=str(path)) from None
