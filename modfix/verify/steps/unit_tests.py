"""Step `pytest`: the unit tests of the module, `pytest module.py`."""

from __future__ import annotations

from modfix.verify.bench import Bench
from modfix.verify.found import Found
from modfix.verify.steps.pytest_run import run_pytest


def check(bench: Bench) -> Found:
    """Collect and run the test functions of the module itself."""
    with bench.scratch() as scratch:
        return run_pytest(bench, scratch, scratch.module)
