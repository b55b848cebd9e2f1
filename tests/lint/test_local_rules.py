"""Rules of a course's own, named by path: the guide's example, and everything that can be wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.running import module, run

GUIDE = Path(__file__).parents[2] / "docs" / "a-rule-of-your-own.md"
(RULE,) = re.findall(r'```python\n(""".*?)```', GUIDE.read_text(encoding="utf-8"), re.DOTALL)
TWO_CELLS = "# %%\nx = 1\n\n# %%\ny = 2\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with the guide's rule and one module that it finds something in."""
    (tmp_path / "course_rules").mkdir()
    (tmp_path / "course_rules" / "unexplained_cell.py").write_text(RULE, encoding="utf-8")
    (tmp_path / "modfix.toml").write_text(
        'local-rules = ["course_rules"]\n[rules.ABC101]\ntodo = "Why?"\n'
    )
    module(tmp_path, TWO_CELLS, "sub/a_dev.py")
    return tmp_path


def test_a_local_rule_is_like_any_other(course: Path) -> None:
    found = run("check", "--select", "ABC", cwd=course)
    assert found.stdout.startswith("sub/a_dev.py:4:1 ABC101 nothing explains this cell\n")
    assert (found.returncode, found.stderr) == (1, "")
    options = ("--select", "ABC101", "--unsafe-fixes", "--write", "--no-verify")
    assert run("fix", *options, cwd=course).returncode == 0
    text = (course / "sub" / "a_dev.py").read_text()
    assert text == "# %%\nx = 1\n\n# %% [markdown]\n# Why?\n\n# %%\ny = 2\n"
    assert "ABC101  unexplained-cell" in run("rules", cwd=course).stdout
    assert run("explain", "abc101", cwd=course).stdout.startswith("ABC101 unexplained-cell\n")
    assert 'rules.ABC101.todo = "Why?"' in run("config", cwd=course).stdout
    schema = json.loads(run("config", "--schema", cwd=course).stdout)
    assert "ABC101" in schema["properties"]["rules"]["properties"]


def test_elsewhere_it_is_unknown(course: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    module(elsewhere)
    result = run("check", "--select", "ABC", cwd=elsewhere)
    assert result.stderr == "error: --select: unknown rule `ABC`; see `modfix rules`\n"
    assert "ABC101" not in run("rules", cwd=elsewhere).stdout


def test_a_suppression_may_name_it(course: Path) -> None:
    module(course, "# %%\nx = 1\n\n# %%\n# modfix: ignore[ABC101] so\ny = 2\n", "sub/a_dev.py")
    result = run("check", "--select", "SUP,ABC", cwd=course)
    assert result.returncode == 0, result.stdout
    assert run("check", "--select", "SUP", cwd=course).returncode == 0


WRONG = [
    ("def (", "its rules cannot be loaded: SyntaxError: "),
    ("import no_such_module", "its rules cannot be loaded: ModuleNotFoundError: No module named"),
    ("raise SystemExit(0)", "its rules cannot be loaded: SystemExit: 0; mend it, or take it out"),
    ("raise SystemError('no')", "its rules cannot be loaded: SystemError: no; mend it, or take"),
    ("from modfix.rule import Rule\nclass R(Rule):\n    name = 'x'\n", "rule `R` has no `code`;"),
    (RULE.replace("ABC101", "RUN101"), "there is another rule RUN101 of modfix's; give it a code"),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_what_is_wrong_is_told_with_the_file(text: str, message: str, course: Path) -> None:
    file = course / "course_rules" / "unexplained_cell.py"
    file.write_text(text, encoding="utf-8")
    result = run("check", cwd=course)
    assert result.returncode == 2 and result.stdout == ""
    assert result.stderr.startswith(f"error: {file}: {message}")
    assert result.stderr.count("\n") == 1


def test_two_local_rules_with_one_code_and_a_path_that_is_nothing(course: Path) -> None:
    (course / "course_rules" / "z_again.py").write_text(RULE, encoding="utf-8")
    result = run("check", cwd=course)
    assert "z_again.py: there is another rule ABC101 in " in result.stderr
    (course / "modfix.toml").write_text('\nlocal-rules = ["no_rules"]\n')
    result = run("check", cwd=course)
    assert result.stderr == "error: modfix.toml:2: `local-rules`: there is no `no_rules`\n"


def test_shared_parts_can_be_imported_and_are_no_rules(course: Path) -> None:
    folder = course / "course_rules"
    (folder / "_parts.py").write_text("MESSAGE = 'shared words'\n")
    text = RULE.replace('"nothing explains this cell"', "MESSAGE").replace(
        "from modfix.rule", "from _parts import MESSAGE\nfrom modfix.rule"
    )
    (folder / "unexplained_cell.py").write_text(text)
    assert "ABC101 shared words" in run("check", "--select", "ABC", cwd=course).stdout
