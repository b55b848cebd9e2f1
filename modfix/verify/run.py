"""Runs the steps on one document, and compares two verdicts."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Collection
from pathlib import Path

from modfix.config import config_for
from modfix.document.document import Document
from modfix.errors import ModfixError
from modfix.settings import Settings
from modfix.verify.bench import Bench
from modfix.verify.found import Found, skipped
from modfix.verify.kept_steps import KeptSteps
from modfix.verify.sandbox import sandbox_for
from modfix.verify.scratch import remove_stale_scratch
from modfix.verify.verdict import StepResult, Verdict

# Name: the module of `modfix.verify.steps` and the title. In the order of the user's document.
STEPS = {
    "run": ("direct_run", "direct execution"),
    "import": ("importing", "import from another file"),
    "notebook": ("notebook", "conversion to a notebook"),
    "nbgrader": ("nbgrader", "nbgrader validation"),
    "grades": ("grades", "grades"),
    "pytest": ("unit_tests", "unit tests"),
    "integration": ("integration", "integration test"),
    "reference": ("reference", "contract of the reference"),
}
# Those that have Python run or import the module itself.
_AS_A_PROGRAM = frozenset({"run", "import", "pytest", "integration", "reference"})

OnStep = Callable[[str, StepResult | None], None]


def verify(
    document: Document,
    settings: Settings,
    *,
    only: Collection[str] | None = None,
    on_step: OnStep | None = None,
    base: Path | None = None,
    cached: bool = False,
) -> Verdict:
    """Run the chosen steps on a document's text, one after the other, each on a fresh copy.

    `only` takes the place of `settings.verify.steps`. `on_step` is called with a step's title
    before it (and None) and after it (and its result). `base` is the folder that
    `verify.python-path` and `verify.python` are relative to, by default that of the configuration
    above the module, else the module's. `cached` lets a step that passed on the same inputs stand
    and keeps what passes now, in the course's cache folder; else nothing is written outside a
    temporary folder.

    Raises ModfixError for an unknown step, an interpreter that cannot be run, and a sandbox that
    is wanted and cannot be had.
    """
    chosen = _chosen(settings.verify.steps if only is None else only)
    remove_stale_scratch()
    sandbox = sandbox_for(settings.verify.sandbox)
    bench = Bench(document, settings, (base or _base(document.path)).resolve(), sandbox)
    kept = KeptSteps(bench) if cached else None
    results = []
    for step in chosen:
        if on_step is not None:
            on_step(STEPS[step][1], None)
        result = _recalled(step, bench, kept)
        if on_step is not None:
            on_step(result.title, result)
        results.append(result)
    if kept is not None:
        kept.keep()
    return Verdict(document.path, tuple(results), str(sandbox))


def _recalled(step: str, bench: Bench, kept: KeptSteps | None) -> StepResult:
    """A step's result, kept or new."""
    if kept is None:
        return _result(step, bench)
    result = kept.recall(step)
    if result is None:
        result = _result(step, bench)
        kept.note(result)
    return result


def _base(path: Path) -> Path:
    configuration = config_for(path).path
    return path.parent if configuration is None else configuration.parent


def _chosen(names: Collection[str]) -> list[str]:
    unknown = sorted(set(names) - set(STEPS))
    if unknown:
        raise ModfixError(
            f"unknown step `{unknown[0]}`",
            where="verify.steps",
            todo=f"choose from {', '.join(STEPS)}",
        )
    return [step for step in STEPS if step in names]


def _result(step: str, bench: Bench) -> StepResult:
    module, title = STEPS[step]
    # Imported when it runs: a step may need nbformat and jupytext, the list of steps does not.
    check: Callable[[Bench], Found] = importlib.import_module(f"modfix.verify.steps.{module}").check
    began = time.monotonic()
    found = _only_for_kernels(step, bench) or check(bench)
    return StepResult(
        step=step,
        title=title,
        outcome=found.outcome,
        seconds=time.monotonic() - began,
        reason=found.reason,
        place=found.place,
        detail=found.detail,
        broken=found.broken,
        faults=found.faults,
        judged=found.judged,
    )


def _only_for_kernels(step: str, bench: Bench) -> Found | None:
    """The reason why a step that runs a notebook as a program cannot, or None."""
    place = bench.program.kernels_own if step in _AS_A_PROGRAM else None
    if place is None:
        return None
    at = f"cell {place.cell}, line {place.cell_line}"
    return skipped(f"only a kernel can `await` outside of functions ({at})")


def worse(before: Verdict, after: Verdict) -> list[StepResult]:
    """The steps of `after` that are worse than in `before`: what a fix has to answer for.

    A step that passed must pass again (a suite in which no test is left is worse), unless all that
    fails now was on record before (the test of a cell that has become a graded one). One that was
    skipped must not fail. One that failed may fail, but not break where it was carried through
    before, nor in more ways than before. A step that `before` does not have counts as passed. Of a
    step that judges things one by one, only what was there to be judged before counts.
    """
    earlier = {step.step: step for step in before.steps}
    return [step for step in after.steps if _is_worse(earlier.get(step.step), step)]


def _is_worse(before: StepResult | None, after: StepResult) -> bool:
    if after.outcome == "passed":
        return False
    if after.judged and not after.broken:
        judged = before.judged if before else frozenset()
        known = before.faults if before else frozenset()
        return any(fault.rpartition(" ")[2] in judged for fault in after.faults - known)
    if before is None:
        return after.outcome == "failed"
    if after.outcome == "skipped":
        return before.outcome == "passed"
    if before.outcome != "failed":
        return after.broken or not after.faults or not after.faults <= before.faults
    if before.broken or after.broken:
        return after.broken and not before.broken
    return bool(after.faults - before.faults)
