"""Which findings the suppressions of a module cover."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from modfix.document.document import Document
from modfix.rule import Finding
from modfix.syntax.suppression import Ledger, Suppression

_WHOLE_FILE = -1


def unsuppressed(
    document: Document,
    findings: Iterable[Finding],
    suppressions: Sequence[Suppression],
    *,
    ran: Iterable[str],
    known: tuple[str, ...],
    names: Mapping[str, str],
) -> tuple[list[Finding], Ledger]:
    """The findings that nothing covers, and the ledger of what covered the others."""
    used: list[set[str]] = [set() for _ in suppressions]
    places: dict[int, list[int]] = {}
    for number, each in enumerate(suppressions):
        places.setdefault(_WHOLE_FILE if each.scope == "file" else each.cell, []).append(number)
    left: list[Finding] = []
    for finding in findings:
        covering = [
            (number, code)
            for place in (_WHOLE_FILE, finding.cell)
            for number in places.get(place, ())
            if _covers_place(suppressions[number], finding, document)
            for code, _ in suppressions[number].codes
            if finding.code.startswith(code)
        ]
        for number, code in covering:
            used[number].add(code)
        if not covering:
            left.append(finding)
    used_codes = tuple(map(frozenset, used))
    return left, Ledger(tuple(suppressions), used_codes, frozenset(ran), known, names)


def _covers_place(suppression: Suppression, finding: Finding, document: Document) -> bool:
    if suppression.scope == "file":
        return True
    if suppression.cell != finding.cell:
        return False
    if suppression.scope == "cell":
        return True
    if finding.start is None:
        return False
    source = document.cells[finding.cell].source
    first = source.count("\n", 0, finding.start) + 1
    last = first + source.count("\n", finding.start, finding.end or finding.start)
    return first <= suppression.line <= last
