"""`modfix test-rules`: a rule that is not what its examples say is told, whatever is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import run
from tests.lint.test_local_rules import RULE


def rule(folder: Path, text: str) -> None:
    """A course's own rule."""
    (folder / "rule.py").write_text(text, encoding="utf-8")
    (folder / "modfix.toml").write_text("local-rules = ['rule.py']\n")


def test_the_examples_of_every_rule_pass(tmp_path: Path) -> None:
    result = run("test-rules", cwd=tmp_path)
    assert result.returncode == 0 and result.stdout.endswith("all passed.\n"), result.stdout


WRONG = {
    "not found": (("if above", "if False and above"), "example 1: the bad text has no finding"),
    "another text": (("# Explain the next", "# Mend the next"), "gives another text than the good"),
    "fixed twice": (
        ("if above.kind == cell.kind == \"code\"", "if cell.kind == \"code\" and above"),
        "example 1: the good text has a finding: nothing explains this cell",
    ),
    "no heading": (("## Fix safety", "## Safety"), "its docstring does not say: Fix safety"),
    "not as sure": (("fixes = (Applicability.UNSAFE,)", "fixes = ()"), "a fix is unsafe, which"),
    "raises": (("yield self.at", "raise ValueError(1) or self.at"), "failed with ValueError: 1"),
    "no source": (('source = "the style guide of our course"', 'source = ""'), "`source` does not"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_rule_that_its_examples_deny_is_told(case: str, tmp_path: Path) -> None:
    (old, new), message = WRONG[case]
    assert old in RULE
    rule(tmp_path, RULE.replace(old, new))
    result = run("test-rules", "ABC", cwd=tmp_path)
    assert result.returncode == 1, result.stdout
    assert message in result.stdout and result.stdout.startswith("ABC101 ")
    assert result.stdout.endswith("1 rule with 1 example: 1 failed.\n")


def test_the_guides_rule_passes(tmp_path: Path) -> None:
    rule(tmp_path, RULE)
    result = run("test-rules", "ABC", cwd=tmp_path)
    assert result.stdout == "1 rule with 1 example: all passed.\n" and result.returncode == 0


def test_an_unknown_code(tmp_path: Path) -> None:
    result = run("test-rules", "XYZ", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (
        2,
        "error: unknown rule `XYZ`; see `modfix rules`\n",
    )
