"""The command in many circumstances, and small modules to run it on."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

COMMAND = (sys.executable, "-m", "modfix")
# A test that runs at import (RUN101, fixable), nothing else: rules are chosen by `--select RUN`.
DEFECTIVE = '''\
# %%
def double(x):
    """Twice x."""
    return 2 * x

# %%
def test_double():
    assert double(2) == 4

test_double()
'''
GUARDED = DEFECTIVE.replace(
    "\ntest_double()\n", '\nif __name__ == "__main__":\n    test_double()\n'
)
RULES_OF_A_COURSE = """
from modfix.rule import *

class Whole(Rule):
    name = "whole-of-the-rule"
    fixes = (Applicability.SAFE,)

    def check(self, module):
        yield from self.found(module, module.document.cells[0])

    def fix(self, *edits):
        return Fix("make it wrong", edits)
"""


def run(
    *arguments: str | Path, cwd: Path, env: dict[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[Any]:
    """Run the command in a folder, with some variables of its own."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        check=False,
        **{"text": True, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )


def module(folder: Path, text: str = DEFECTIVE, name: str = "sums_dev.py") -> Path:
    """Write a module and give its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(dedent(text).encode())
    return path


def only_run(folder: Path, **settings: object) -> None:
    """Let verification have one step, the direct execution."""
    rows = "".join(f"{key} = {value}\n" for key, value in settings.items())
    (folder / "modfix.toml").write_text(f'{rows}[verify]\nsteps = ["run"]\n')


def course_rule(folder: Path, code: str, body: str, door: str = "rules") -> dict[str, str]:
    """Install a course's own rule through the entry point; gives the environment that sees it."""
    package = folder / "plugin"
    info = package / "course_rules-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: course-rules\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[modfix.rules]\ncourse = course_rules:{door}\n")
    rule = f'\nclass Made(Whole):\n    """A rule."""\n    code = "{code}"\n\n{indented(body)}\n'
    tail = "\ndef rules():\n    return [Made]\n"
    (package / "course_rules.py").write_text(f"{RULES_OF_A_COURSE}{rule}{tail}")
    return {"PYTHONPATH": str(package)}


def indented(body: str) -> str:
    """The lines of a class body."""
    return "\n".join(f"    {line}".rstrip() for line in dedent(body).strip().split("\n"))


def without_privileges() -> None:
    """Take root's rights from a process, before it is started: to read and write everything, and
    to have more processes than a limit allows."""
    # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_SYS_ADMIN, CAP_SYS_RESOURCE: capabilities(7)
    for capability in (1, 2, 21, 24):
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP: prctl(2)
