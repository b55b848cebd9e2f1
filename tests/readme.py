"""What the README shows is what really prints: its sessions are run, its rule table is generated.

`python -m tests.readme` writes both anew, and `docs/rules.md` (`make docs`); `test_readme.py`
checks that they hold.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from modfix.lint.registry import rule_types
from modfix.report.catalogue import explanation
from tests.course import copy_course

README = Path(__file__).parent.parent / "README.md"
RULES = README.parent / "docs" / "rules.md"
SESSION = re.compile(r"^```console( fresh)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FIRST_STEPS = re.compile(  # of a newcomer: the installation, then a session in the course
    r"^## In a course that has .*?^```sh\n(.*?)^```$.*?^```console fresh\n(.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
PROGRAMS = Path(sys.executable).parent
TABLE = re.compile(r"(<!-- rules -->\n).*?(<!-- /rules -->)", re.DOTALL)
CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
HIDDEN = "\x00"
SECONDS = re.compile(r" +\d+\.\d s")
SANDBOX = re.compile(r"\(sandbox: .*\)")  # what there is differs from machine to machine


def rendered(text: str) -> str:
    """The README with every session and the rule table as they come out now."""
    with tempfile.TemporaryDirectory() as folder:
        copy_course(Path(folder))
        text = SESSION.sub(lambda match: _shown(match, Path(folder)), text)
    table = run("modfix rules --output-format markdown", Path())
    return TABLE.sub(lambda match: match[1] + table + match[2], text)


def without_times(text: str) -> str:
    """The same text with every duration and every sandbox made equal."""
    return SANDBOX.sub("(sandbox: bwrap)", SECONDS.sub("  0.0 s", text))


def _shown(match: re.Match[str], folder: Path) -> str:
    """A session as it comes out now: a `fresh` one in a copy of its own."""
    if not match[1]:
        return f"```console\n{session(match[2], folder)}```"
    with tempfile.TemporaryDirectory() as fresh:
        copy_course(Path(fresh))
        return f"```console fresh\n{session(match[2], Path(fresh))}```"


def session(block: str, folder: Path, programs: Path = PROGRAMS) -> str:
    """The commands of a session, each with what it prints in a folder (see `run`)."""
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    parts = [f"{command}\n{run(command[2:], folder, programs)}" for command in commands]
    return "".join(parts)


def run(command: str, folder: Path, programs: Path = PROGRAMS) -> str:
    """What a command prints in a folder; `programs` is where its programs are looked for first."""
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    result = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path, "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return result.stdout


def rule_index() -> str:
    """The documentation of every rule on one page, made from the rules."""
    kinds = rule_types()
    made = "Generated from the rules by `make docs`; `modfix explain CODE` shows the same."
    head = f"# The rules\n\n{made}"
    rows = [f"- [{kind.code} {kind.name}](#{kind.code.lower()}-{kind.name})" for kind in kinds]
    parts = [explanation(kind, "markdown") for kind in kinds]
    lowered = [re.sub(r"^(#+ )", r"#\1", part, flags=re.MULTILINE) for part in map(_fenced, parts)]
    return "\n\n".join([head, "\n".join(rows), *map(_unfenced, lowered)]) + "\n"


def _fenced(text: str) -> str:
    """The text with the `#` of its code blocks hidden, so that only headings have one."""
    return CODE.sub(lambda match: match[0].replace("#", HIDDEN), text)


def _unfenced(text: str) -> str:
    return text.replace(HIDDEN, "#")


if __name__ == "__main__":
    RULES.write_text(rule_index(), encoding="utf-8")
    README.write_text(rendered(README.read_text(encoding="utf-8")), encoding="utf-8")
