"""Why a graded cell scores what it should not, and the finding of a rule that says so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from modfix.lint.linter import make_linter
from modfix.nbgrader.clearing import Cleared
from modfix.rule import Finding, Severity
from modfix.syntax.index import read_module
from modfix.syntax.module import Module
from modfix.verify.bench import Bench, Event
from modfix.verify.steps.graded_versions import PERFECT, UNSOLVED

_NAME = re.compile(r"name '(\w+)' is not defined")
# Families of rules (see the design): what a release blanks, and what grading does.
_OF_RELEASE, _OF_GRADING = "NBG3", "NBG4"


class Cause(Struct, frozen=True):
    """A likely cause in words, and the rule's finding that stands for it (None: no rule does)."""

    text: str
    finding: Finding | None

    @property
    def accepted(self) -> bool:
        """Whether the course's standard takes it for no more than a warning."""
        return self.finding is not None and self.finding.severity is Severity.WARNING

    @property
    def told(self) -> str:
        """The cause with the rule's code."""
        if self.finding is None:
            return self.text
        grave = ", a warning" if self.accepted else ""
        return f"{self.text} ({self.finding.code}{grave})"


class Causes:
    """Looks for causes in one module: its rules are run once, its code is parsed once."""

    def __init__(self, bench: Bench, cleared: Sequence[Cleared]) -> None:
        self.bench = bench
        linter = make_linter(bench.settings, where=str(bench.document.path))
        self.findings = linter.findings(bench.document)
        self.module: Module = read_module(bench.document, bench.settings, {})
        self.blanked = [index for index, each in enumerate(cleared) if each.blanked]

    def of(self, score: Event) -> Cause:
        """The likely cause of one score."""
        if score["version"] == PERFECT:
            return self._of_perfect(score)
        if score["version"] == UNSOLVED:
            finding = self._finding(score["cell"], _OF_GRADING)
            return Cause("nothing in it fails without the solution", finding)
        return Cause(_fault(score), self._finding(score["cell"], _OF_GRADING))

    def _of_perfect(self, score: Event) -> Cause:
        missing = _NAME.search(score["message"])
        for index in self.blanked:
            if missing is not None and missing[1] in self._bound(index):
                text = f"{self._called(index)} is released blank, so `{missing[1]}` is gone"
                return Cause(text, self._finding(index, _OF_RELEASE))
        for index in self.blanked:
            if self._bound(index):
                text = f"{_fault(score)}; {self._called(index)} is released blank"
                return Cause(text, self._finding(index, _OF_RELEASE))
        return Cause(_fault(score), self._finding(score["cell"], _OF_RELEASE))

    def _bound(self, index: int) -> set[str]:
        """The names that a cell binds."""
        statements = (each for each in self.module.statements if each.cell == index)
        return {name for statement in statements for name in statement.binds}

    def _called(self, index: int) -> str:
        cell = self.bench.document.cells[index]
        return f"`{cell.id}`" if cell.id else f"cell {index}"

    def _finding(self, cell: int, family: str) -> Finding | None:
        """The gravest finding of a family in a cell."""
        found = [f for f in self.findings if f.cell == cell and f.code.startswith(family)]
        return min(found, key=lambda f: f.severity is Severity.WARNING, default=None)


def _fault(score: Event) -> str:
    """What went wrong in a cell that does not get its points."""
    name, message = score["name"], next(iter(score["message"].strip().splitlines()), "")
    if name == "stderr":
        return f"it writes to stderr, which nbgrader counts as failure: {message}"
    if name == "partial":
        return "its last value gives partial credit only"
    if name == "CellTimeoutError":
        return "nbgrader stopped it after 30 s, its limit for a cell"
    return f"{name}: {message}" if message else str(name)
