"""A review as the diagnostics of its documents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from lsprotocol.types import (
    Diagnostic,
    DiagnosticRelatedInformation,
    DiagnosticSeverity,
    DiagnosticTag,
    Location,
    Position,
    Range,
)

from modfix.errors import ModfixError
from modfix.rule import Finding, Severity
from modfix.server.review import Review

SOURCE = "modfix"
_SEVERITIES = {
    Severity.ERROR: DiagnosticSeverity.Error,
    Severity.WARNING: DiagnosticSeverity.Warning,
}
# A path, a line, and what else there may be: a column, a key or a table of the settings.
_PLACE = re.compile(r"(?P<path>.+?)(?::(?P<line>\d+)(?::\d+)?)?(?:: `.*| \[.*)?")


def diagnostics(review: Review) -> Mapping[str, list[Diagnostic]]:
    """The diagnostics of each document of a module, an empty list for one that has none."""
    found: dict[str, list[Diagnostic]] = {uri: [] for uri in review.snapshot.versions}
    if review.trouble is not None and found:
        first = next(iter(found))
        found[first].append(_trouble(review, review.trouble, first))
    for finding in review.findings:
        uri, _ = place_of(review, finding)
        found[uri].append(diagnostic(review, finding))
    return found


def diagnostic(review: Review, finding: Finding) -> Diagnostic:
    """One finding. There is no page on the web to link to: hovering over a code explains it."""
    uri, where = place_of(review, finding)
    return Diagnostic(
        range=_shown(review, uri, where),
        message=finding.message,
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        source=SOURCE,
        tags=[DiagnosticTag.Unnecessary] if finding.code in _unnecessary(review) else None,
    )


def place_of(review: Review, finding: Finding) -> tuple[str, Range]:
    """The document of a finding and all of its range."""
    assert review.document is not None
    return review.snapshot.place(review.document, finding)


def _shown(review: Review, uri: str, where: Range) -> Range:
    """What is underlined: the first line of what a finding is about, never nothing.

    A class or a cell that is underlined whole would hide what else is wrong in it.
    """
    end = review.snapshot.lines(uri).end_of(where.start.line + 1)
    if where.end.line == where.start.line and where.end != where.start:
        return where
    if end.character <= where.start.character:
        end = Position(where.start.line, where.start.character + 1)
    return Range(where.start, end)


def _unnecessary(review: Review) -> frozenset[str]:
    rules = review.linter.rules if review.linter else ()
    return frozenset(rule.code for rule in rules if rule.unnecessary)


def _trouble(review: Review, error: ModfixError, uri: str) -> Diagnostic:
    """Why there are no findings: at the line that it names in the document, else at the first."""
    place = _PLACE.fullmatch(error.where)
    path, line = (Path(place["path"]), int(place["line"] or 1)) if place else (None, 1)
    own = path == review.snapshot.path
    lines = review.snapshot.lines(uri)
    shown = line if own else 1
    return Diagnostic(
        range=Range(lines.position(shown, 1), lines.end_of(shown)),
        message=error.what if own else str(error),
        severity=DiagnosticSeverity.Error,
        source=SOURCE,
        related_information=None if own or path is None else _related(path, line),
    )


def _related(path: Path, line: int) -> list[DiagnosticRelatedInformation] | None:
    """The line of the configuration that is wrong."""
    if not path.is_file():
        return None
    at = Position(line - 1, 0)
    return [DiagnosticRelatedInformation(Location(path.absolute().as_uri(), Range(at, at)), "here")]
