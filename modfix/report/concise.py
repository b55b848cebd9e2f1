"""The default output: one line a finding, and a summary."""

from __future__ import annotations

from collections.abc import Sequence

import click

from modfix.errors import one_line
from modfix.lint.checked import Located
from modfix.report.report import Report, told
from modfix.report.statistics import statistics


def render(report: Report) -> str:
    """A line for each finding, and the summary."""
    lines = [statistics(report)] if report.statistics else list(map(finding_line, report.findings))
    return "\n".join([*filter(None, lines), *closing(report)])


def finding_line(each: Located) -> str:
    """`path:line:column CODE message`, coloured where the terminal takes it."""
    place = f"{click.style(one_line(each.path), bold=True)}:{each.line}:{each.column}"
    return f"{place} {styled_code(each)} {one_line(told(each))}"


def styled_code(each: Located) -> str:
    """The code in the colour of its severity."""
    return click.style(each.code, fg="red" if each.is_error else "yellow", bold=True)


def closing(report: Report) -> list[str]:
    """The summary, where any module was checked."""
    if not report.modules:
        return []
    known = f" {counted(report.known, 'known finding')} left out." if report.known else ""
    fixed = f"Fixed {counted(report.fixed, 'finding')}. " if report.fixed else ""
    return [f"{fixed}{summary(report.findings, len(report.modules))}{known}"]


def summary(found: Sequence[Located], files: int) -> str:
    """Counts of errors and warnings, and how many a fix takes away."""
    modules = counted(files, "module")
    if not found:
        return f"All checks passed ({modules})."
    errors = sum(each.is_error for each in found)
    head = f"Found {_severities(errors, len(found) - errors)} in {modules}"
    return f"{head}{_fixable(found)}."


def _severities(errors: int, warnings: int) -> str:
    parts = [(errors, "error"), (warnings, "warning")]
    return " and ".join(counted(count, noun) for count, noun in parts if count)


def _fixable(found: Sequence[Located]) -> str:
    by = [each.fix.applicability for each in found if each.fix is not None]
    safe, unsafe = by.count("safe"), by.count("unsafe")
    if not safe and not unsafe:
        return ""
    more = f"{unsafe} with --unsafe-fixes" if unsafe else ""
    if not safe:
        return f" ({more})"
    return f" ({safe} fixable with `modfix fix --write`{f', {more}' if more else ''})"


def counted(count: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
