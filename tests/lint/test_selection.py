"""Which rules run, how grave they are, whose fixes are made: tables of decisions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modfix.config import settings_from
from modfix.document.document import Document
from modfix.lint.linter import make_linter
from modfix.lint.registry import catalogue
from modfix.lint.selection import applicability_of, ignored_in, selected, severity_of
from modfix.rule import Applicability, Severity
from tests.cli.running import DEFECTIVE

SAFE, UNSAFE, DISPLAY = Applicability.SAFE, Applicability.UNSAFE, Applicability.DISPLAY


@pytest.mark.parametrize(
    ("code", "select", "ignore", "extend", "runs"),
    [
        ("RUN101", (), (), (), False),
        ("RUN101", (), (), ("RUN",), True),
        ("RUN101", ("ALL",), (), (), True),
        ("RUN101", ("ALL",), ("RUN",), (), False),
        ("RUN101", ("RUN",), (), (), True),
        ("NBG101", ("RUN",), (), (), False),
        ("RUN101", ("RUN101",), ("RUN",), (), True),
        ("RUN101", ("RUN",), ("RUN101",), (), False),
        ("RUN101", ("RUN101",), ("RUN101",), (), False),
        ("NBG101", ("RUN",), (), ("NBG",), True),
        ("NBG102", ("RUN",), (), ("NBG101",), False),
        ("RUN101", ("ALL",), ("RUN",), ("RUN101",), True),
        ("RUN101", ("RUN10",), ("RUN1",), (), True),
        ("RUN101", ("RUN",), ("ALL",), (), True),
        ("NBG101", ("RUN",), (), ("ALL",), True),
    ],
)
def test_the_longest_prefix_decides(
    code: str, select: tuple[str, ...], ignore: tuple[str, ...], extend: tuple[str, ...], runs: bool
) -> None:
    assert selected(code, select, ignore, extend) is runs


@pytest.mark.parametrize(
    ("table", "given", "sure"),
    [
        ({}, SAFE, SAFE),
        ({}, UNSAFE, UNSAFE),
        ({"extend-safe-fixes": ["RUN"]}, UNSAFE, SAFE),
        ({"extend-unsafe-fixes": ["RUN"]}, SAFE, UNSAFE),
        ({"extend-safe-fixes": ["RUN101"], "extend-unsafe-fixes": ["RUN"]}, UNSAFE, SAFE),
        ({"extend-safe-fixes": ["RUN"], "extend-unsafe-fixes": ["RUN"]}, SAFE, UNSAFE),
        ({"extend-safe-fixes": ["RUN"]}, DISPLAY, DISPLAY),
        ({"unfixable": ["RUN"]}, SAFE, DISPLAY),
        ({"unfixable": ["RUN"], "fixable": ["RUN101"]}, SAFE, SAFE),
        ({"fixable": ["NBG"]}, SAFE, DISPLAY),
        ({"fixable": []}, SAFE, DISPLAY),
    ],
)
def test_how_sure_a_fix_is_taken_to_be(
    table: dict[str, Any], given: Applicability, sure: Applicability
) -> None:
    assert applicability_of("RUN101", given, settings_from(table, where="t")) is sure


@pytest.mark.parametrize(
    ("severity", "grade"),
    [
        ({}, Severity.ERROR),
        ({"RUN": "warning"}, Severity.WARNING),
        ({"RUN": "warning", "RUN101": "error"}, Severity.ERROR),
        ({"NBG": "warning"}, Severity.ERROR),
    ],
)
def test_the_longest_prefix_says_how_grave_a_finding_is(
    severity: dict[str, str], grade: Severity
) -> None:
    settings = settings_from({"severity": severity}, where="t")
    assert severity_of("RUN101", Severity.ERROR, settings) is grade


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        ("archive/a.py", ("RUN",)),
        ("modules/01/archive/a.py", ("RUN",)),
        ("modules/01/a.py", ("NBG101", "CMP")),
        ("modules/02/a.py", ("CMP",)),
        ("a.py", ()),
    ],
)
def test_patterns_of_files_that_leave_rules_out(path: str, codes: tuple[str, ...]) -> None:
    patterns = {
        "archive/": ("RUN",),
        "/modules/01/a.py": ("NBG101",),
        "modules/*/a.py": ("CMP",),
    }
    assert ignored_in(path, patterns) == codes


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ({"select": []}, {"FMT001"}),  # a cell that no other rule sees is told whatever is selected
        ({"select": [], "ignore": ["FMT"]}, set()),
        ({"select": [], "extend-select": ["RUN101"]}, {"FMT001", "RUN101"}),
        ({"standard": "nbdev", "select": ["ALL"], "ignore": []}, {"all"}),
        ({}, {"all"}),
    ],
)
def test_which_rules_settings_select(table: dict[str, Any], codes: set[str]) -> None:
    linter = make_linter(settings_from(table, where="t"), where="t")
    every = {entry.code for entry in catalogue().rules}
    assert {rule.code for rule in linter.rules} == (every if codes == {"all"} else codes)


def test_an_empty_list_of_fixable_rules_makes_no_fix(tmp_path: Path) -> None:
    linter = make_linter(settings_from({"fixable": [], "select": ["RUN101"]}, where="t"), where="t")
    (finding,) = linter.findings(Document.from_bytes(tmp_path / "a_dev.py", DEFECTIVE.encode()))
    assert finding.fix is not None and finding.fix.applicability is DISPLAY


def test_the_linter_judges_as_the_settings_say(tmp_path: Path) -> None:
    table = {
        "select": ["RUN"],
        "severity": {"RUN101": "warning"},
        "unfixable": ["RUN101"],
        "per-file-ignores": {"old/": ["RUN101"]},
    }
    linter = make_linter(settings_from(table, where="t"), where="t", base=tmp_path)
    (finding,) = linter.findings(Document.from_bytes(tmp_path / "a_dev.py", DEFECTIVE.encode()))
    assert finding.severity is Severity.WARNING
    assert finding.fix is not None and finding.fix.applicability is DISPLAY
    old = Document.from_bytes(tmp_path / "old" / "a_dev.py", DEFECTIVE.encode())
    assert linter.findings(old) == []
