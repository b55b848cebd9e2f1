"""The bar: on a terminal, for what takes longer than a second, and gone at the end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import course_rule, module, only_run, run
from tests.cli.terminal import on_terminal

SLOW = """
def found(self, module, cell):
    import time
    time.sleep(0.5)
    return ()
"""
WIPED = "\r\x1b[K"
FOUR = ("a_dev.py", "b_dev.py", "c_dev.py", "d_dev.py")


@pytest.fixture
def slow(tmp_path: Path) -> dict[str, str]:
    """Four modules and a rule that takes its time with each; gives the environment for it."""
    for name in FOUR:
        module(tmp_path, name=name)
    return course_rule(tmp_path, "ZZZ101", SLOW)


def test_a_long_check_shows_how_far_it_is_and_cleans_up(
    slow: dict[str, str], tmp_path: Path
) -> None:
    with (tmp_path / "report").open("w") as report:
        shown = on_terminal("check", "--select", "ZZZ", "--output-format", "json", *FOUR,
                            cwd=tmp_path, env=slow, stdout=report.fileno())  # fmt: skip
    assert "] 2/4 modules checked\x1b[K" in shown.text
    assert shown.text.endswith(WIPED) and "4/4" not in shown.text
    assert json.loads((tmp_path / "report").read_text()) == []


def test_the_report_stands_on_a_clean_line(slow: dict[str, str], tmp_path: Path) -> None:
    shown = on_terminal("check", "--select", "ZZZ", *FOUR, cwd=tmp_path, env=slow)
    assert shown.text.endswith(f"{WIPED}All checks passed (4 modules).\n")


def test_no_bar_where_nobody_could_take_it_away(slow: dict[str, str], tmp_path: Path) -> None:
    result = run("check", "--select", "ZZZ", *FOUR, cwd=tmp_path, env=slow)
    assert (result.stdout, result.stderr) == ("All checks passed (4 modules).\n", "")
    dumb = on_terminal(
        "check", "--select", "ZZZ", *FOUR, cwd=tmp_path, env={**slow, "TERM": "dumb"}
    )
    assert dumb.text == "All checks passed (4 modules).\n"


def test_what_is_quick_has_none(tmp_path: Path) -> None:
    for name in FOUR:
        module(tmp_path, name=name)
    env = course_rule(tmp_path, "ZZZ101", "def found(self, module, cell):\n    return ()")
    shown = on_terminal("check", "--select", "ZZZ", *FOUR, cwd=tmp_path, env=env)
    assert shown.text == "All checks passed (4 modules).\n"


@pytest.mark.parametrize("command", [("verify",), ("fix", "--write", "--select", "RUN101")])
def test_verification_names_the_step_that_runs(command: tuple[str, ...], tmp_path: Path) -> None:
    module(tmp_path)
    only_run(tmp_path)
    shown = on_terminal(*command, "sums_dev.py", cwd=tmp_path)
    assert "] 0/1 sums_dev.py: direct execution\x1b[K" in shown.text
    assert f"{WIPED}  \x1b[32m\x1b[1mpassed " in shown.text and shown.returncode == 0
    assert "[" not in shown.plain.splitlines()[-1]
