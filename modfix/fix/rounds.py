"""Fixes in rounds until nothing is left to fix; a result that does not settle is thrown away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from modfix.document.cell import Cell
from modfix.document.document import Document
from modfix.fix.apply import apply_fixes, refusal
from modfix.fix.halves import Half, other_half
from modfix.lint.linter import Linter
from modfix.rule import Finding, Rule
from modfix.settings import Settings
from modfix.syntax.module import CodeCell

MOST_ROUNDS = 50
Choose = Callable[[Document, Sequence[Finding]], Sequence[Finding]]


class Repair(Struct, frozen=True):
    """What fixing came to: the document before and after, the findings fixed and those left.

    `half` is the other half of a pair, in which the same edits were made.
    """

    before: Document
    after: Document
    fixed: tuple[Finding, ...]
    left: tuple[Finding, ...]
    half: Half | None = None

    @property
    def changed(self) -> bool:
        """Whether there is anything to write."""
        return self.before.source.raw != self.after.source.raw


def repair(
    document: Document,
    rules: Sequence[Rule],
    settings: Settings,
    wanted: Callable[[Finding], bool],
) -> Repair:
    """Fix what `wanted` accepts, round by round (see `repair_with`)."""
    return repair_with(Linter(tuple(rules), settings), document, wanted)


def repair_with(
    linter: Linter,
    document: Document,
    wanted: Callable[[Finding], bool],
    choose: Choose | None = None,
    cache: dict[str, CodeCell] | None = None,
    *,
    most_rounds: int = MOST_ROUNDS,
) -> Repair:
    """Fix what `wanted` accepts of a linter's findings, round by round.

    `choose` says which of them a round makes, in the document as it is then (default: those of
    the rules whose turn it is); nothing ends the rounds. The other half of a pair follows. `cache`
    holds parsed cells from an earlier repair (see `read_module`) and is filled. Raises
    ModfixError, naming the rules, when a fix leaves a cell that no longer parses or the rounds
    come back to a text that they have seen, and OutOfStep for a pair whose halves disagree before
    anything is done.
    """
    cache = {} if cache is None else cache
    now = document
    fixed: list[Finding] = []
    seen = {document.text}
    choose = choose or turns(linter)
    findings = linter.findings(now, cache)
    half: Half | None = None
    for number in range(most_rounds):
        fixable = [finding for finding in findings if finding.fix is not None and wanted(finding)]
        if fixable and number == 0:
            half = other_half(document)
        chosen = choose(now, fixable) if fixable else ()
        if not chosen:
            return Repair(document, now, tuple(fixed), tuple(findings), half)
        done = apply_fixes(now, chosen)
        fixed += done.applied
        faults = _faults(now, cache)
        half = half and half.following(now, done.applied)
        now = half.seen_by(done.document) if half else done.document
        findings = linter.findings(now, cache)
        if _faults(now, cache) > faults:
            raise refusal(document, done.applied, "leaves a cell that does not parse")
        if now.text in seen:
            raise refusal(document, done.applied, "undoes another fix, round after round")
        seen.add(now.text)
    raise refusal(document, fixed, f"is not done after {most_rounds} rounds")


def turns(linter: Linter) -> Choose:
    """What chooses, of some findings, those of the rules whose turn it is: a lower phase first."""
    phases = {rule.code: rule.phase for rule in linter.rules}

    def first(_: Document, findings: Sequence[Finding]) -> Sequence[Finding]:
        lowest = min(phases[finding.code] for finding in findings)
        return [finding for finding in findings if phases[finding.code] == lowest]

    return first


def _faults(document: Document, cache: Mapping[str, CodeCell]) -> int:
    """How many code cells do not parse; `cache` holds those that are Python."""
    return sum(cell.kind == "code" and _fault(cell, cache) for cell in document.cells)


def _fault(cell: Cell, cache: Mapping[str, CodeCell]) -> bool:
    read = cache.get(cell.source)
    return read is not None and read.fault is not None
