"""Makes edits: whole fixes, sorted, none that touches another; what overlaps waits a round."""

from __future__ import annotations

import bisect
from collections.abc import Iterable

from msgspec import Struct

from modfix.document.document import Document
from modfix.document.edit import Replacement, UnsoundEdit
from modfix.errors import ModfixError
from modfix.rule import Finding


class Round(Struct, frozen=True):
    """The document after one round and the findings whose fixes were made in it."""

    document: Document
    applied: tuple[Finding, ...]


def apply_fixes(document: Document, findings: Iterable[Finding]) -> Round:
    """Apply the fix of each finding, in order, unless it touches one that came before.

    A fix that changes the structure of cells (more than one cell, a split) goes first: the
    smaller ones are found again in the next round, in the cells that it made. Raises ModfixError
    for a fix that cannot be made.
    """
    taken = _Taken()
    applied: list[Finding] = []
    for finding in sorted(findings, key=_weight):
        wanted = _replacements(document, finding)
        if any(map(taken.touches, wanted)):
            continue
        taken.add(wanted)
        applied.append(finding)
    return Round(_edited(document, taken.sorted, applied), tuple(applied))


class _Taken:
    """The replacements of a round so far, none of which touches one of another fix."""

    def __init__(self) -> None:
        self.sorted: list[Replacement] = []

    def add(self, more: Iterable[Replacement]) -> None:
        for each in more:
            bisect.insort(self.sorted, each, key=_place)

    def touches(self, new: Replacement) -> bool:
        """Whether one of them touches a new one. PERF: only its neighbours can."""
        at = bisect.bisect_left(self.sorted, _place(new), key=_place)
        return any(new.overlaps(old) for old in self.sorted[max(at - 1, 0) : at + 1])


def _place(replacement: Replacement) -> tuple[int, int]:
    return replacement.start, replacement.end


def refusal(document: Document, findings: Iterable[Finding], why: str) -> ModfixError:
    """The error that names the rules whose fixes are thrown away."""
    codes = ",".join(sorted({finding.code for finding in findings}))
    return ModfixError(
        f"the fix of {codes.replace(',', ', ')} {why}; nothing was changed",
        where=str(document.path),
        todo=f"run again with `--ignore {codes}` and report the rule",
    )


def _replacements(document: Document, finding: Finding) -> list[Replacement]:
    assert finding.fix is not None
    try:
        return document.replacements(finding.fix.edits)
    except UnsoundEdit as error:
        raise refusal(document, [finding], str(error)) from error


def _edited(document: Document, taken: list[Replacement], applied: list[Finding]) -> Document:
    """The edited document, if it can be written in the file's encoding and read again."""
    try:
        after = document.edited(taken)
        after.to_bytes()
    except UnicodeEncodeError as error:
        char, encoding = error.object[error.start], error.encoding.upper()
        why = f"writes `{char}`, which the file's encoding {encoding} does not have"
        raise refusal(document, applied, why) from error
    except ModfixError as error:
        raise refusal(document, applied, f"leaves what cannot be read ({error.what})") from error
    edits = [edit for finding in applied if finding.fix for edit in finding.fix.edits]
    if obstacle := document.obstacle(edits):  # each alone could be made
        raise refusal(document, applied, f"cannot be made beside the others: {obstacle}")
    return after


def _weight(finding: Finding) -> int:
    assert finding.fix is not None
    return -len(finding.fix.edits)
