"""`modfix.verify`: runs a saved module through the steps of validation, because somebody asked.

The only part of the server that runs course code.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import click

from modfix.errors import one_line
from modfix.lint.discover import read_document
from modfix.report.verdict import step_lines, verdict_line
from modfix.settings import Settings
from modfix.verify.process import run_no_more
from modfix.verify.run import verify
from modfix.verify.verdict import StepResult, Verdict


class Cancelled(Exception):
    """The person wants no more of it."""


class Progress(Protocol):
    """Where a person sees how far it is."""

    def report(self, message: str, percentage: int) -> None:
        """Say what runs now, and how much of 100 is done. Called from another thread."""

    @property
    def cancelled(self) -> bool:
        """Whether the person wants no more of it."""


class Verifications:
    """Runs verifications, one after the other, beside everything else."""

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(1, "modfix-verify")
        self.used = threading.Event()

    async def run(self, path: Path, settings: Settings, progress: Progress) -> Verdict:
        """The verdict over a saved module.

        Raises ModfixError for what cannot be run, and Cancelled once a step ends after the person
        has said so.
        """
        self.used.set()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.thread, _verdict, path, settings, progress)

    def end(self) -> None:
        """End what runs, for good."""
        if self.used.is_set():
            run_no_more()
        self.thread.shutdown(wait=True, cancel_futures=True)


def _verdict(path: Path, settings: Settings, progress: Progress) -> Verdict:
    done, total = 0, max(len(settings.verify.steps), 1)

    def on_step(title: str, result: StepResult | None) -> None:
        nonlocal done
        done += result is not None
        if progress.cancelled:
            raise Cancelled
        progress.report(title, 100 * done // total)

    if progress.cancelled:
        raise Cancelled
    return verify(read_document(path), settings, on_step=on_step, cached=True)


def summary(path: Path, verdict: Verdict, *, unsaved: bool) -> str:
    """The verdict in a line, with the first step that failed."""
    line = f"{path.name}: {click.unstyle(verdict_line(verdict))}"
    for step in verdict.failed[:1]:
        line += f"; {step.title} failed: {step.reason}"
    return one_line(f"{line}; what is not saved yet was not run" if unsaved else line)


def details(path: Path, verdict: Verdict) -> str:
    """Every step, as `modfix verify` prints it."""
    steps = [click.unstyle(step_lines(step)) for step in verdict.steps]
    return "\n".join([one_line(str(path)), *steps, click.unstyle(verdict_line(verdict))])


def as_data(verdict: Verdict) -> dict[str, Any]:
    """The verdict as plain data, the answer to the command."""
    steps = [
        {"step": each.step, "outcome": each.outcome, "reason": each.reason}
        for each in verdict.steps
    ]
    return {"passed": verdict.passed, "sandbox": verdict.sandbox, "steps": steps}
