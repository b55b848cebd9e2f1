"""A finding with its place worked out: what every output format prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from modfix.document.document import Document
from modfix.rule import Finding, Severity


@dataclass(frozen=True, slots=True)
class Located:
    """A finding and where it stands: line and column of the file, line of the cell, from 1.

    A finding at a cell's marker has the marker's line and 0 as its line in the cell.
    """

    path: str
    line: int
    column: int
    cell_line: int
    cell_index: int
    cell_id: str | None
    finding: Finding

    @property
    def is_error(self) -> bool:
        """Whether it fails the run."""
        return self.finding.severity is Severity.ERROR


def located(document: Document, findings: Iterable[Finding]) -> list[Located]:
    """The findings of a document in the order of the file's lines."""
    found = [_located(document, finding) for finding in findings]
    return sorted(found, key=lambda each: (each.line, each.column, each.finding.code))


def _located(document: Document, finding: Finding) -> Located:
    line, column, cell_line = document.place(finding.cell, finding.start)
    cell = document.cells[finding.cell]
    return Located(str(document.path), line, column, cell_line, cell.index, cell.id, finding)
