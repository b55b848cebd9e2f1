"""Runs rules over one document."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from modfix.document.document import Document
from modfix.errors import ModfixError
from modfix.lint.registry import catalogue
from modfix.lint.suppress import unsuppressed
from modfix.rule import Finding, Rule, Severity
from modfix.settings import Settings
from modfix.syntax.index import Facts, read_module, without_tree
from modfix.syntax.module import CodeCell, Module
from modfix.syntax.suppression import Ledger, Suppression, read_suppressions
from modfix.syntax.trees import TreeFault
from modfix.timing import lap

FAILED = "rule-failed"  # the name of the finding that a rule's failure becomes


def lint(
    document: Document,
    rules: Iterable[Rule],
    settings: Settings,
    cache: dict[str, CodeCell] | None = None,
    *,
    known: tuple[str, ...] = (),
    facts: Facts | None = None,
) -> list[Finding]:
    """The findings of `rules` in a document, in the order of its text.

    `cache` holds parsed cells from an earlier round, `facts` what an earlier run knows of cells
    (see `read_module`); both are filled. A rule that raises is one finding, named `rule-failed`.
    Findings that the module's text suppresses are left out; `known` are the codes that a
    suppression may name (default: the installed rules').
    """
    cells = {} if cache is None else cache
    with lap("parsing and indexing"):
        module, every = read_module(document, settings, cells, facts), tuple(rules)
    while True:
        try:
            return sorted(_found(module, every, known), key=_order)
        except TreeFault as fault:  # each time of another source: it has no tree from now on
            module = without_tree(module, fault, cells)


def _found(module: Module, rules: tuple[Rule, ...], known: tuple[str, ...]) -> list[Finding]:
    found = [finding for rule in rules for finding in _checked(rule, module, rule.check)]
    suppressions = read_suppressions(module.document)
    return _reviewed(module, rules, found, suppressions, known) if suppressions else found


def _reviewed(
    module: Module,
    rules: tuple[Rule, ...],
    found: list[Finding],
    suppressions: tuple[Suppression, ...],
    known: tuple[str, ...],
) -> list[Finding]:
    """The findings that are not suppressed, and what rules find wrong with the suppressions."""
    failed = [finding for finding in found if finding.name == FAILED]  # nobody hides a crash
    installed = catalogue().rules
    left, ledger = unsuppressed(
        module.document,
        (finding for finding in found if finding.name != FAILED),
        suppressions,
        ran=(rule.code for rule in rules),
        known=known or tuple(rule.code for rule in installed),
        names={each.name: each.code for each in installed}
        | {rule.name: rule.code for rule in rules},
    )
    for rule in rules:
        left += _checked(rule, module, partial(_review, rule, ledger))
    return [*failed, *left]


def _review(rule: Rule, ledger: Ledger, module: Module) -> Iterable[Finding]:
    return rule.review(module, ledger)


def _checked(
    rule: Rule, module: Module, check: Callable[[Module], Iterable[Finding]]
) -> list[Finding]:
    """What one rule finds.

    NOTE: rules are anybody's code, so whatever one raises (SystemExit and KeyboardInterrupt too;
    Ctrl-C raises another) is told as its own mistake: one finding of that rule, and the others
    go on.
    """
    try:
        with lap(f"rule {rule.code}"):
            return [_placed(finding, module.document) for finding in check(module)]
    except TreeFault:
        raise
    except (Exception, SystemExit, KeyboardInterrupt) as error:
        import logging  # PERF: only a failure needs it; `--debug` shows what it says

        logging.getLogger("modfix").debug("rule %s failed", rule.code, exc_info=True)
        return [_failure(rule, module, error)]


def _failure(rule: Rule, module: Module, error: BaseException) -> Finding:
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
