"""A person's choice among fixes: one at a time, each in the document as the ones before left it."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from modfix.document.document import Document
from modfix.fix.rounds import Choose, Repair, repair_with, turns
from modfix.fix.skipped import Key, Skipped, key_of
from modfix.lint.linter import Linter
from modfix.rule import Finding
from modfix.syntax.module import CodeCell

MOST_FIXES = 500  # of one module, chosen one by one


class Answer(enum.Enum):
    """What is to become of a fix."""

    ACCEPT = "y"
    SKIP = "n"
    ACCEPT_RULE = "a"
    SKIP_RULE = "d"
    QUIT = "q"


Ask = Callable[[Document, Finding], Answer]
Wanted = Callable[[Finding], bool]


@dataclass
class Choices:
    """The answers of a run, and whom to ask for more."""

    ask: Ask
    accepted_rules: set[str] = field(default_factory=set)
    skipped_rules: set[str] = field(default_factory=set)
    over: bool = False

    def accepts(self, document: Document, finding: Finding) -> bool:
        """Whether a fix is to be made; asks where no earlier answer says so."""
        if finding.code in self.accepted_rules:
            return True
        answer = self.ask(document, finding)
        if answer is Answer.ACCEPT_RULE:
            self.accepted_rules.add(finding.code)
        elif answer is Answer.SKIP_RULE:
            self.skipped_rules.add(finding.code)
        elif answer is Answer.QUIT:
            self.over = True
        return answer in (Answer.ACCEPT, Answer.ACCEPT_RULE)


class Chosen:
    """What was chosen of one module. A finding is known by its rule, text and message."""

    def __init__(self, choices: Choices, linter: Linter, document: Document) -> None:
        self.choices = choices
        self.linter = linter
        self.document = document
        self.accepted: Counter[Key] = Counter()
        self.skipped = Skipped()
        self.cells: dict[str, CodeCell] = {}

    def repair(self, wanted: Wanted) -> Repair:
        """The repair that is made of the answers; raises as `repair_with` does."""
        return self._repair(wanted, self._choose)

    def again(self, wanted: Wanted, codes: Collection[str]) -> Repair:
        """The same repair by some of the rules, without asking again."""
        made = Counter(self.accepted)
        turn = turns(self.linter)

        def choose(document: Document, findings: Sequence[Finding]) -> Sequence[Finding]:
            left = [
                each for each in findings if each.code in codes and made[key_of(document, each)]
            ]
            chosen = sorted(turn(document, left), key=_weight)[:1] if left else []
            made.subtract(key_of(document, each) for each in chosen)
            return chosen

        return self._repair(wanted, choose)

    def _repair(self, wanted: Wanted, choose: Choose) -> Repair:
        return repair_with(
            self.linter, self.document, wanted, choose, self.cells, most_rounds=MOST_FIXES
        )

    def _choose(self, document: Document, findings: Sequence[Finding]) -> Sequence[Finding]:
        """The next fix to make, none when all have been answered."""
        while left := self._unanswered(document, findings):
            finding = min(turns(self.linter)(document, left), key=_weight)
            if self.choices.accepts(document, finding):
                self.accepted[key_of(document, finding)] += 1
                assert finding.fix is not None
                self.skipped.moved(document.replacements(finding.fix.edits))
                return [finding]
            self.skipped.add(document, finding)
        return []

    def _unanswered(self, document: Document, findings: Sequence[Finding]) -> list[Finding]:
        """The findings that nobody has skipped."""
        if self.choices.over:
            return []
        rules = self.choices.skipped_rules
        return self.skipped.others(document, [each for each in findings if each.code not in rules])


def _weight(finding: Finding) -> int:
    """What changes the structure of cells goes first, as in a round of many fixes."""
    return -len(finding.fix.edits) if finding.fix else 0
