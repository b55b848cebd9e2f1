"""Step `integration`: the module's integration test, called after an import."""

from __future__ import annotations

from modfix.verify.bench import Bench
from modfix.verify.found import PASSED, Found, skipped, trouble


def check(bench: Bench) -> Found:
    """Call the function that `names.integration` names."""
    name = bench.settings.names.integration
    absent = f"the module defines no `{name}`"
    if not name or name not in "\n".join(bench.program.lines):  # spares a run
        return skipped(absent)
    with bench.scratch() as scratch:
        answer = bench.ask("integration", scratch, function=name)
    if answer.first("undefined") is not None:
        return skipped(absent)
    return trouble(bench, answer) or PASSED
