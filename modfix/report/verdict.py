"""A verdict as it comes about: a line a step, with a bar on a terminal while it runs."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

import click

from modfix.errors import one_line
from modfix.report.progress import Bar, wipe

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
        self.bar = Bar(total, patience=0)
        self.done = 0

    def __enter__(self) -> StepPrinter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        wipe()

    def on_step(self, title: str, result: StepResult | None) -> None:
        """A step that begins (no result yet) or ends."""
        if result is None:
            self.done %= self.bar.total  # a second proof begins anew
            self.bar.show(self.done, f"{self.label}: {title}")
            return
        self.done += 1
        wipe()
        self.say(step_lines(result))


def step_lines(result: StepResult) -> str:
    """One step: its outcome, title and time; for a failure the place, reason and detail."""
    outcome = click.style(f"{result.outcome:<7}", fg=_COLOURS[result.outcome], bold=True)
    head = f"  {outcome}  {result.title:<28} {result.seconds:6.1f} s"
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
