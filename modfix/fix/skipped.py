"""Findings whose fix a person did not want, known again in the text that accepted fixes leave.

A finding is known by what it says, as a baseline knows it, and by its place: an accepted fix may
change the very line of a skipped finding, its cell, or a line that its message names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from modfix.document.document import Document
from modfix.document.edit import Replacement
from modfix.lint.located import anchor
from modfix.rule import Finding

Key = tuple[str, str, str]
Match = Callable[[Document, "Skip", Finding], bool]


@dataclass
class Skip:
    """A skipped finding: what it says, and where in the text it may be now."""

    key: Key
    start: int
    end: int

    def moved(self, replacements: Iterable[Replacement]) -> None:
        """Follow the place through replacements of the text (sorted, none touching another)."""
        every = tuple(replacements)
        self.start = _moved(self.start, every, to_end=False)
        self.end = _moved(self.end, every, to_end=True)


def _moved(offset: int, replacements: Iterable[Replacement], *, to_end: bool) -> int:
    """Where an offset is after replacements; one of what is replaced goes to an end of the new."""
    shift = 0
    for each in replacements:
        if each.start > offset:
            break
        if each.end > offset:
            return each.start + shift + len(each.text) * to_end
        shift += len(each.text) - (each.end - each.start)
    return offset + shift


class Skipped:
    """The skipped findings of one module."""

    def __init__(self) -> None:
        self.skips: list[Skip] = []

    def add(self, document: Document, finding: Finding) -> None:
        """Skip a finding of the document as it is now."""
        at = _place(document, finding)
        self.skips.append(Skip(key_of(document, finding), at, at))

    def moved(self, replacements: Sequence[Replacement]) -> None:
        """The text changes."""
        for skip in self.skips:
            skip.moved(replacements)

    def others(self, document: Document, findings: Sequence[Finding]) -> list[Finding]:
        """The findings that nobody has skipped: of equal ones, the first were."""
        left, skips = list(findings), list(self.skips)
        for matches in (_is_there, _says_the_same, _is_near):
            for finding in list(left):
                skip = next((each for each in skips if matches(document, each, finding)), None)
                if skip is not None:
                    skips.remove(skip)
                    left.remove(finding)
        return left


def key_of(document: Document, finding: Finding) -> Key:
    """What a finding says: its rule, the text at its place, its message."""
    cell = document.cells[finding.cell]
    return finding.code, anchor(finding.code, cell, finding.start), finding.message


def _is_there(document: Document, skip: Skip, finding: Finding) -> bool:
    return _same_rule(skip, finding) and skip.start == skip.end == _place(document, finding)


def _says_the_same(document: Document, skip: Skip, finding: Finding) -> bool:
    return skip.key == key_of(document, finding)


def _is_near(document: Document, skip: Skip, finding: Finding) -> bool:
    """Whether a finding stands in the lines that a fix has made of the place."""
    if not _same_rule(skip, finding):
        return False
    start = document.text.rfind("\n", 0, skip.start) + 1
    end = document.text.find("\n", skip.end)
    return start <= _place(document, finding) <= (len(document.text) if end < 0 else end)


def _same_rule(skip: Skip, finding: Finding) -> bool:
    return skip.key[0] == finding.code


def _place(document: Document, finding: Finding) -> int:
    """The offset of a finding in the text of the file."""
    if finding.outside is not None:
        return finding.outside
    line, column, _ = document.place(finding.cell, finding.start)
    start = 0
    for _ in range(line - 1):
        start = document.text.index("\n", start) + 1
    return start + column - 1
