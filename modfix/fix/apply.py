"""Makes edits: whole fixes, sorted, none that touches another; what overlaps waits a round."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from modfix.document.document import Document
from modfix.document.edit import Replacement
from modfix.rule import Finding


@dataclass(frozen=True, slots=True)
class Round:
    """The document after one round and the findings whose fixes were made in it."""

    document: Document
    applied: tuple[Finding, ...]


def apply_fixes(document: Document, findings: Iterable[Finding]) -> Round:
    """Apply the fix of each finding, in order, unless it touches one that came before.

    A fix that changes the structure of cells (more than one cell, a split) goes first: the
    smaller ones are found again in the next round, in the cells that it made.
    """
    taken: list[Replacement] = []
    applied: list[Finding] = []
    for finding in sorted(findings, key=_weight):
        assert finding.fix is not None
        wanted = document.replacements(finding.fix.edits)
        if any(new.overlaps(old) for new in wanted for old in taken):
            continue
        taken += wanted
        applied.append(finding)
    return Round(document.edited(sorted(taken)), tuple(applied))


def _weight(finding: Finding) -> int:
    assert finding.fix is not None
    return -len(finding.fix.edits)
