"""`--timing`: a table of phases and rules, the longest first."""

from __future__ import annotations

from modfix.timing import Stopwatch


def timing_table(watch: Stopwatch) -> str:
    """Milliseconds, share and number of laps by name, and the sum; only what was timed."""
    whole = sum(watch.seconds.values()) or 1.0
    rows = sorted(watch.seconds.items(), key=lambda row: -row[1])
    lines = [
        f"{1000 * seconds:9.1f} ms {100 * seconds / whole:5.1f} % {watch.counts[name]:7,} x  {name}"
        for name, seconds in rows
    ]
    return "\n".join([*lines, f"{1000 * whole:9.1f} ms in all"])
