"""Deep nesting of every kind costs at most one finding: nothing hangs, nothing dies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.hostile.measured import measured
from tests.hostile.nesting import BRACKETS, CHAINS, SHAPES

LONG = pytest.mark.long
DEPTHS = [30, 400, 5_000, *(pytest.param(n, marks=LONG) for n in (95, 190, 990, 20_000, 100_000))]


def cells(*sources: str) -> str:
    """A percent script of these cells."""
    return "".join(f"# %%\n{source}\n\n" for source in sources)


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_cell_that_nests_leaves_the_others_checked(depth: int, tmp_path: Path) -> None:
    """A file for each shape, all in one run with all rules, which a death would end at once."""
    for number, shape in enumerate(SHAPES.values()):
        text = cells(shape(depth), "def f(:", "x = 1")
        (tmp_path / f"m{number}_dev.py").write_text(text)
    run = measured(["check", "--output-format", "json"], tmp_path)
    assert (run.code, run.err) == (1, "")
    unread: dict[str, list[int]] = {}
    for finding in json.loads(run.out):
        assert finding["name"] != "rule-failed", finding
        if finding["code"] == "FMT001":
            unread.setdefault(finding["path"], []).append(finding["cell"]["index"])
    for number, name in enumerate(SHAPES):
        expected = ([1],) if depth < 50 else ([0, 1],) if depth > 1_000 else ([1], [0, 1])
        # Flat for CPython, nested for LibCST, which parses only what a rule asks for.
        flat = name.endswith("strings side by side")
        if flat or name in BRACKETS or (depth > 1_000 and name not in CHAINS):
            expected = ([1], [0, 1])
        assert unread[f"m{number}_dev.py"] in expected, name


def test_a_repair_survives_what_nests(tmp_path: Path) -> None:
    """Every shape that is read, in one module, beside what there is to repair."""
    sources = [shape(150 if name in CHAINS else 20) for name, shape in SHAPES.items()]
    tests = "def test_it():\n    pass\n\ntest_it()"
    (tmp_path / "m_dev.py").write_text(cells(*sources, tests))
    run = measured(["fix", "--diff", "--select", "RUN101"], tmp_path)
    assert (run.code, run.err) == (1, "")
    assert '+if __name__ == "__main__":' in run.out
