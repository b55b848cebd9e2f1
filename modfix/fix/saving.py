"""Saves what can be saved of a repair that is not proven: all but the rules that are to blame.

The rules of a repair are put in order. Somewhere in it a repair by the first rules alone begins to
fail: halving finds where, by running the one step that got worse. What is left without that rule
is proven as a whole, as every repair is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from modfix.errors import ModfixError
from modfix.fix.proof import Proof, prove
from modfix.fix.rounds import Repair
from modfix.lint.linter import Linter
from modfix.rule import Applicability
from modfix.settings import Settings
from modfix.verify.run import OnStep, verify, worse
from modfix.verify.verdict import StepResult

MOST_RUNS = 10  # of the one step or of a whole proof, after the first
LONGEST = 300.0  # seconds after which no further run begins

Again = Callable[[Collection[str]], Repair]  # the same repair by these rules alone


@dataclass(frozen=True, slots=True)
class Blame:
    """Rules whose fixes make a step fail: one, or some of which one does."""

    codes: tuple[str, ...]
    step: str

    def __str__(self) -> str:
        if len(self.codes) == 1:
            return f"the fix of {self.codes[0]} makes `{self.step}` fail"
        return f"a fix of {', '.join(self.codes)} makes `{self.step}` fail"


@dataclass(frozen=True, slots=True)
class Saved:
    """What is left of a repair without the rules to blame, and its proof; None where nothing is."""

    blamed: tuple[Blame, ...]
    repair: Repair | None = None
    proof: Proof | None = None


@dataclass
class Rescue:
    """The search for what can be saved of a repair of `linter`; `again` makes it by fewer rules.

    `on_run` is called before each run of one step, `on_step` as `verify` calls it; `cached` as
    there.
    """

    linter: Linter
    again: Again
    on_run: Callable[[], None] = lambda: None
    on_step: OnStep | None = None
    cached: bool = False
    runs: int = field(default=0, init=False)
    until: float = field(default_factory=lambda: time.monotonic() + LONGEST, init=False)

    def of(self, repair: Repair, proof: Proof) -> Saved:
        """What can be saved. Raises ModfixError as `verify` does."""
        codes = codes_in_order(repair, self.linter)
        blamed: list[Blame] = []
        while codes and proof.worse and self._may_run(1):
            step = proof.worse[0]
            guilty = self._guilty(codes, step, proof)
            blamed.append(Blame(tuple(guilty), step.title))
            codes = [code for code in codes if code not in guilty]
            smaller = self._made(codes)
            if smaller is None:
                break
            self.runs += 1
            proof = prove(smaller, self._settings, self.on_step, cached=self.cached)
            if proof.holds:
                return Saved(tuple(blamed), smaller, proof)
        return Saved(tuple(blamed))

    @property
    def _settings(self) -> Settings:
        return self.linter.settings

    def _may_run(self, count: int) -> bool:
        """Whether so many more runs may be made: the search leaves one for the proof."""
        return self.runs + count <= MOST_RUNS and time.monotonic() < self.until

    def _guilty(self, codes: Sequence[str], step: StepResult, proof: Proof) -> Sequence[str]:
        """The rule with which the repair begins to fail; more when there is no time to be sure."""
        holds, fails = 0, len(codes)
        while fails - holds > 1 and self._may_run(2):
            middle = (holds + fails) // 2
            if self._holds(codes[:middle], step, proof):
                holds = middle
            else:
                fails = middle
        return codes[holds:fails]

    def _holds(self, codes: Sequence[str], step: StepResult, proof: Proof) -> bool:
        """Whether a repair by some of the rules leaves a step as good as it was."""
        repair = self._made(codes)
        if repair is None:
            return True
        self.runs += 1
        self.on_run()
        after = verify(repair.after, self._settings, only=(step.step,), cached=self.cached)
        return not worse(proof.before, after)

    def _made(self, codes: Sequence[str]) -> Repair | None:
        """The repair by some of the rules, or None where there is none."""
        if not codes:
            return None
        try:
            repair = self.again(codes)
        except ModfixError:  # some of them need the others: nothing that could be run
            return None
        return repair if repair.changed else None


def codes_in_order(repair: Repair, linter: Linter) -> list[str]:
    """The rules of a repair: the safe before the unsafe, then by phase, then as they came."""
    phases = {rule.code: rule.phase for rule in linter.rules}
    unsafe = {
        each.code
        for each in repair.fixed
        if each.fix is not None and each.fix.applicability is not Applicability.SAFE
    }
    made = dict.fromkeys(finding.code for finding in repair.fixed)
    return sorted(made, key=lambda code: (code in unsafe, phases[code]))
