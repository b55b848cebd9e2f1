"""Markers as authors mangle them: what our rules find, and what nbgrader itself makes of them."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings

from modfix.config import settings_from
from modfix.document.document import Document
from modfix.fix.rounds import repair
from modfix.lint.linter import make_linter
from modfix.lint.run import lint
from modfix.rule import Applicability, Severity
from tests.nbgrader.notebooks import cell, document, metadata, notebooks
from tests.nbgrader.notebooks import notebook as one_cell
from tests.rules.nbg_cells import (
    READ_ONLY,
    RULES,
    SETTINGS,
    SOLUTION,
    TEST,
    Flags,
    Kind,
    Made,
    found,
    notebook,
    notebook_node,
    released,
    script,
)
from tests.rules.nbg_markers import CASES, WHOLE, Found

Write = Callable[..., Document]


@pytest.mark.parametrize("write", [script, notebook], ids=["script", "notebook"])
@pytest.mark.parametrize(("flags", "source", "findings", "nbgrader", "kind"), CASES)
def test_what_we_find(
    write: Write, flags: Flags, source: str, findings: Found, nbgrader: str, kind: Kind
) -> None:
    read = write(Made(source, flags, kind), Made("print(1)", READ_ONLY))
    assert [(code, line) for code, _, line in found(read)] == findings


@pytest.mark.parametrize(("flags", "source", "findings", "nbgrader", "kind"), CASES)
def test_what_nbgrader_does(
    flags: Flags, source: str, findings: Found, nbgrader: str, kind: Kind
) -> None:
    result = released(notebook_node(Made(source, flags, kind)))
    if isinstance(result, str):
        assert result.startswith(nbgrader)
    else:
        assert result == [nbgrader]


@given(notebooks())
@settings(max_examples=200)
def test_what_nbgrader_refuses_has_an_error_and_what_we_call_refused_is(
    value: dict[str, Any],
) -> None:
    agree(value)


@pytest.mark.long
@given(notebooks())
@settings(max_examples=5_000)
def test_refusals_agree_with_nbgrader_at_length(value: dict[str, Any]) -> None:
    agree(value)


def agree(value: dict[str, Any]) -> None:
    """Assert of each cell that nbgrader refuses it if and only if we say so."""
    value["cells"].append(cell("code", "print(1)", metadata(9, (False, False, True, False))))
    findings = lint(document(value), RULES, SETTINGS)
    for number, each in enumerate(value["cells"]):
        refused = isinstance(released(nbformat.from_dict(one_cell([each]))), str)
        told = [f for f in findings if f.cell == number and f.severity is Severity.ERROR]
        sure = [f for f in told if f.code in REFUSED and "on one line" not in f.message]
        assert bool(told) >= refused >= bool(sure), (each, told)


# The codes that say "nbgrader refuses the notebook".
REFUSED = ("NBG302", "NBG305")


# The fixes that are safe, and those that are the author's to accept.
FIXED = [
    ("column 0", "def f():\n### BEGIN SOLUTION\n    return 1\n### END SOLUTION", SOLUTION, True),
    (
        "two regions, both in column 0",
        "def f():\n# BEGIN SOLUTION\n    x = 1\n# END SOLUTION\n    if x:\n# BEGIN SOLUTION\n"
        "        return 1\n# END SOLUTION\n    return x",
        SOLUTION,
        True,
    ),
    ("too far right", "x = 0\n  ### BEGIN SOLUTION\nx = 1\n### END SOLUTION", SOLUTION, True),
    ("near misses", "x = 0\n### BEGIN_SOLUTION\nx = 1\n### end solution", SOLUTION, False),
    ("half", "x = 0\n### BEGIN SOLUTION\nx = 1\n### END", SOLUTION, False),
    ("all hidden", "# BEGIN HIDDEN TESTS\nassert f()\n# END HIDDEN TESTS", TEST, False),
]


@pytest.mark.parametrize("write", [script, notebook], ids=["script", "notebook"])
@pytest.mark.parametrize(
    ("source", "flags", "safe"), [each[1:] for each in FIXED], ids=[each[0] for each in FIXED]
)
def test_a_fix_gives_students_code_that_parses_and_changes_no_line_of_code(
    write: Write, source: str, flags: Flags, safe: bool
) -> None:
    wanted = {Applicability.SAFE} if safe else {Applicability.SAFE, Applicability.UNSAFE}
    before = write(Made(source, flags))
    result = repair(
        before, RULES, SETTINGS, lambda f: f.fix is not None and f.fix.applicability in wanted
    )
    assert result.fixed and found(result.after) == []
    after = result.after.cells[0].source
    assert _code(after) == _code(source)
    left = released(notebook_node(Made(after, flags)))
    assert isinstance(left, list) and left != released(notebook_node(Made(source, flags)))
    assert left[0].strip() and ast.parse(left[0])
    reopened = Document.from_bytes(result.after.path, result.after.text.encode())
    assert [cell.source for cell in reopened.cells] == [after]


def _code(source: str) -> list[str]:
    return [line for line in source.split("\n") if not line.lstrip().startswith("#")]


def test_other_delimiters_are_the_settings_to_say() -> None:
    names = {"begin-solution": "=== ANSWER", "end-solution": "=== END"}
    chosen = settings_from({"nbgrader": names}, where="tests")
    answered = "x = 0\n# === ANSWER\nx = 1\n# === END"
    plain = "x = 0\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION"
    codes = [
        [each.code for each in lint(script(Made(source, SOLUTION)), RULES, chosen)]
        for source in (answered, plain)
    ]
    assert codes == [[], ["NBG301"]]


def test_what_is_not_enforced_is_not_found() -> None:
    loose = settings_from({"nbgrader": {"enforce-metadata": False}}, where="tests")
    assert lint(script(Made(WHOLE, READ_ONLY)), RULES, loose) == []


def test_a_region_in_a_cell_without_metadata_is_told_once_by_either_standard() -> None:
    bare = script(Made(WHOLE), Made("print(1)", READ_ONLY))
    codes = []
    for standard in ("module-17", "nbgrader"):
        chosen = settings_from({"standard": standard}, where="tests")
        found = make_linter(chosen, where="tests").findings(bare)
        codes.append([each.code for each in found if each.cell == 0])
    assert codes == [["NBG101"], ["NBG305"]]


_TEXT = json.dumps({**SOLUTION, "grade_id": "f", "schema_version": 3})
LOST = [
    # why nbgrader does not see that the cell is a solution, and the only rule that tells
    ([f"# %% nbgrader={_TEXT[:-1]}}}}}", WHOLE], "FMT101"),
    (["# %%", f"# nbgrader={_TEXT}", WHOLE], "FMT102"),
    ([f'# %% nbgrader={_TEXT[:-1]}, "solution": false}}', WHOLE], "FMT103"),
    (['# %% nbgrader=["x"]', WHOLE], "NBG105"),
]


@pytest.mark.parametrize(("lines", "code"), LOST, ids=[code for _, code in LOST])
def test_a_region_is_not_told_where_its_metadata_are(lines: list[str], code: str) -> None:
    chosen = settings_from({"standard": "nbgrader"}, where="tests")
    text = "\n".join([*lines, "", "# %%", "print(1)", ""])
    read = Document.from_bytes(Path("a_dev.py"), text.encode())
    told = make_linter(chosen, where="tests").findings(read)
    assert [each.code for each in told] == [code]


MEANT = """\
# %%
import numpy as np

# %%
# start solution of the wave equation
u = np.zeros(3)
# end solution

# %% [markdown]
# BEGIN SOLUTION is what nbgrader looks for.
"""


def test_a_script_that_has_nothing_to_do_with_nbgrader_is_left_alone() -> None:
    assert found(Document.from_bytes(Path("waves.py"), MEANT.encode())) == []


def test_one_run_prints_each_of_ten_planted_defects_once() -> None:
    planted = [
        Made("import numpy as np\nk = 2", SOLUTION),  # blanked, and needed below
        Made("def a():\n    ### BEGIN SOLUTION\n    return k", SOLUTION),
        Made("b = 1\n### END SOLUTION\nc = 1", READ_ONLY),
        Made("d = 1\n### BEGIN SOLUTOIN\nd = 2\n### END SOLUTION", SOLUTION),
        Made(WHOLE, READ_ONLY),
        Made("print('BEGIN SOLUTION')", READ_ONLY),
        Made("def g():\n### BEGIN SOLUTION\n    return 1\n### END SOLUTION", SOLUTION),
        Made("def test_g():\n    assert g() == a() == d", TEST),
        Made("import warnings\nwarnings.warn('g')\nassert g()", TEST),
        Made("assert g()\nexit()", TEST),
    ]
    expected = ["NBG301", "NBG302", "NBG303", "NBG304", "NBG305", "NBG306", "NBG307", "NBG401"]
    expected += ["NBG404", "NBG405"]
    for planting in (script(*planted), notebook(*planted)):
        assert [(code, place) for code, place, _ in found(planting)] == [
            (code, number) for number, code in enumerate(expected)
        ]


CONFIGURED = settings_from(
    {"nbgrader": {"begin-solution": "ANSWER STARTS", "end-solution": "ANSWER STOPS",
                  "begin-hidden-tests": "QUIZ ON", "end-hidden-tests": "QUIZ OFF"}},
    where="tests",
)  # fmt: skip


@pytest.mark.parametrize(
    ("source", "flags", "lines"),
    [
        ("x = 0\n# ANSWER STARTS\nx = 1\n# ANSWER STOPS", SOLUTION, []),
        ("x = 0\n# ANSWER  STARTS\nx = 1\n# ANSWER STOPS", SOLUTION, [2]),
        ("x = 0\n# Answer starts\nx = 1\n# Answer stops", SOLUTION, [2, 4]),
        ("x = 0\n# ANSWER STARTS\nx = 1\n# ANSWER ENDS", SOLUTION, [4]),
        ("x = 0\n# ANSWR STARTS\nx = 1\n# ANSWER STOPS", SOLUTION, [2]),
        ("assert f()\n### quiz on\nassert f()\n### quiz off", TEST, [2, 4]),
        ("x = 0\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION", READ_ONLY, []),
    ],
)
def test_a_near_miss_of_a_marker_that_the_course_has_set(
    source: str, flags: Flags, lines: list[int]
) -> None:
    document = script(Made(source, flags), Made("print(1)", READ_ONLY))
    told = [f for f in lint(document, RULES, CONFIGURED) if f.code == "NBG304"]
    assert [source.count("\n", 0, f.start or 0) + 1 for f in told] == lines
