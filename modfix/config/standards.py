"""The standards: named ones that come with modfix, and files of a course's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from modfix.config.layer import Layer, read_layer, shown_path
from modfix.errors import ModfixError
from modfix.nearest import nearest

DEFAULT_STANDARD = "module-17"
_SUFFIX = ".toml"
# PERF: importlib.resources would load a dozen modules to say the same.
_FOLDER = Path(__file__).parents[1] / "standards"


@cache
def standard_names() -> tuple[str, ...]:
    """The named standards that come with modfix."""
    return tuple(sorted(file.stem for file in _FOLDER.glob(f"*{_SUFFIX}")))


def standard_layers(name: str, *, base: Path | None, where: str) -> tuple[Layer, ...]:
    """The layers of a standard, the lowest first: what it builds on, then itself.

    `name` is one of `standard_names` or a TOML file, relative to `base`; such a file names the
    standard that it builds on itself (`standard = "…"`; without, it stands alone). Raises
    ModfixError for an unknown name and for standards that build on each other.
    """
    found: list[Layer] = []
    seen: set[str] = set()
    while name:
        layer = _standard(name, base, where)
        if layer.name in seen:
            raise ModfixError(f"the standard `{name}` builds on itself", where=where)
        seen.add(layer.name)
        found.append(layer)
        base = layer.path.parent if layer.path else None
        where = layer.place(("standard",))
        name = str(layer.table.get("standard", ""))
    return tuple(reversed(found))


def _standard(name: str, base: Path | None, where: str) -> Layer:
    if name in standard_names():
        return _named(name)
    if name.endswith(_SUFFIX) and base is not None and (base / name).is_file():
        path = base / name
        layer = read_layer(path)
        if layer is None:
            raise ModfixError("no `[tool.modfix]` in it", where=shown_path(path))
        return layer
    if name.endswith(_SUFFIX):
        raise ModfixError(f"no such standard: there is no file `{name}`", where=where)
    names = standard_names()
    todo = nearest(name, names) or f"choose from {', '.join(names)}, or name a TOML file"
    raise ModfixError(f"unknown standard `{name}`", where=where, todo=todo)


@cache
def _named(name: str) -> Layer:
    layer = read_layer(_FOLDER / f"{name}{_SUFFIX}", name=f"standard {name}")
    assert layer is not None
    return Layer(layer.name, layer.table, None, layer.text)
