"""A release for people: its problems, a line each, and what was done to the module."""

from __future__ import annotations

import click

from modfix.errors import one_line
from modfix.release.problem import Problem
from modfix.release.release import Release
from modfix.report.concise import counted

_COLOURS = {"refused": "red", "error": "red", "warning": "yellow"}


def problem_lines(release: Release) -> list[str]:
    """`path:line:column refused|error|warning message; what to do`, in the order of the file."""
    return [_line(release, problem) for problem in release.problems]


def _line(release: Release, problem: Problem) -> str:
    document = release.version.document
    if document.cells:
        line, column, _ = document.place(problem.cell, problem.offset)
    else:
        line, column = 1, 1
    place = f"{click.style(one_line(str(document.path)), bold=True)}:{line}:{column}"
    grade = click.style(problem.grade, fg=_COLOURS[problem.grade], bold=True)
    return f"{place} {grade} {one_line(problem.message)}; {one_line(problem.todo)}"


def summary_table(release: Release) -> str:
    """What students get, as a table."""
    rows = [
        ("solutions cleared", _regions(release, "solution")),
        ("cells blanked", _blanked(release)),
        ("hidden tests removed", _regions(release, "hidden tests")),
        ("mark schemes removed", _regions(release, "mark scheme")),
        ("points by tests", _points(release, by_hand=False)),
        ("points by hand", _points(release, by_hand=True)),
    ]
    path = one_line(str(release.version.document.path))
    lines = [f"  {name:<22} {value}" for name, value in rows]
    return "\n".join([click.style(path, bold=True), *lines])


def _regions(release: Release, kind: str) -> str:
    counts = release.cleared_regions(kind)  # type: ignore[arg-type]
    if not counts:
        return "none"
    lines = f" ({counted(release.stripped_lines, 'line')})" if kind == "solution" else ""
    return f"{counted(sum(counts), 'region')} in {counted(len(counts), 'cell')}{lines}"


def _blanked(release: Release) -> str:
    names = release.blanked
    if not names:
        return "none"
    shown = ", ".join(f"`{one_line(name)}`" for name in names[:5])
    return f"{len(names)}: {shown}{', …' if len(names) > 5 else ''}"


def _points(release: Release, *, by_hand: bool) -> str:
    points, cells = release.points(by_hand=by_hand)
    return f"{points:g} in {counted(cells, 'cell')}" if cells else "none"


def verdict(release: Release) -> str:
    """One line: what keeps the release back, or that nothing does."""
    grades = [problem.grade for problem in release.problems]
    refused, errors, warnings = (grades.count(g) for g in ("refused", "error", "warning"))
    parts = [
        f"{counted(refused, 'refusal')} of nbgrader",
        counted(errors, "error"),
        counted(warnings, "warning"),
    ]
    told = [part for part, n in zip(parts, (refused, errors, warnings), strict=True) if n]
    if release.holds:
        word = click.style("releasable", fg="green", bold=True)
        return f"{word}{': ' + told[0] if told else ''}"
    return f"{click.style('not releasable', fg='red', bold=True)}: {', '.join(told)}"
