"""Step `run`: the module as a program, `python module.py`, must come to its end with status 0."""

from __future__ import annotations

from modfix.verify.bench import Bench
from modfix.verify.found import PASSED, Found, trouble


def check(bench: Bench) -> Found:
    """Run the module; its tests and demos behind guards run too."""
    with bench.scratch() as scratch:
        answer = bench.ask("run", scratch)
    return trouble(bench, answer) or PASSED
