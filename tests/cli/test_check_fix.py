"""`check --fix`: what is written, what is reported where, and the exit codes of both that fix."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import DEFECTIVE, GUARDED, course_rule, module, only_run, run

BREAKING = """
def found(self, module, cell):
    if "return 3" not in cell.source:
        at = cell.source.index("return 2")
        yield self.at(cell, "wrong on purpose", self.fix(TextEdit(0, at, at + 8, "return 3")))
"""
UNSAFE = """
fixes = (Applicability.UNSAFE,)
def found(self, module, cell):
    if "here" not in cell.source:
        yield self.at(cell, "m", Fix("f", (TextEdit(0, 0, 0, "# here\\n"),), Applicability.UNSAFE))
"""
SELECT = ("--select", "RUN,ZZZ")


def test_it_writes_what_is_proven_and_stdout_is_the_report(tmp_path: Path) -> None:
    env = course_rule(tmp_path, "ZZZ101", BREAKING)
    path = module(tmp_path / "c")
    only_run(tmp_path / "c")
    options = (*SELECT, "--output-format", "json", "c")
    result = run("check", "--fix", *options, cwd=tmp_path, env=env)
    assert [each["code"] for each in json.loads(result.stdout)] == ["ZZZ101"]
    assert (result.returncode, path.read_text()) == (1, GUARDED)
    assert "running the repaired module" in result.stderr
    assert "failed   direct execution" in result.stderr
    assert result.stderr.endswith(
        "refused: c/sums_dev.py: the fix of ZZZ101 makes `direct execution` fail; "
        "left out; the other fixes are proven\n"
    )
    again = run("check", *options, cwd=tmp_path, env=env)
    assert json.loads(again.stdout) == json.loads(result.stdout)


def test_the_summary_counts_what_was_fixed(tmp_path: Path) -> None:
    module(tmp_path)
    only_run(tmp_path)
    result = run("check", "--fix", "--select", "RUN", cwd=tmp_path)
    assert result.stdout == "Fixed 1 finding. All checks passed (1 module).\n"
    assert result.returncode == 0 and "passed   direct execution" in result.stderr


@pytest.mark.parametrize("name", ["full", "grouped", "github", "sarif", "junit", "json-lines"])
def test_every_report_shows_the_repaired_text(name: str, tmp_path: Path) -> None:
    env = course_rule(tmp_path, "ZZZ101", UNSAFE)
    module(tmp_path)
    options = (*SELECT, "--output-format", name, "sums_dev.py")
    fixed = run("check", "--fix", "--no-verify", *options, cwd=tmp_path, env=env)
    checked = run("check", *options, cwd=tmp_path, env=env)
    assert fixed.stderr == ""
    assert fixed.stdout.replace("Fixed 1 finding. ", "") == checked.stdout
    assert fixed.returncode == checked.returncode == 1


# Options of `check --fix` or `fix --write` on a module with one thing to fix, and the exit code.
CODES = [
    (("check", "--fix"), 0),
    (("check", "--fix", "--exit-non-zero-on-fix"), 1),
    (("check", "--fix", "--exit-non-zero-on-fix", "--exit-zero"), 0),
    (("fix", "--write"), 0),
    (("fix", "--write", "--exit-non-zero-on-fix"), 1),
]


@pytest.mark.parametrize(("arguments", "code"), CODES)
def test_exit_codes(arguments: tuple[str, ...], code: int, tmp_path: Path) -> None:
    path = module(tmp_path)
    options = (*arguments, "--no-verify", "--select", "RUN", "sums_dev.py")
    assert run(*options, cwd=tmp_path).returncode == code
    assert path.read_text() == GUARDED
    assert run(*options, cwd=tmp_path).returncode == 0  # nothing is left to fix


@pytest.mark.parametrize(("options", "changed"), [((), False), (("--unsafe-fixes",), True)])
def test_unsafe_fixes_are_made_when_asked_for(
    options: tuple[str, ...], changed: bool, tmp_path: Path
) -> None:
    env = course_rule(tmp_path, "ZZZ101", UNSAFE)
    path = module(tmp_path)
    arguments = ("check", "--fix", "--no-verify", *options, "--select", "ZZZ", "sums_dev.py")
    result = run(*arguments, cwd=tmp_path, env=env)
    assert ("# here" in path.read_text()) is changed is (result.returncode == 0)


def test_what_cannot_be_written_is_told_and_its_findings_reported(tmp_path: Path) -> None:
    bad, good = (module(tmp_path, name=name) for name in ("a_dev.py", "b_dev.py"))
    bad.chmod(0o444)
    result = run("check", "--fix", "--no-verify", "--select", "RUN", cwd=tmp_path)
    assert result.stderr.startswith("error: a_dev.py: this file is read-only")
    assert result.stdout.startswith("a_dev.py:10:1 RUN101 ") and result.returncode == 2
    assert (bad.read_text(), good.read_text()) == (DEFECTIVE, GUARDED)


def test_known_findings_are_left_out_of_the_report(tmp_path: Path) -> None:
    env = course_rule(tmp_path, "ZZZ101", UNSAFE)
    module(tmp_path)
    assert run("baseline", "--select", "ZZZ", "sums_dev.py", cwd=tmp_path, env=env).returncode == 0
    options = ("check", "--fix", "--no-verify", *SELECT, "sums_dev.py")
    result = run(*options, cwd=tmp_path, env=env)
    assert result.stdout == (
        "Fixed 1 finding. All checks passed (1 module). 1 known finding left out.\n"
    )


def test_a_quiet_fix_prints_what_is_left_and_nothing_else(tmp_path: Path) -> None:
    env = course_rule(tmp_path, "ZZZ101", UNSAFE)
    module(tmp_path)
    only_run(tmp_path)
    for command in (("fix", "--write"), ("check", "--fix")):
        result = run(*command, "--quiet", *SELECT, "sums_dev.py", cwd=tmp_path, env=env)
        assert (result.stdout, result.stderr) == ("sums_dev.py:1:1 ZZZ101 m\n", "")


def test_fix_writes_and_reports_in_another_format(tmp_path: Path) -> None:
    env = course_rule(tmp_path, "ZZZ101", UNSAFE)
    module(tmp_path)
    only_run(tmp_path)
    options = ("--output-format", "github", *SELECT, "sums_dev.py")
    result = run("fix", "--write", *options, cwd=tmp_path, env=env)
    assert result.stdout.startswith("::error ") and result.stdout.count("\n") == 1
    assert "running the repaired module" in result.stderr
    refused = run("fix", *options, cwd=tmp_path, env=env)
    assert refused.returncode == 2 and "--output-format github is for what" in refused.stderr
    everywhere = {**env, "MODFIX_OUTPUT_FORMAT": "github"}
    shown = run("fix", *SELECT, "sums_dev.py", cwd=tmp_path, env=everywhere)
    assert "Would fix 0 findings" in shown.stdout and shown.stderr == ""


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (("--unsafe-fixes",), "--unsafe-fixes goes with --fix; add --fix"),
        (("--no-verify",), "--no-verify goes with --fix; add --fix"),
        (("--exit-non-zero-on-fix",), "--exit-non-zero-on-fix goes with --fix; add --fix"),
        (("--sandbox", "none"), "--sandbox goes with --fix; add --fix"),
        (("--fix", "--watch"), "--watch only looks, --fix writes; take one of them"),
    ],
)
def test_what_means_nothing(options: tuple[str, ...], what: str, tmp_path: Path) -> None:
    result = run("check", *options, cwd=tmp_path)
    assert result.returncode == 2 and result.stderr.startswith(f"error: {what}")
