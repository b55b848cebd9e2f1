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
_PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+)\b")


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
    place = _PLACE.match(error.where)
    own = place is not None and Path(place["path"]) == review.snapshot.path
    line = int(place["line"]) if place and own else 1
    lines = review.snapshot.lines(uri)
    start, end = lines.position(line, 1), lines.end_of(line)
    return Diagnostic(
        range=Range(start, end),
        message=error.what if own else str(error),
        severity=DiagnosticSeverity.Error,
        source=SOURCE,
        related_information=_related(place) if place and not own else None,
    )


def _related(place: re.Match[str]) -> list[DiagnosticRelatedInformation] | None:
    """The line of the configuration that is wrong."""
    path = Path(place["path"]).absolute()
    if not path.is_file():
        return None
    at = Position(int(place["line"]) - 1, 0)
    return [DiagnosticRelatedInformation(Location(path.as_uri(), Range(at, at)), "here")]
