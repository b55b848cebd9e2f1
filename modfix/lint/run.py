"""Runs rules over one document."""

from __future__ import annotations

from collections.abc import Iterable

from modfix.document.document import Document
from modfix.errors import ModfixError
from modfix.rule import Finding, Rule, Severity
from modfix.settings import Settings
from modfix.syntax.module import CodeCell, Module

FAILED = "rule-failed"  # the name of the finding that a rule's failure becomes


def lint(
    document: Document,
    rules: Iterable[Rule],
    settings: Settings,
    cache: dict[str, CodeCell] | None = None,
) -> list[Finding]:
    """The findings of `rules` in a document, in the order of its text.

    `cache` holds parsed cells from an earlier round (see `read_module`) and is filled. A rule that
    raises is one finding, named `rule-failed`.
    """
    from modfix.syntax.index import read_module  # PERF: it needs LibCST

    module = read_module(document, settings, {} if cache is None else cache)
    found = [finding for rule in rules for finding in _checked(rule, module)]
    return sorted(found, key=_order)


def _checked(rule: Rule, module: Module) -> list[Finding]:
    """What one rule finds.

    NOTE: rules are anybody's code, so whatever one raises is told as its own mistake: one finding
    of that rule, and the others go on.
    """
    try:
        return [_placed(finding, module.document) for finding in rule.check(module)]
    except Exception as error:
        import logging  # PERF: only a failure needs it; `--debug` shows what it says

        logging.getLogger("modfix").debug("rule %s failed", rule.code, exc_info=True)
        return [_failure(rule, module, error)]


def _failure(rule: Rule, module: Module, error: Exception) -> Finding:
    """The finding that stands for a rule that raised. Raises ModfixError in a module of no cell."""
    said = f": {error}" if str(error) else ""
    what = f"rule {rule.code} failed with {type(error).__name__}{said}"
    todo = f"leave it out with `--ignore {rule.code}`; `modfix --debug` shows where"
    if not module.document.cells:
        raise ModfixError(what, where=str(module.document.path), todo=todo) from error
    return Finding(rule.code, FAILED, Severity.ERROR, f"{what}; {todo}", 0)


def _placed(finding: Finding, document: Document) -> Finding:
    """The finding, if the place that it names exists."""
    if not 0 <= finding.cell < len(document.cells):
        raise ValueError(f"it names cell {finding.cell}, which the module does not have")
    if finding.start is not None and finding.start > len(document.cells[finding.cell].source):
        raise ValueError(f"it names offset {finding.start}, beyond cell {finding.cell}")
    return finding


def _order(finding: Finding) -> tuple[int, int, str]:
    return finding.cell, -1 if finding.start is None else finding.start, finding.code
