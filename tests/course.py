"""Copies of the shipped course, and the installed command run on them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

MODULES = Path(__file__).parent.parent / "modules"
MODULE = Path("17_compression") / "compression_dev.py"


def copy_course(folder: Path) -> Path:
    """A copy of `modules/` in a folder; gives the copied module 17's file."""
    shutil.copytree(MODULES, folder / "modules", ignore=shutil.ignore_patterns("__pycache__"))
    return folder / "modules" / MODULE


def modfix(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command as a person does."""
    return subprocess.run(
        [sys.executable, "-m", "modfix", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
    )


def findings(path: Path, *options: str) -> list[dict[str, Any]]:
    """What `check` finds, read from its JSON."""
    result = modfix("check", path, "--output-format", "json", *options)
    assert result.returncode in (0, 1), result.stderr
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found
