"""Runs rules over one document."""

from __future__ import annotations

from collections.abc import Iterable

from modfix.document.document import Document
from modfix.rule import Finding, Rule, Severity
from modfix.settings import Settings
from modfix.syntax.index import read_module
from modfix.syntax.module import CodeCell, Module

UNREADABLE = "FMT001"


def lint(
    document: Document,
    rules: Iterable[Rule],
    settings: Settings,
    cache: dict[str, CodeCell] | None = None,
) -> list[Finding]:
    """The findings of `rules` in a document, in the order of its text.

    A cell that does not parse is one finding of its own; the rules see the other cells. `cache`
    holds parsed cells from an earlier round (see `read_module`) and is filled.
    """
    module = read_module(document, settings, {} if cache is None else cache)
    found = [finding for rule in rules for finding in rule.check(module)]
    return sorted([*_faults(module), *found], key=_order)


def _order(finding: Finding) -> tuple[int, int, str]:
    return finding.cell, -1 if finding.start is None else finding.start, finding.code


def _faults(module: Module) -> Iterable[Finding]:
    for cell in module.cells:
        if cell.fault is not None:
            message = f"this cell does not parse: {cell.fault.message}"
            at = cell.fault.offset
            yield Finding(
                UNREADABLE, "unparsable-cell", Severity.ERROR, message, cell.index, at, at
            )
