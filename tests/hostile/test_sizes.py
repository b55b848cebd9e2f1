"""Modules that are far too large are checked, or left alone; nothing hangs or runs out of memory.

What it costs is measured by `python -m benchmarks.hostile`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.measured import measured
from tests.hostile.sizes import LARGE


def assert_checked(name: str, size: int, folder: Path, *, patience: int, memory: int) -> None:
    """Check a module and show a fix of it: as designed, the file untouched."""
    large = LARGE[name]
    path = folder / f"m{large.suffix}"
    data = large.text(size).encode()
    path.write_bytes(data)
    for arguments in (["check"], ["fix", "--diff"]):
        run = measured([*arguments, path.name], folder, memory=memory, patience=patience)
        assert run.code in (0, 1), run
        assert "rule-failed" not in run.out and run.err.count("\n") <= 1
    assert path.read_bytes() == data


SMALL = ["a string of 10 MB on one line", "a list of 10 MB on one line", "fences that close",
         "fences that nothing closes", "strings that nothing closes", "equal signs of 1 MB",
         "10 MB of blanks on a line that does not parse", "a million cells",
         "a marker with options of 10 MB", "a marker of 10 MB that quotes options"]  # fmt: skip


@pytest.mark.parametrize("name", SMALL)
def test_a_hundredth_of_it(name: str, tmp_path: Path) -> None:
    assert_checked(name, LARGE[name].size // 100, tmp_path, patience=120, memory=4_096)


@pytest.mark.long
@pytest.mark.parametrize("name", LARGE)
def test_all_of_it(name: str, tmp_path: Path) -> None:
    assert_checked(name, LARGE[name].size, tmp_path, patience=3_600, memory=16_384)
