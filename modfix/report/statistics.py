"""`--statistics`: how often each rule finds something."""

from __future__ import annotations

from collections import Counter

from modfix.report.report import Report


def statistics(report: Report) -> str:
    """A line for each rule, the most frequent first: count, code, name, and what can be fixed."""
    counts = Counter((each.code, each.name) for each in report.findings)
    fixable = Counter(
        each.code for each in report.findings if each.fix and each.fix.applicability == "safe"
    )
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    width = len(str(rows[0][1])) if rows else 0
    return "\n".join(
        f"{count:>{width}}  {code}  {name}{_fixable(fixable[code], count)}"
        for (code, name), count in rows
    )


def _fixable(fixable: int, count: int) -> str:
    if not fixable:
        return ""
    return "  [fixable]" if fixable == count else f"  [{fixable} fixable]"
