"""The shell's completion: commands, options, choices and codes, as click asks for them."""

import os
import subprocess

import pytest

from tests.cli.running import COMMAND

CASES = [
    ("modfix ver", ["verify"]),
    ("modfix check --stat", ["--statistics"]),
    ("modfix check --output-format js", ["json", "json-lines"]),
    ("modfix explain RUN10", ["RUN101", "RUN102", "RUN103", "RUN104"]),
    ("modfix explain sys", ["SYS101"]),
    ("modfix check --select CMP", ["CMP101"]),
    ("modfix fix --ignore RUN,CMP", ["RUN,CMP101"]),
]


@pytest.mark.parametrize(("typed", "offered"), CASES)
@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_what_is_offered(typed: str, offered: list[str], shell: str) -> None:
    words = typed.split()
    asked = {
        "_MODFIX_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(words) - 1),
    }
    told = subprocess.run(
        COMMAND, env={**os.environ, **asked}, text=True, capture_output=True, check=True
    ).stdout.split("\n")
    if shell == "bash":
        assert [line.partition(",")[2] for line in told if line] == offered
    else:
        assert told[1::3] == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_asks_modfix(shell: str) -> None:
    script = subprocess.run(
        [*COMMAND, "completion", shell], text=True, capture_output=True, check=True
    ).stdout
    assert f"_MODFIX_COMPLETE={shell}_complete" in script
