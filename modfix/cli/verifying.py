"""Verifies modules, several at once, and prints them one after the other, in their order.

A thread stands behind each module that runs: it waits for the processes of the steps. What they
tell comes to the main thread, which prints the module whose turn it is as it goes and the others
when theirs comes; there also a signal arrives that stops the run.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

import click

from modfix.cli.selection import Selection
from modfix.errors import ModfixError, one_line
from modfix.lint.workers import usable_cpus

if TYPE_CHECKING:
    from modfix.document.document import Document
    from modfix.report.running import Running
    from modfix.settings import Settings
    from modfix.verify.verdict import StepResult, Verdict

MOST_JOBS = 4
_SHARE = 4  # a module is reckoned to need that part of its limit of memory


@dataclass(frozen=True, slots=True)
class _Told:
    """What there is to tell of a module: that it begins (nothing but its number), that a step
    begins (its title) or ends, or how the module ended."""

    number: int
    title: str = ""
    step: StepResult | None = None
    end: Verdict | BaseException | None = None


@dataclass
class Verification:
    """The verification of some module files; `jobs` is how many at once, None for a fit number."""

    selection: Selection
    files: Sequence[Path]
    cached: bool = True
    jobs: int | None = None
    failed: int = 0
    heard: SimpleQueue[_Told] = field(default_factory=SimpleQueue)
    waiting: dict[int, list[_Told]] = field(default_factory=dict)
    running: dict[int, threading.Thread] = field(default_factory=dict)
    turn: int = 0
    started: int = 0

    def run(self) -> int:
        """Verify and print every module; how many failed."""
        from modfix.report.running import Running
        from modfix.verify.process import run_no_more

        try:
            with Running(self._parts()) as shown:
                while self.turn < len(self.files):
                    self._start()
                    if self._print(shown):
                        self.turn += 1
                    elif self.turn in self.running:
                        self._hear(shown)
        except BaseException:
            run_no_more()
            for thread in self.running.values():
                if thread.ident is not None:
                    thread.join()
            raise
        return self.failed

    def _parts(self) -> int:
        """Of what the bar counts: the steps of a single module, else the modules."""
        if len(self.files) != 1:
            return len(self.files)
        try:
            return len(self.selection.linter(self.files[0]).settings.verify.steps)
        except ModfixError:  # told when it is its turn
            return 1

    def _start(self) -> None:
        """Begin with as many modules as may run."""
        while self.started < len(self.files):
            number, path = self.started, self.files[self.started]
            if self.running and len(self.running) >= self._most(path):
                return
            self.started += 1
            self.waiting[number] = []
            try:
                self._begin(number, path)
            except ModfixError as error:
                self.waiting[number].append(_Told(number, end=error))

    def _begin(self, number: int, path: Path) -> None:
        from modfix.lint.discover import read_document

        document, settings = read_document(path), self.selection.linter(path).settings
        self.waiting[number].append(_Told(number))
        work = partial(self._verify, number, document, settings)
        self.running[number] = threading.Thread(target=work, daemon=True)
        self.running[number].start()

    def _verify(self, number: int, document: Document, settings: Settings) -> None:
        """The work of a thread."""
        from modfix.verify.run import verify

        def on_step(title: str, step: StepResult | None) -> None:
            self.heard.put(_Told(number, title, step))

        try:
            verdict = verify(document, settings, on_step=on_step, cached=self.cached)
            self.heard.put(_Told(number, end=verdict))
        except BaseException as error:  # the main thread raises it again
            self.heard.put(_Told(number, end=error))

    def _hear(self, shown: Running) -> None:
        """Wait for the next thing that a thread tells."""
        told = self.heard.get()
        self.waiting[told.number].append(told)
        name = self.files[told.number].name
        if told.end is not None:
            self.running.pop(told.number).join()
        if told.step is not None or told.end is not None:
            shown.ends(name)
            shown.done += len(self.files) == 1 or told.end is not None
        else:
            shown.begins(name, told.title)

    def _print(self, shown: Running) -> bool:
        """Print what is known of the module whose turn it is; whether that is all."""
        known = self.waiting[self.turn]
        while known:
            told = known.pop(0)
            with shown.cleared(), self.selection.failures.going_on():
                self._tell(told)
            if told.end is not None:
                return True
        return False

    def _tell(self, told: _Told) -> None:
        from modfix.report.verdict import step_lines, verdict_line

        if isinstance(told.end, BaseException):
            raise told.end
        if told.end is not None:
            click.echo(verdict_line(told.end))
            self.failed += not told.end.passed
        elif told.step is not None:
            click.echo(step_lines(told.step))
        elif not told.title:
            click.echo(click.style(one_line(str(self.files[told.number])), bold=True))

    def _most(self, path: Path) -> int:
        """How many modules run at once: as many as there are processors and memory for."""
        if self.jobs is not None:
            return self.jobs
        try:
            return fit_jobs(self.selection.linter(path).settings)
        except ModfixError:  # it will not be run at all
            return len(self.running) + 1


def fit_jobs(settings: Settings) -> int:
    """How many modules may run at once, as far as processors and memory go."""
    share = settings.verify.memory // _SHARE
    return min(usable_cpus(), MOST_JOBS, max(1, _free_memory() // share))


def _free_memory() -> int:
    """MiB of memory that can be had; where the system does not say, more than enough."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return 1 << 20
    told = (line.split()[1] for line in lines if line.startswith("MemAvailable:"))
    return int(next(told, 1 << 30)) >> 10
