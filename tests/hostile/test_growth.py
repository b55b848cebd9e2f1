"""Work grows with the size of a module: twice as many units are at most some twice as many calls.

Calls of functions are counted, not time, so the answer is the same on any machine; what one call
does inside of C is measured by `python -m benchmarks.growth`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType

import pytest

from modfix.document.document import Document
from modfix.fix.rounds import repair_with
from modfix.lint.linter import Linter, make_linter, wanted
from modfix.report.diff import unified_diff
from modfix.settings import Settings
from tests.hostile.growing import GROWING, Growing

UNITS = 60
MOST = 2.5


@pytest.fixture(scope="module")
def linter() -> Linter:
    return make_linter(Settings(), where="")


@pytest.mark.parametrize("name", GROWING)
def test_calls_grow_with_the_units(name: str, linter: Linter) -> None:
    shape = GROWING[name]
    calls(linter, shape, 1)  # imports
    small, large = calls(linter, shape, UNITS), calls(linter, shape, 2 * UNITS)
    assert large <= MOST * small


def calls(linter: Linter, shape: Growing, units: int) -> int:
    """How many functions are called to read and repair a module and to show what changed."""
    data = shape.text(units).encode()
    count = 0

    def called(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        document = Document.from_bytes(Path(f"m_dev{shape.suffix}"), data)
        made = repair_with(linter, document, lambda finding: wanted(finding, unsafe=True))
        unified_diff(made.before, made.after)
    finally:
        sys.setprofile(before)
    return count
