"""Proves repairs before a person's eyes; of one that does not hold, what can be saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from modfix.cli.console import Console
from modfix.errors import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from modfix.cli.ahead import Ahead
    from modfix.fix.proof import Proof
    from modfix.fix.rounds import Repair
    from modfix.fix.saving import Again, Blame
    from modfix.lint.linter import Linter


@dataclass(frozen=True)
class Plan:
    """A repair that is to be carried out, and how to make it again by some of its rules.

    `begun` is its proof, where that has begun before its turn.
    """

    linter: Linter
    repair: Repair
    again: Again
    begun: Ahead | None = None


@dataclass(frozen=True)
class Proven:
    """What a proof leaves to be written: a repair or nothing.

    `refused` says that something had to be left out, `unverified` that a step failed as it did
    before and could prove nothing.
    """

    repair: Repair | None
    refused: bool = False
    unverified: bool = False


@dataclass
class Prover:
    """Proves plans. `writes` is for the words: what is refused keeps its bytes, or would.

    `cached` lets what passed on the same inputs stand.
    """

    console: Console
    writes: bool
    cached: bool = False

    def prove(self, plan: Plan, count: str = "") -> Proven:
        """Run the repaired module; `count` says which of how many it is."""
        from modfix.fix.proof import prove
        from modfix.report.verdict import StepPrinter
        from modfix.verify.sandbox import sandbox_for

        settings, path = plan.linter.settings, self._path(plan)
        apart = f"(sandbox: {sandbox_for(settings.verify.sandbox)})"
        self.console.say(f"{path}: running the repaired module {apart}")
        label = f"{count}{plan.repair.before.path.name}"
        with StepPrinter(len(settings.verify.steps), label, self.console.say) as printer:
            if plan.begun is not None:
                proof = plan.begun.follow(printer.on_step)
            else:
                proof = prove(plan.repair, settings, printer.on_step, cached=self.cached)
        if proof.holds:
            return Proven(plan.repair, unverified=self._unverified(path, proof))
        if proof.nothing_ran:
            self.console.refuse(f"{path}: every step was skipped, so nothing is proven")
            return Proven(None, refused=True)
        return self._rescued(plan, proof, label)

    def _rescued(self, plan: Plan, proof: Proof, label: str) -> Proven:
        """What is left of a refused repair without the rules to blame."""
        from modfix.fix.saving import Rescue
        from modfix.report.verdict import StepPrinter

        path, rules = self._path(plan), {finding.code for finding in plan.repair.fixed}
        if len(rules) > 1:
            names = ", ".join(f"`{step.title}`" for step in proof.worse)
            self.console.say(f"{path}: the repair makes {names} fail; trying without the rule")
        total = len(plan.linter.settings.verify.steps)
        with StepPrinter(total, label, self.console.say) as printer:
            rescue = Rescue(
                plan.linter,
                plan.again,
                lambda: printer.on_step("looking for the rule to blame", None),
                printer.on_step,
                self.cached,
            )
            saved = rescue.of(plan.repair, proof)
        self._refuse(path, saved.blamed, kept=saved.repair is not None)
        unverified = saved.proof is not None and self._unverified(path, saved.proof)
        return Proven(saved.repair, refused=True, unverified=unverified)

    def _refuse(self, path: str, blamed: Sequence[Blame], *, kept: bool) -> None:
        why = ", ".join(map(str, blamed))
        if kept:
            rest = "left out; the other fixes are proven"
        else:
            rest = "the original keeps every byte" if self.writes else "nothing would be written"
        self.console.refuse(f"{path}: {why}; {rest}")

    def _unverified(self, path: str, proof: Proof) -> bool:
        """Tell which steps failed before as well; whether there are any."""
        names = ", ".join(f"`{step.title}`" for step in proof.verdict.failed)
        if names:
            self.console.note(
                f"{path}: {names} failed before the repair too and could prove nothing"
            )
        return bool(names)

    def _path(self, plan: Plan) -> str:
        return one_line(str(plan.repair.before.path))
