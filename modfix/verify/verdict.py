"""What verification says: one result a step, one verdict a module."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from msgspec import Struct

Outcome = Literal["passed", "failed", "skipped"]


class Place(Struct, frozen=True):
    """Where a step failed: the index and id of the cell, the line in the cell and in the file.

    Lines count from 1; a `cell_line` of 0 is the cell's marker.
    """

    cell: int
    cell_id: str | None
    cell_line: int
    line: int


class StepResult(Struct, frozen=True):
    """What one step came to.

    `reason` is one line ("" for most passes), `detail` a few: the failing source line, the
    error, the end of the output. `broken` says that the step could not be carried through (a
    crash, a time-out, any error but a failed assertion), `faults` names what failed where a step
    knows all of it (test names, say); both serve the comparison of two verdicts. `cached` says
    that the step passed earlier, on the same inputs, and was not run again.
    """

    step: str
    title: str
    outcome: Outcome
    seconds: float
    reason: str = ""
    place: Place | None = None
    detail: str = ""
    broken: bool = False
    faults: frozenset[str] = frozenset()
    judged: frozenset[str] = frozenset()
    cached: bool = False


class Verdict(Struct, frozen=True):
    """The results of the steps of one module, in the order in which they ran.

    `sandbox` says how course code was kept apart: "bwrap", or "none" and why.
    """

    path: Path
    steps: tuple[StepResult, ...]
    sandbox: str = "none"

    @property
    def passed(self) -> bool:
        """Whether no step failed (a skipped step is no failure, and says why)."""
        return all(step.outcome != "failed" for step in self.steps)

    @property
    def failed(self) -> tuple[StepResult, ...]:
        """The steps that failed."""
        return tuple(step for step in self.steps if step.outcome == "failed")
