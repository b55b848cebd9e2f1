"""Cells in another language than Python: what can be said of their text alone."""

from __future__ import annotations

import re

from modfix.document.languages import COMMENTS, usual_name
from modfix.nbgrader.regions import RegionMarker
from modfix.rule import CodeCell, Module
from modfix.syntax.language import kernel_language, speaks_python

_MARKS = " \t#/*-=;%!("  # what comments begin with


def is_foreign(cell: CodeCell | None) -> bool:
    """Whether a code cell is in another language: it has no tree, and needs none."""
    return cell is not None and not cell.parses and cell.fault is None


def says_no_kind(module: Module, cell: CodeCell) -> bool:
    """Whether nothing tells what a cell is for: it cannot be read as Python. (A magic such as
    `%%bash` in a module of Python is support, as any magic is.)"""
    if cell.fault is not None:
        return True
    return is_foreign(cell) and not speaks_python(module.document)


def stub_language(module: Module) -> str:
    """The language whose stub nbgrader writes (its `preprocessors/clearsolutions.py`)."""
    key = "language of stubs"
    if key not in module.memo:
        module.memo[key] = kernel_language(module.document) or "python"
    language: str = module.memo[key]
    return language


def says_anything(module: Module, cell: CodeCell, text: str) -> bool:
    """Whether a text of a cell in another language has a line that is no comment."""
    mark = _comment_mark(module)
    lines = [line.strip() for line in text.split("\n")]
    if _is_commented_out(cell, lines):
        lines = [line[1:].strip() for line in lines]
    return any((line and not line.startswith((mark, "%%"))) or "AUTOTEST" in line for line in lines)


def _is_commented_out(cell: CodeCell, lines: list[str]) -> bool:
    """Whether lines stand as jupytext writes those of a cell with another language than its
    script: `# %% language="bash"`, and `# ` in front of each."""
    marker = cell.cell.marker
    named = marker is not None and any(option.key == "language" for option in marker.options)
    return named and all(line[:1] in ("", "#") for line in lines)


def code_before(module: Module, marker: RegionMarker, source: str) -> str:
    """The code in front of the comment that a marker stands in."""
    before = source[marker.start : marker.at].partition(_comment_mark(module))[0].rstrip(_MARKS)
    return before.strip() if re.search(r"\w", before) else ""


def _comment_mark(module: Module) -> str:
    return COMMENTS.get(usual_name(stub_language(module)), "#")
