"""The pairs that a course declares for all of its notebooks: `formats` in jupytext's settings.

Read are `jupytext.toml`, `.jupytext.toml` and `[tool.jupytext]` of `pyproject.toml`, the nearest
above a file (jupytext, `config.find_jupytext_configuration_file`); nothing is evaluated.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from modfix.document.folder import read_regular

_OWN = ("jupytext.toml", ".jupytext.toml")


def configured_formats(folder: Path) -> tuple[str, ...]:
    """The formats of each kind of pair, as in a notebook's metadata; () without such settings."""
    return _formats(folder.absolute())


def forget_formats() -> None:
    """Read the settings anew when they are asked for next: files may have changed."""
    _formats.cache_clear()


@cache
def _formats(folder: Path) -> tuple[str, ...]:
    for name in (*_OWN, "pyproject.toml"):
        data = read_regular(folder / name)
        table = None if data is None else _table(data, own=name in _OWN)
        if table is not None:
            return tuple(_listed(table.get("formats")))
    return () if folder == folder.parent else _formats(folder.parent)


def _table(data: bytes, *, own: bool) -> dict[str, object] | None:
    """jupytext's settings in a file, or None where it has none or is no TOML."""
    if b"formats" not in data and not own:
        return None
    import tomllib  # PERF: most courses have no such settings

    try:
        whole = tomllib.loads(data.decode("utf-8", "replace"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    if own:
        return whole
    tool = whole.get("tool")
    table = tool.get("jupytext") if isinstance(tool, dict) else None
    return table if isinstance(table, dict) else None


def _listed(formats: object) -> list[str]:
    """One text for each kind of pair: settings may hold a text, a table, or a list of them."""
    if isinstance(formats, str):
        return [each.strip() for each in formats.split(";") if each.strip()]
    if isinstance(formats, dict):
        return [",".join(_placed(str(prefix), str(form)) for prefix, form in formats.items())]
    if isinstance(formats, list):
        return [text for each in formats for text in _listed(each)]
    return []


def _placed(prefix: str, form: str) -> str:
    """A format in a folder, as jupytext writes it (its `config.normalize_formats`)."""
    return f"{prefix.removesuffix('/')}///{form}" if prefix else form
