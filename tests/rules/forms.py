"""The same cells as a percent script and as a notebook, and what is found and repaired in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from modfix.config import settings_from
from modfix.document.cell import CellKind
from modfix.document.document import Document
from modfix.document.folder import Folder
from modfix.fix.rounds import Repair, repair
from modfix.lint.linter import wanted
from modfix.lint.located import located
from modfix.lint.registry import make_rules
from modfix.lint.run import lint
from modfix.rule import Finding, Severity
from modfix.settings import Settings

SETTINGS = settings_from({}, where="tests")
METADATA = ("NBG102", "NBG104", "NBG105", "NBG106", "NBG107", "NBG108", "NBG109", "NBG110", "NBG2",
            "FMT10")  # fmt: skip

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}

AnyCell = tuple[CellKind, dict[str, Any], str]  # kind, metadata, source


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding and where it stands."""

    finding: Finding
    line: int
    cell_line: int

    @property
    def cell_index(self) -> int:
        return self.finding.cell

    @property
    def is_error(self) -> bool:
        return self.finding.severity is Severity.ERROR


def with_nbgrader(**changes: Any) -> Settings:
    """The default settings with some of `[nbgrader]` changed."""
    nbgrader = msgspec.structs.replace(SETTINGS.nbgrader, **changes)
    return msgspec.structs.replace(SETTINGS, nbgrader=nbgrader)


def script(cells: Sequence[AnyCell]) -> str:
    """The cells as a percent script."""
    return "\n".join(_block(*cell) for cell in cells)


def _block(kind: CellKind, metadata: dict[str, Any], source: str) -> str:
    options = [f"{key}={json.dumps(value)}" for key, value in metadata.items()]
    head = " ".join(["# %%", *([] if kind == "code" else [f"[{kind}]"]), *options])
    lines = source if kind == "code" else "\n".join(f"# {line}" for line in source.split("\n"))
    return f"{head}\n{lines}\n"


def notebook(cells: Sequence[AnyCell]) -> str:
    """The cells as the text of a notebook."""
    content = {
        "cells": [_cell(*cell) for cell in cells],
        "metadata": {"kernelspec": KERNEL},
        "nbformat": 4,
        "nbformat_minor": 4,
    }
    return json.dumps(content, indent=1) + "\n"


def _cell(kind: CellKind, metadata: dict[str, Any], source: str) -> dict[str, Any]:
    code = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {
        "cell_type": kind,
        **code,
        "metadata": metadata,
        "source": source.splitlines(keepends=True),
    }


def read(text: str, folder: Folder | None = None) -> Document:
    """A text as a document: a notebook if it is JSON."""
    name = "a_dev.ipynb" if text.startswith("{") else "a_dev.py"
    place = Path() if folder is None or folder.place is None else folder.place
    return Document.from_bytes(place / name, text.encode(), folder)


def found(
    text: str, *codes: str, settings: Settings = SETTINGS, folder: Folder | None = None
) -> list[Placed]:
    """What the rules whose codes begin so find, in the order of the file."""
    return found_in(read(text, folder), *codes, settings=settings)


def found_in(document: Document, *codes: str, settings: Settings = SETTINGS) -> list[Placed]:
    """The same of a document."""
    rules = [r for r in make_rules(settings.rules) if r.code.startswith(codes or METADATA)]
    placed = []
    for finding in lint(document, rules, settings):
        (place,) = located(document, [finding])
        placed.append(Placed(finding, place.line, place.cell_line))
    return sorted(placed, key=lambda each: (each.line, each.finding.code))


def mended(
    text: str,
    *codes: str,
    unsafe: bool = False,
    settings: Settings = SETTINGS,
    folder: Folder | None = None,
) -> Repair:
    """The text after the safe fixes of these rules, or after all of them."""
    rules = [r for r in make_rules(settings.rules) if r.code.startswith(codes or METADATA)]
    document = read(text, folder)
    return repair(document, rules, settings, lambda each: wanted(each, unsafe=unsafe))


def entries_of(text: str) -> list[Any]:
    """What stands under `nbgrader` in each cell's metadata."""
    return [cell.metadata.get("nbgrader") for cell in read(text).cells]
