"""The GitHub Action: valid by its published schema, and its steps run as they stand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli.running import DEFECTIVE, GUARDED, module
from tests.report.published import validator

ACTION = Path(__file__).parent.parent / "action.yml"


def steps() -> dict[str, str]:
    """The commands of the steps that have a name."""
    whole = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    return {each["name"]: each["run"] for each in whole["runs"]["steps"] if "name" in each}


def test_the_action_is_valid() -> None:
    validator("github-action").validate(yaml.safe_load(ACTION.read_text(encoding="utf-8")))


@pytest.mark.parametrize(("text", "code"), [(DEFECTIVE, 1), (GUARDED, 0)])
def test_its_check_annotates_and_fails_like_the_command(
    text: str, code: int, tmp_path: Path
) -> None:
    module(tmp_path, text)
    env = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "MODFIX_PATHS": ".",
        "MODFIX_ARGUMENTS": "--select RUN",
        "MODFIX_SARIF": "report.sarif",
    }
    for name in ("Write a SARIF report", "Check"):
        result = subprocess.run(
            ["bash", "-e", "-c", steps()[name]],
            cwd=tmp_path, env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert result.stderr == ""
    assert result.returncode == code
    assert result.stdout.startswith("::error title=modfix RUN101") is bool(code)
    assert (tmp_path / "report.sarif").is_file()
