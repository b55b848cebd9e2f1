"""Which names a command took from cells that define them: moved, or gone though still needed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from modfix.document.document import Document
from modfix.guard.damage import Damage
from modfix.settings import Settings
from modfix.syntax.module import CodeCell, Module, Statement

_MAGIC_LINE = re.compile(r"^[ \t]*#?[ \t]*[%!?].*$", re.MULTILINE)
_WORD = re.compile(r"\w+")
_STRING = re.compile(r"[\"'](\w+)[\"']")


def name_damages(
    before: Document, after: Document, pairs: Sequence[int], settings: Settings
) -> list[Damage]:
    """Names that cells lost and that are needed, and cells that no longer parse.

    `pairs` holds for each cell before the index of the same cell after. Nothing is parsed where
    the code of every cell is the same.
    """
    if _same_code(before, after, pairs):
        return []
    from modfix.syntax.index import read_module  # PERF: it needs LibCST

    cache: dict[str, CodeCell] = {}
    old, new = read_module(before, settings, cache), read_module(after, settings, cache)
    faults = list(_faults(old, new, pairs))
    return faults or list(_names(old, new, pairs))


def _same_code(before: Document, after: Document, pairs: Sequence[int]) -> bool:
    if len(before.cells) != len(after.cells):
        return False
    return all(
        to >= 0 and before.cells[index].source == after.cells[to].source
        for index, to in enumerate(pairs)
    )


def _faults(old: Module, new: Module, pairs: Sequence[int]) -> Iterator[Damage]:
    for cell in old.cells:
        to = pairs[cell.index]
        if cell.fault is None and to >= 0 and new.document.cells[to].kind == "code":
            fault = new.cell(to).fault
            if fault is not None:
                text = f"this cell no longer parses: {fault.message}"
                yield Damage("syntax", cell.index, to, None, "", text)


def _names(old: Module, new: Module, pairs: Sequence[int]) -> Iterator[Damage]:
    bound, back = _bindings(new), {to: index for index, to in enumerate(pairs)}
    had = _bindings(old)
    needed = _needed(new)
    listed = _listed(new)
    yield from _unlisted(old, new, pairs, listed)
    for statement in old.statements:
        to = pairs[statement.cell]
        if to < 0:
            continue  # the cell itself is told
        for name in sorted(statement.binds):
            places = bound.get(name, set())
            if to in places:
                continue
            what = ""
            if places:
                came = [at for at in places if back.get(at, -1) not in had[name]]
                what = f"`{name}` was moved to cell {came[0]}" if came else ""
            elif name in needed or name in listed:
                what = f"`{name}` is gone, and {_needs(needed.get(name))} it"
            elif _exports(old.cell(statement.cell), statement, name):
                what = f"`{name}`, which the package exports, is gone"
            if what:
                yield Damage("name", statement.cell, to, statement.start, name, what)


def _needs(cell: int | None) -> str:
    return "`__all__` names" if cell is None else f"cell {cell} needs"


def _bindings(module: Module) -> dict[str, set[int]]:
    """The cells that bind each name."""
    return {
        name: {statement.cell for statement in statements}
        for name, statements in module.definitions.items()
    }


def _needed(module: Module) -> dict[str, int]:
    """The names that code reads, magics that a script has commented out included, and where."""
    found: dict[str, int] = {}
    for statement in module.statements:
        for name in (*statement.reads, *statement.later):
            found.setdefault(name, statement.cell)
    for cell in module.cells:
        for line in _MAGIC_LINE.findall(cell.source):
            for word in _WORD.findall(line):
                found.setdefault(word, cell.index)
    return found


def _listed(module: Module) -> set[str]:
    """The names in `__all__`."""
    statements = module.definitions.get("__all__", ())
    texts = (module.cell(s.cell).source[s.start : s.end] for s in statements)
    return {name for text in texts for name in _STRING.findall(text)}


def _unlisted(old: Module, new: Module, pairs: Sequence[int], listed: set[str]) -> Iterator[Damage]:
    missing = sorted(_listed(old) - listed)
    if missing:
        statement = old.definitions["__all__"][0]
        text = f"`__all__` no longer names `{missing[0]}`"
        to = pairs[statement.cell]
        yield Damage("name", statement.cell, to, statement.start, "__all__", text)


def _exports(cell: CodeCell, statement: Statement, name: str) -> bool:
    """Whether the package gets a name from a statement; imports are no part of it."""
    public = not name.startswith("_")
    return cell.exported and public and statement.kind in ("function", "class", "assign")
