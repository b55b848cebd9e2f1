"""Step `reference`: the contract suite beside the module, run against the module."""

from __future__ import annotations

from pathlib import Path

from modfix.verify.bench import Bench
from modfix.verify.found import Found, skipped
from modfix.verify.scratch import Scratch, copy_folder
from modfix.verify.steps.pytest_run import run_pytest

_PATTERNS = ("test_*.py", "*_test.py")


def check(bench: Bench) -> Found:
    """Run the suite with `--implementation=<module>`, an option of its conftest."""
    name = bench.settings.verify.reference
    suite = bench.path.parent / name
    if not name or not suite.is_dir():
        return skipped(f"there is no folder `{name}` beside the module")
    if not any(any(suite.rglob(pattern)) for pattern in _PATTERNS):
        return skipped(f"there is no test file in `{name}`")
    with bench.scratch() as scratch:
        copy = _copied(suite, scratch)
        return run_pytest(bench, scratch, copy, f"--implementation={scratch.module}")


def _copied(suite: Path, scratch: Scratch) -> Path:
    """The suite in the scratch folder, where a setting may have it elsewhere than in the module."""
    copy = scratch.folder / "reference" if ".." in suite.parts else scratch.folder / suite.name
    if not copy.is_dir():
        copy_folder(suite, copy)
    return copy
