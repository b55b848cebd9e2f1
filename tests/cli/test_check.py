"""`modfix check`: lines, summaries, JSON, selection and exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import DEFECTIVE, GUARDED, course_rule, module, run

# One finding of each kind: an error with a safe fix, one without, a warning with an unsafe fix.
KINDS = """
fixes = (Applicability.SAFE, Applicability.UNSAFE)

def found(self, module, cell):
    guarded = Fix("say so", (TextEdit(1, 0, 0, "# here\\n"),))
    unsafe = Fix("say so", (TextEdit(0, 0, 0, "# here\\n"),), Applicability.UNSAFE)
    if "# here" not in module.document.cells[1].source:
        yield self.at(module.document.cells[1], "safe", guarded, start=6)
    yield self.at(cell, "none")
    if "# here" not in cell.source:
        yield self.at(cell, "unsafe", unsafe, start=0, severity=Severity.WARNING)
"""


@pytest.fixture
def kinds(tmp_path: Path) -> dict[str, str]:
    """The environment of a rule that finds one of each kind, and a module for it."""
    module(tmp_path, '# %% nbgrader={"grade_id": "first"}\nx = 1\n\n# %%\ny = 2\nz = 3\n')
    return course_rule(tmp_path, "ZZZ101", KINDS)


def test_json_has_every_field_sorted_by_place(kinds: dict[str, str], tmp_path: Path) -> None:
    result = run("check", "--select", "ZZZ", "--output-format", "json", "sums_dev.py",
                 cwd=tmp_path, env=kinds)  # fmt: skip
    whole = {"path": "sums_dev.py", "code": "ZZZ101", "name": "whole-of-the-rule"}

    def finding(
        message: str, severity: str, at: tuple[int, int], end: int, **more: Any
    ) -> dict[str, Any]:
        place = {"line": at[0], "column": at[1], "end_line": at[0], "end_column": end}
        return {**whole, "severity": severity, "message": message, **place, **more}

    def edit(line: int) -> dict[str, Any]:
        place = {"line": line, "column": 1, "end_line": line, "end_column": 1}
        return {**place, "text": "# here\n"}

    assert json.loads(result.stdout) == [
        finding("none", "error", (1, 1), 36, cell={"index": 0, "id": "first", "line": 0}, fix=None),
        finding(
            "unsafe", "warning", (2, 1), 1, cell={"index": 0, "id": "first", "line": 1},
            fix={"applicability": "unsafe", "message": "say so", "edits": [edit(2)]},
        ),
        finding(
            "safe", "error", (6, 1), 1, cell={"index": 1, "id": None, "line": 2},
            fix={"applicability": "safe", "message": "say so", "edits": [edit(5)]},
        ),
    ]  # fmt: skip
    assert result.returncode == 1 and result.stderr == ""


def test_lines_and_the_summary(kinds: dict[str, str], tmp_path: Path) -> None:
    result = run("check", "--select", "ZZZ", "sums_dev.py", cwd=tmp_path, env=kinds)
    assert result.stdout.splitlines() == [
        "sums_dev.py:1:1 ZZZ101 none",
        "sums_dev.py:2:1 ZZZ101 unsafe",
        "sums_dev.py:6:1 ZZZ101 safe",
        "Found 2 errors and 1 warning in 1 module "
        "(1 fixable with `modfix fix --write`, 1 with --unsafe-fixes).",
    ]


@pytest.mark.parametrize("output", ["concise", "json"])
@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        (GUARDED, (), 0),
        (DEFECTIVE, (), 1),
        (DEFECTIVE, ("--ignore", "RUN101"), 0),
        (DEFECTIVE, ("--select", "RUN101", "--ignore", "RUN"), 1),
        (DEFECTIVE, ("--select", "CMP,EXP"), 0),
    ],
)
def test_exit_codes(
    text: str, options: tuple[str, ...], code: int, output: str, tmp_path: Path
) -> None:
    module(tmp_path, text)
    (tmp_path / "modfix.toml").write_text("select = ['RUN']\n")
    result = run("check", *options, "--output-format", output, cwd=tmp_path)
    assert result.returncode == code and result.stderr == ""
    if output == "json":
        assert [each["code"] for each in json.loads(result.stdout)] == ["RUN101"] * code


@pytest.mark.parametrize(("strict", "code"), [((), 0), (("--strict",), 1)])
def test_warnings_fail_only_a_strict_run(
    strict: tuple[str, ...], code: int, tmp_path: Path
) -> None:
    warning = (
        "severity = Severity.WARNING\ndef found(self, module, cell):\n    yield self.at(cell, 'w')"
    )
    env = course_rule(tmp_path, "ZZZ101", warning)
    module(tmp_path)
    result = run("check", "--select", "ZZZ", *strict, "sums_dev.py", cwd=tmp_path, env=env)
    assert result.returncode == code
    assert result.stdout.endswith("Found 1 warning in 1 module.\n")


def test_a_broken_file_does_not_spoil_the_json_of_the_others(tmp_path: Path) -> None:
    module(tmp_path)
    result = run("check", "nowhere.py", "sums_dev.py", "--select", "RUN", "--output-format", "json",
                 cwd=tmp_path)  # fmt: skip
    assert [each["path"] for each in json.loads(result.stdout)] == ["sums_dev.py"]
    assert result.returncode == 2 and result.stderr.startswith("error: nowhere.py: ")


def test_a_module_that_is_named_twice_is_checked_once(tmp_path: Path) -> None:
    path = module(tmp_path / "c")
    (tmp_path / "link.py").symlink_to(path)
    result = run("check", "c", "c/sums_dev.py", "./c/../c/sums_dev.py", path, "link.py",
                 "--select", "RUN", cwd=tmp_path)  # fmt: skip
    assert result.stdout.count("RUN101") == 1 and "in 1 module" in result.stdout


@pytest.mark.parametrize(
    "name",
    ["a b_dev.py", "-x_dev.py", "\N{GREEK SMALL LETTER SIGMA}_dev.py", "a\nb_dev.py", "a'b.py"],
)
def test_odd_names_are_shown_on_one_line(name: str, tmp_path: Path) -> None:
    module(tmp_path, name=name)
    result = run("check", "--select", "RUN", "--", name, cwd=tmp_path)
    shown = name.replace("\n", "\\n")
    assert result.stdout.splitlines()[0].startswith(f"{shown}:10:1 RUN101 ")
    assert len(result.stdout.splitlines()) == 2 and result.returncode == 1


@pytest.mark.parametrize(
    ("options", "errors", "warnings"),
    [
        ((), 1, 0),
        (("--strict",), 1, 1),
        (("--fail-on", "error"), 1, 0),
        (("--fail-on", "warning"), 1, 1),
        (("--fail-on", "never"), 0, 0),
        (("--exit-zero",), 0, 0),
        (("--exit-zero", "--strict"), 0, 0),
    ],
)
def test_what_fails_a_run(
    options: tuple[str, ...], errors: int, warnings: int, tmp_path: Path
) -> None:
    module(tmp_path)
    assert run("check", "--select", "RUN", *options, cwd=tmp_path).returncode == errors
    (tmp_path / "modfix.toml").write_text("severity = { RUN = 'warning' }\n")
    assert run("check", "--select", "RUN", *options, cwd=tmp_path).returncode == warnings


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("-", "--stdin-filename", "sub/a_dev.py"), "sub/a_dev.py:10:1 RUN101"),
        (("-",), "stdin.py:10:1 RUN101"),
    ],
)
def test_a_module_from_standard_input(
    arguments: tuple[str, ...], expected: str, tmp_path: Path
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "modfix.toml").write_text("select = ['RUN']\n")
    for output in ("concise", "full", "rdjson"):
        result = run("check", *arguments, "--select", "RUN", "--output-format", output,
                     cwd=tmp_path, input=DEFECTIVE)  # fmt: skip
        assert result.returncode == 1 and result.stderr == ""
        if output == "concise":
            assert result.stdout.startswith(expected)


def test_standard_input_stands_alone(tmp_path: Path) -> None:
    result = run("check", "-", "a.py", cwd=tmp_path, input="")
    assert result.returncode == 2 and result.stderr.startswith("error: `-` stands for standard")


def test_quiet_prints_findings_only_and_verbose_names_the_files(tmp_path: Path) -> None:
    module(tmp_path)
    (tmp_path / "x.txt").write_text("")
    quiet = run("check", "-q", "--select", "RUN", ".", "x.txt", cwd=tmp_path)
    assert (len(quiet.stdout.splitlines()), quiet.stderr) == (1, "")
    verbose = run("check", "-v", "--select", "RUN", cwd=tmp_path)
    assert verbose.stderr == "sums_dev.py: checked\n"


@pytest.mark.parametrize(
    ("options", "runs"),
    [
        ((), False),
        (("--isolated",), True),
        (("--config", "other.toml"), True),
        (("--extend-select", "RUN"), True),
        (("--config", "other.toml", "--ignore", "RUN"), False),
    ],
)
def test_which_configuration_counts(options: tuple[str, ...], runs: bool, tmp_path: Path) -> None:
    module(tmp_path)
    (tmp_path / "modfix.toml").write_text("select = ['CMP']\n")
    (tmp_path / "other.toml").write_text("select = ['RUN']\n")
    result = run("check", *options, cwd=tmp_path)
    assert ("RUN101" in result.stdout) is runs and result.stderr == ""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--config", "no.toml"), "no.toml: no such configuration"),
        (("--config", "modfix.toml", "--isolated"), "--config and --isolated contradict each"),
        (("--config", "pyproject.toml"), "pyproject.toml: no `[tool.modfix]` in it"),
        (("--output-file", "."), "invalid value for '--output-file'"),
        (("--output-file", "modfix.toml/x"), "modfix.toml/x: cannot be written: "),
    ],
)
def test_wrong_options_are_told_in_one_line(
    options: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    module(tmp_path)
    (tmp_path / "modfix.toml").write_text("")
    (tmp_path / "pyproject.toml").write_text("")
    result = run("check", *options, cwd=tmp_path)
    assert result.returncode == 2 and result.stderr.startswith(f"error: {message}")


def test_show_settings_is_what_config_prints(tmp_path: Path) -> None:
    module(tmp_path)
    (tmp_path / "modfix.toml").write_text("select = ['CMP']\n")
    shown = run("check", "--show-settings", cwd=tmp_path)
    assert shown.stdout == run("config", cwd=tmp_path).stdout and shown.returncode == 0
