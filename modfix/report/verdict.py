"""A verdict as it comes about: a line a step, with a bar on a terminal while it runs."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

import click

from modfix.errors import one_line
from modfix.report.running import Running

if TYPE_CHECKING:
    from modfix.verify.verdict import StepResult, Verdict

_COLOURS = {"passed": "green", "failed": "red", "skipped": "yellow"}


class StepPrinter:
    """Prints each of `total` steps when it is done; a bar on a terminal shows which one runs.

    `say` prints a line, `label` names the module in the bar.
    """

    def __init__(self, total: int, label: str, say: Callable[[str], None] = click.echo) -> None:
        self.say = say
        self.label = label
        self.running = Running(total)

    def __enter__(self) -> StepPrinter:
        self.running.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.running.__exit__(kind, error, trace)

    def on_step(self, title: str, result: StepResult | None) -> None:
        """A step that begins (no result yet) or ends."""
        running = self.running
        if result is None:
            running.done %= running.bar.total  # a second proof begins anew
            running.begins(self.label, title)
            return
        running.done += 1
        running.ends(self.label)
        with running.cleared():
            self.say(step_lines(result))


def step_lines(result: StepResult) -> str:
    """One step: its outcome, title and time; for a failure the place, reason and detail."""
    outcome = click.style(f"{result.outcome:<7}", fg=_COLOURS[result.outcome], bold=True)
    took = "  cached" if result.cached else f"{result.seconds:6.1f} s"
    head = f"  {outcome}  {result.title:<28} {took}"
    lines = [f"{head}  {one_line(result.reason)}".rstrip()]
    if result.outcome == "failed" and result.place is not None:
        place = result.place
        name = f" `{place.cell_id}`" if place.cell_id else ""
        within = f"line {place.cell_line}" if place.cell_line else "its marker"
        lines.append(f"           at line {place.line}: cell {place.cell}{name}, {within}")
    if result.outcome == "failed" and result.detail:
        lines += [f"           {_shown(line)}".rstrip() for line in result.detail.splitlines()]
    return "\n".join(lines)


def _shown(line: str) -> str:
    """A line of a course's output, without what would steer the terminal."""
    return one_line(line.expandtabs())


def verdict_line(verdict: Verdict) -> str:
    """The verdict in one line, with the sandbox that course code ran in."""
    outcomes = [step.outcome for step in verdict.steps]
    counts = [f"{outcomes.count(name)} {name}" for name in _COLOURS if name in outcomes]
    colour = "green" if verdict.passed else "red"
    word = "verified" if verdict.passed else "not verified"
    told = f"{', '.join(counts)} (sandbox: {verdict.sandbox})"
    return f"{click.style(word, fg=colour, bold=True)}: {told}"
