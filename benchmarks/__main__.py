"""`python -m benchmarks`: the table of speed, each row a ratio of two things in this very run.

    python -m benchmarks [--clock cpu] [--rounds 5] [--only WORD] [MODULE]

On a machine that does other work, `--clock cpu` counts processor time where one process works.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks import in_process, rows
from benchmarks.courses import write_course
from benchmarks.measure import Command, timed
from benchmarks.plot import write_plot
from benchmarks.rows import Bench, Row

SHIPPED = Path(__file__).parent.parent / "modules" / "17_compression" / "compression_dev.py"
SIZES = (20, 200, 2000)
PLOT = Path(__file__).parent / "time-by-size.svg"


def main() -> None:
    """Measure, print the table, draw the plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("module", nargs="?", type=Path, default=SHIPPED)
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="the groups whose name holds this word")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="modfix-bench-") as place:
        bench = _bench(Path(place), given.module, given.rounds, given.clock)
        print(_head(given.clock), flush=True)
        for name, group in _groups(bench).items():
            if given.only in name:
                _print(group())


def _bench(place: Path, module: Path, rounds: int, clock: str) -> Bench:
    copy = place / "one" / module.name
    copy.parent.mkdir()
    shutil.copyfile(module, copy)
    (copy.parent / "modfix.toml").write_text("")
    courses = {}
    for size in SIZES:
        courses[size] = place / str(size)
        write_course(courses[size], size)
    return Bench(copy, courses, rounds, clock)


def _groups(bench: Bench) -> dict[str, Callable[[], Iterable[Row]]]:
    groups: dict[str, Callable[[], Iterable[Row]]] = {
        "start-up": lambda: rows.start_up(bench),
        "cold": lambda: rows.cold(bench),
        "linting": lambda: in_process.linting(bench.module),
        "growth": in_process.growth,
        "fix": lambda: rows.repairs(bench),
        "large": lambda: [*rows.memory(bench), *rows.large_course(bench)],
        "plot": lambda: _plotted(bench),
    }
    if rows.has_peers():
        groups["peers"] = lambda: rows.peers(bench)
    return groups


def _plotted(bench: Bench) -> list[Row]:
    """The plot of time against size; it adds no row."""
    series: dict[str, list[tuple[int, float]]] = {"no cache": [], "nothing changed": []}
    for size, folder in bench.courses.items():
        series["no cache"].append((size, timed(Command(rows.check("--no-cache"), folder)).wall))
        timed(Command(rows.check(), folder))
        series["nothing changed"].append((size, timed(Command(rows.check(), folder)).wall))
    write_plot(PLOT, series)
    return []


def _head(clock: str) -> str:
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    cpus = len(os.sched_getaffinity(0))
    return (
        f"best of several rounds in turns, {clock} time, {cpus} processors, load {load}\n\n"
        "| what | ours | theirs | ratio | bar | |\n|---|---|---|---|---|---|"
    )


def _print(found: Iterable[Row]) -> None:
    for row in found:
        scale = 1000 if row.unit == "ms" else 1
        ours, theirs = scale * row.ours, scale * row.theirs
        print(
            f"| {row.what} | {ours:,.0f} {row.unit} | {theirs:,.0f} {row.unit} | {row.ratio:.2f} "
            f"| {row.bar} | {'met' if row.met else 'MISSED'} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
