"""Runs rules over one document."""

from __future__ import annotations

from collections.abc import Iterable

from modfix.document.document import Document
from modfix.rule import Finding, Rule
from modfix.settings import Settings
from modfix.syntax.index import read_module
from modfix.syntax.module import CodeCell


def lint(
    document: Document,
    rules: Iterable[Rule],
    settings: Settings,
    cache: dict[str, CodeCell] | None = None,
) -> list[Finding]:
    """The findings of `rules` in a document, in the order of its text.

    `cache` holds parsed cells from an earlier round (see `read_module`) and is filled.
    """
    module = read_module(document, settings, {} if cache is None else cache)
    found = [finding for rule in rules for finding in rule.check(module)]
    return sorted(found, key=_order)


def _order(finding: Finding) -> tuple[int, int, str]:
    return finding.cell, -1 if finding.start is None else finding.start, finding.code
