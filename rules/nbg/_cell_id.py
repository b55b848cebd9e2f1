"""Ids of cells, derived from what a cell defines: `measure_sparsity` is `cell-measure-sparsity`."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

from modfix.rule import Cell, Module

from ._cell_kind import Kind, imports
from ._metadata import template_for
from ._parts import Part
from ._regions import solution_regions

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z0-9])(?=[A-Z][a-z])")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(.+?)\s*#*$")
_QUOTED = re.compile(r"^[rR]?(?:\"\"\"|''')")
_NUMBER = re.compile(r"^(?:\d+(?:\.\d+)*[.):]?\s+)")
_MOST_WORDS = 6


def derived_id(module: Module, part: Part, kind: Kind) -> str:
    """The id of a part that has none; not yet unique in the module."""
    subject = _subject(module, part, kind)
    given = module.settings.nbgrader.ids.get(subject)
    if given:
        return given
    prefix = template_for(module, kind).prefix
    if kind == "imports":
        return f"{prefix}imports"
    if kind == "export":
        last = (module.default_export or "").rpartition(".")[2]
        return f"{prefix}{kebab(last)}-export" if kebab(last) else f"{prefix}export"
    stem = kebab(_without_test_prefix(module, subject) if kind == "test" else subject)
    stem = stem or heading_slug(module, part.cell.cell) or _first_bound(part)
    return prefix + (stem or str(_number(module, part)))


class TakenIds:
    """The ids that a module has, which only become more."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._ids = set(ids)
        self._next: dict[str, int] = {}  # PERF: the suffixes below are taken

    def __contains__(self, name: str) -> bool:
        return name in self._ids

    def add(self, name: str) -> None:
        """Take an id."""
        self._ids.add(name)

    def unique(self, wanted: str) -> str:
        """The id with the first free suffix, `-2` and on."""
        if wanted not in self._ids:
            return wanted
        number = self._next.get(wanted, 2)
        while f"{wanted}-{number}" in self._ids:
            number += 1
        self._next[wanted] = number
        return f"{wanted}-{number}"


def kebab(name: str) -> str:
    """A name in kebab case, of ASCII letters and digits only; "" if nothing is left."""
    words = _WORDS.sub("-", name.replace("ReLU", "Relu"))  # ReLU is one word
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def heading_slug(module: Module, cell: Cell) -> str:
    """The nearest markdown heading above a cell (for a markdown cell: its own), as a slug."""
    if cell.kind == "markdown" and (own := _headings(cell.source)):
        return own[0]
    if "headings" not in module.memo:
        module.memo["headings"] = list(accumulate(map(_last_heading, module.document.cells), _or))
    above: list[str] = module.memo["headings"]
    return above[cell.index]


def _last_heading(cell: Cell) -> str:
    headings = _headings(cell.source) if cell.kind == "markdown" else []
    return headings[-1] if headings else ""


def _or(above: str, own: str) -> str:
    return own or above


def _headings(source: str) -> list[str]:
    quoted = bool(_QUOTED.match(source.lstrip()))
    found: list[str] = []
    fenced = False
    for line in source.split("\n"):
        text = line if quoted else re.sub(r"^# ?", "", line)
        if _FENCE.match(text):
            fenced = not fenced
        match = None if fenced else _HEADING.match(text)
        slug = _short(match[1]) if match else ""
        if slug:
            found.append(slug)
    return found


def _short(heading: str) -> str:
    return "-".join(kebab(_NUMBER.sub("", heading)).split("-")[:_MOST_WORDS])


def _subject(module: Module, part: Part, kind: Kind) -> str:
    """The name that a part is about, or ""."""
    if kind == "test":
        defined = [s.name for s in part.statements if s.name in part.runs]
        return next(iter(defined or sorted(part.runs)), "")
    definitions = [s for s in part.statements if s.name]
    if kind == "demo":
        return next(s.name for s in definitions if module.is_demo(s.name))
    if kind == "implementation":
        regions = solution_regions(module, part.cell.source)
        solved = [s.name for s in definitions if any(r.touches(s.start, s.end) for r in regions)]
        if solved:
            return solved[0]
    public = [s.name for s in definitions if not s.name.startswith("_")]
    return next(iter(public or [s.name for s in definitions]), "") or _fallback_name(part)


def _fallback_name(part: Part) -> str:
    """The one name that `try: from x import Name / except ImportError: class Name` is about."""
    if len(part.statements) != 1 or part.statements[0].kind != "block":
        return ""
    if not imports(part, part.statements[0]):
        return ""
    binds = part.statements[0].binds
    return next(iter(binds)) if len(binds) == 1 else ""


def _without_test_prefix(module: Module, name: str) -> str:
    prefixes = sorted(module.settings.names.test_prefixes, key=len, reverse=True)
    prefix = next((p for p in prefixes if name.startswith(p) and name != p), "")
    return name[len(prefix) :]


def _first_bound(part: Part) -> str:
    names = (name for s in part.statements for name in sorted(s.binds) if kebab(name))
    return kebab(next(names, ""))


def _number(module: Module, part: Part) -> int:
    return 1 + bisect_left(module.cells, part.cell.index, key=lambda cell: cell.index)
