"""Whether time grows with the size of modules: `python -m benchmarks.growth [WORD…]`.

Every shape of `tests/hostile/growing.py` whose name holds one of the words (none: all) is checked
and repaired, unsafe fixes included, with some units, twice and four times as many, in CPU seconds
of a process of its own; `!` marks what grows more than two and a half times where it is doubled.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.in_process import linter_for
from modfix.document.document import Document
from modfix.fix.rounds import repair_with
from modfix.lint.checking import check_document
from modfix.lint.linter import Linter, wanted
from modfix.report.diff import unified_diff
from tests.hostile.growing import GROWING, Growing

UNITS = 500
WORTH = 0.3  # seconds: less says nothing about growth
Work = Callable[[Linter, Document], object]


def main(words: list[str]) -> None:
    """Print a row for every shape and work."""
    linter = linter_for(Path.cwd())
    for name, shape in GROWING.items():
        if not words or any(word in name for word in words):
            for title, work in {"check": check, "fix": fix}.items():
                times = [seconds(work, linter, shape, UNITS * by) for by in (1, 2, 4)]
                grows = times[2] > WORTH and times[2] > 2.5 * times[1]
                row = "  ".join(f"{each:7.2f}" for each in times)
                print(f"{name:<36} {title:<6} {row}  {'!' * grows}", flush=True)


def check(linter: Linter, document: Document) -> object:
    """All that a report can show."""
    return check_document(document, linter, changes=True)


def fix(linter: Linter, document: Document) -> object:
    """The diff of all repairs."""
    made = repair_with(linter, document, lambda finding: wanted(finding, unsafe=True))
    return unified_diff(made.before, made.after)


def seconds(work: Work, linter: Linter, shape: Growing, units: int) -> float:
    """What a work takes, reading included, in a process of its own."""
    data = shape.text(units).encode()
    read, write = os.pipe()
    if not (pid := os.fork()):
        began = time.process_time()
        work(linter, Document.from_bytes(Path(f"m_dev{shape.suffix}"), data))
        os.write(write, str(time.process_time() - began).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, encoding="ascii") as answer:
        said = answer.read()
    os.waitpid(pid, 0)
    return float(said) if said else float("nan")


if __name__ == "__main__":
    main(sys.argv[1:])
