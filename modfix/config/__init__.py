"""Finds and reads settings: the standard, what a configuration extends, the configuration itself.

The nearest `modfix.toml`, or `pyproject.toml` with a `[tool.modfix]`, above a module counts.
Nothing is evaluated: the files are TOML, read into typed structs that refuse unknown keys, and a
`nbgrader_config.py` above the module is parsed for what nbgrader would take from it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from modfix.config.layer import (
    CONFIG_NAME,
    PROJECT_NAME,
    Layer,
    merged,
    read_layer,
    shown_path,
    topmost,
)
from modfix.config.standards import DEFAULT_STANDARD, standard_layers
from modfix.dotted import keys_of
from modfix.errors import ModfixError
from modfix.nbgrader.config_file import NOTHING_TOLD, NbgraderConfig, nearest_config
from modfix.settings import CODE_STUBS, Settings
from modfix.table import read_table
from modfix.watch import saw_file

__all__ = [
    "Config",
    "bare_config",
    "config_for",
    "config_in",
    "forget_configs",
    "read_config",
    "settings_from",
]


class Config(Struct, frozen=True):
    """Settings, the file that they come from (None: only the standard), and their layers."""

    settings: Settings
    path: Path | None
    layers: tuple[Layer, ...] = ()
    nbgrader: NbgraderConfig = field(default=NOTHING_TOLD)

    @property
    def base(self) -> Path | None:
        """The folder that paths and patterns of the settings are relative to."""
        return self.path.parent if self.path else None

    def place(self, dotted: str) -> str:
        """The place to name when a value is wrong: where it, or its table, is set."""
        return place_in(self.layers, dotted)

    def origin(self, keys: Sequence[str]) -> str:
        """Where a value comes from: a file with its line, a standard, or `default`."""
        layer = topmost(self.layers, keys)
        return layer.place(keys) if layer else "default"


def config_for(path: Path) -> Config:
    """The settings that apply to a file or folder: those of the nearest configuration above it."""
    folder = path if os.path.isdir(path) else path.parent  # noqa: PTH112 (never raises)
    resolved = Path(os.path.realpath(folder))
    return _folder_config(resolved, nearest_config(resolved))


@cache
def _folder_config(folder: Path, told: NbgraderConfig) -> Config:
    found = (_own_config(place, told) for place in (folder, *folder.parents))
    return next((config for config in found if config is not None), None) or bare_config(told)


@cache
def _own_config(folder: Path, told: NbgraderConfig) -> Config | None:
    """The configuration that stands in a folder itself."""
    for name in (CONFIG_NAME, PROJECT_NAME):
        saw_file(folder / name)
        if _is_file(folder / name):
            found = read_config(folder / name, told)
            if found is not None:
                return found
    return None


def forget_configs() -> None:
    """Read every configuration anew when it is asked for next: files may have changed."""
    _folder_config.cache_clear()
    _own_config.cache_clear()
    read_config.cache_clear()
    nearest_config.cache_clear()


@cache
def bare_config(told: NbgraderConfig = NOTHING_TOLD) -> Config:
    """The settings without any configuration: the default standard, and what nbgrader's says."""
    return _config((), None, told)


def config_in(path: Path, told: NbgraderConfig = NOTHING_TOLD) -> Config:
    """The configuration in a named file, over what nbgrader's own says.

    Raises ModfixError for one that is missing or wrong.
    """
    if not _is_file(path):
        raise ModfixError("no such configuration", where=str(path))
    found = read_config(path.resolve(), told)
    if found is None:
        raise ModfixError("no `[tool.modfix]` in it", where=str(path))
    return found


@cache
def read_config(path: Path, told: NbgraderConfig = NOTHING_TOLD) -> Config | None:
    """The configuration in a file, over what nbgrader's own says.

    None for a `pyproject.toml` without `[tool.modfix]`.

    Raises ModfixError for what cannot be read or is wrong in it.
    """
    layer = read_layer(path)
    return None if layer is None else _config(_extended(layer, ()), path, told)


def settings_from(table: Mapping[str, Any], *, where: str) -> Settings:
    """Settings from a table laid over its standard.

    Raises ModfixError for an unknown standard, an unknown key (with the nearest right one) or a
    value of the wrong type.
    """
    return _config((Layer(where, table),), None).settings


def place_in(layers: Sequence[Layer], dotted: str) -> str:
    """The place of the topmost layer that sets a value, or `default`."""
    keys = keys_of(dotted)
    layer = topmost(layers, keys) or (topmost(layers, keys[:-1]) if len(keys) > 1 else None)
    return layer.place(keys) if layer else "default"


def _config(
    own: tuple[Layer, ...], path: Path | None, told: NbgraderConfig = NOTHING_TOLD
) -> Config:
    saying = topmost(own, ("standard",))
    name = str(saying.table["standard"]) if saying else DEFAULT_STANDARD
    where = saying.place(("standard",)) if saying else "modfix"
    base = saying.path.parent if saying and saying.path else None
    layers = (*standard_layers(name, base=base, where=where), *_nbgrader_layers(told), *own)
    table: dict[str, Any] = {}
    for layer in layers:
        table = merged(table, layer.table)
    table |= {"standard": name}
    settings = read_table(table, Settings, where=lambda dotted: place_in(layers, dotted))
    return Config(settings, path, layers, told)


def _nbgrader_layers(told: NbgraderConfig) -> tuple[Layer, ...]:
    """nbgrader's own stubs, unless its configuration sets others instead, and what that says."""
    stubs = Layer("nbgrader", {"nbgrader": {"code-stub": CODE_STUBS}})
    layers = () if "code-stub" in told.table else (stubs,)
    if told.path is None or not told.table:
        return layers
    return (*layers, Layer(shown_path(told.path), {"nbgrader": told.table}, told.path))


def _extended(layer: Layer, below: tuple[Path, ...]) -> tuple[Layer, ...]:
    """The layers of a file: those that it extends, lowest first, then itself."""
    assert layer.path is not None
    path = layer.path.resolve()
    where = layer.place(("extend",))
    if path in below:
        raise ModfixError("the configuration extends itself", where=where)
    found: list[Layer] = []
    for name in _names(layer.table.get("extend", ())):
        base = layer.path.parent / name
        if not _is_file(base):
            raise ModfixError(f"`extend`: there is no file `{name}`", where=where)
        under = read_layer(base)
        if under is None:
            raise ModfixError(f"`extend`: no `[tool.modfix]` in `{name}`", where=where)
        found += _extended(under, (*below, path))
    return (*found, layer)


def _names(value: object) -> tuple[str, ...]:
    """The files of `extend`: one or several. What is neither is told with the other settings."""
    if isinstance(value, str):
        return (value,)
    return (
        tuple(value) if isinstance(value, list) and all(isinstance(v, str) for v in value) else ()
    )


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder that is not ours to look into
        return False
