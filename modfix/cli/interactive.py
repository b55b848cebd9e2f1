"""`fix --interactive`: shows each fix and asks what is to become of it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from modfix.document.document import Document
from modfix.errors import ModfixError
from modfix.fix.apply import apply_fixes
from modfix.fix.choosing import Answer, Choices, Chosen
from modfix.fix.transaction import require_writable
from modfix.lint.linter import Linter
from modfix.report.one_fix import fix_shown
from modfix.rule import Finding

_KEYS = "y,n,a,d,q,?"
_HELP = """\
y - make this fix
n - skip it
a - make it and the rest of {code}
d - skip it and the rest of {code}
q - ask no more: skip what is left, and prove and write what was accepted
? - these lines
Ctrl-C or Ctrl-D - write nothing"""
_WORDS = {"yes": "y", "accept": "y", "no": "n", "skip": "n", "all": "a", "quit": "q"}


class Dialogue:
    """Questions on the terminal, or answers line by line from whatever standard input is.

    `aside` asks on stderr, for stdout is a report.
    """

    def __init__(self, *, aside: bool = False) -> None:
        self.aside = aside
        self.choices = Choices(self._ask)
        self.ended = False
        self.writable: set[Path] = set()

    def about(self, linter: Linter, document: Document) -> Chosen:
        """The choice among the fixes of one module."""
        return Chosen(self.choices, linter, document)

    def finish(self) -> None:
        """Raise ModfixError when the answers ended before the questions."""
        if self.ended:
            raise ModfixError(
                "the answers ended before the questions; nothing was written",
                todo="`q` ends the questions and keeps what was accepted",
            )

    def _ask(self, document: Document, finding: Finding) -> Answer:
        if document.path not in self.writable:  # told now, not after the last answer
            require_writable(document.path)
            self.writable.add(document.path)
        after = apply_fixes(document, [finding]).document
        self._say(fix_shown(document, after, finding))
        while True:
            self._say(click.style(f"Make this fix? [{_KEYS}] ", bold=True), end=False)
            answer = self._answer()
            if answer in {each.value for each in Answer}:
                return Answer(answer)
            self._say(_HELP.format(code=finding.code))

    def _answer(self) -> str:
        """One line of an answer, as a key; the end of the answers ends the questions."""
        line = sys.stdin.buffer.readline().decode(errors="replace")
        if not sys.stdin.isatty() or not line:
            self._say(line.strip())  # a terminal has shown it
        if not line:
            self.ended = True
            return Answer.QUIT.value
        word = line.strip().lower()
        return _WORDS.get(word, word)

    def _say(self, text: str, *, end: bool = True) -> None:
        click.echo(text, nl=end, err=self.aside)
