"""Keys that a cell's metadata has twice. Every JSON reader takes the last and says nothing."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable

from msgspec import Struct

from modfix.document.cell import Cell
from modfix.document.document import Document
from modfix.document.notebook_layout import NotebookLayout

_MEMBERS = ("metadata", "source", "cell_type")
_LARGEST = 1 << 20  # characters of a cell, with its outputs, that is read again


class Doubled(Struct, frozen=True):
    """A key that stands more than once in one object, and whether its values differ."""

    key: str
    differs: bool


def doubled_keys(document: Document, cell: Cell) -> tuple[Doubled, ...]:
    """The keys that stand twice in a cell's metadata or in an object of it, in order."""
    found: list[Doubled] = []
    for text in _texts(document, cell):
        found += _in_text(text)
    if cell.marker is not None:
        found += _among((option.key, option.value) for option in cell.marker.options)
    return tuple(found)


def doubled_members(document: Document, cell: Cell) -> tuple[Doubled, ...]:
    """The members of a notebook's cell itself (`metadata`, `source`) that stand twice."""
    if not isinstance(document.layout, NotebookLayout):
        return ()
    parts = document.layout.notebook.parts[cell.index]
    if parts.end - parts.start > _LARGEST or not any(
        document.text.count(f'"{key}"', parts.start, parts.end) > 1 for key in _MEMBERS
    ):
        return ()
    found: list[tuple[str, object]] = []

    def read(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found[:] = pairs  # the outermost object comes last
        return dict(pairs)

    try:
        json.loads(document.text[parts.start : parts.end], object_pairs_hook=read)
    except (ValueError, RecursionError):
        return ()
    return tuple(_among((key, value) for key, value in found if key in _MEMBERS))


def _texts(document: Document, cell: Cell) -> list[str]:
    """The JSON (or, on a marker line, Python) texts that make up the metadata."""
    if isinstance(document.layout, NotebookLayout):
        member = document.layout.notebook.parts[cell.index].members.get("metadata")
        return [] if member is None else [document.text[member.value.start : member.value.end]]
    if cell.marker is None:
        return []
    return [cell.marker.text[o.start : o.end] for o in cell.marker.options if o.value is not None]


def _in_text(text: str) -> list[Doubled]:
    if "{" not in text:
        return []
    found: list[Doubled] = []

    def read(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found.extend(_among(pairs))
        return dict(pairs)

    try:
        json.loads(text, object_pairs_hook=read)
    except ValueError:
        return _in_literal(text)
    return found


def _in_literal(text: str) -> list[Doubled]:
    """The same of a Python literal, which jupytext reads too."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found: list[Doubled] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            found += _among((ast.dump(k), ast.dump(v)) for k, v in pairs if k is not None)
    return [Doubled(_shown(each.key), each.differs) for each in found]


def _shown(dumped: str) -> str:
    """The value of a dumped constant."""
    return dumped.removeprefix("Constant(value=").removesuffix(")").strip("'\"")


def _among(pairs: Iterable[tuple[str, object]]) -> list[Doubled]:
    values: dict[str, list[str]] = {}
    for key, value in pairs:
        values.setdefault(key, []).append(repr(value))
    return [Doubled(k, len(set(texts)) > 1) for k, texts in values.items() if len(texts) > 1]
