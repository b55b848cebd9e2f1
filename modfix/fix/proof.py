"""Proves a repair: the repaired module is run, and no step may be worse than before."""

from __future__ import annotations

from msgspec import Struct

from modfix.fix.rounds import Repair
from modfix.settings import Settings
from modfix.verify.run import OnStep, verify, worse
from modfix.verify.verdict import StepResult, Verdict


class Proof(Struct, frozen=True):
    """The verdict on the repaired module and the steps that the repair made worse.

    `before` is the verdict on the original, of the steps that did not pass after the repair.
    """

    verdict: Verdict
    worse: tuple[StepResult, ...]
    before: Verdict

    @property
    def holds(self) -> bool:
        """Whether the repair may be written: no step is worse, and not all were skipped."""
        return not self.worse and not self.nothing_ran

    @property
    def nothing_ran(self) -> bool:
        """Whether every step was skipped: nothing is proven then."""
        return all(step.outcome == "skipped" for step in self.verdict.steps)


def prove(
    repair: Repair, settings: Settings, on_step: OnStep | None = None, *, cached: bool = False
) -> Proof:
    """Verify a repaired module; `cached` lets what passed on the same inputs stand.

    What does not pass is run on the original too: a step that failed before is not blamed on the
    repair, and one that can no longer be run is. A step that passes cannot be worse, so it needs
    no second run.
    """
    after = verify(repair.after, settings, on_step=on_step, cached=cached)
    open_steps = {step.step for step in after.steps if step.outcome != "passed"}
    if not open_steps:
        return Proof(after, (), Verdict(repair.before.path, ()))
    before = verify(repair.before, settings, only=open_steps, cached=cached)
    return Proof(after, tuple(worse(before, after)), before)
