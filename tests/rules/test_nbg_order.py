# ruff: noqa: E501  (a table: one case, one line where it can be)
"""What cells need of each other: names that are lost, tests that come too early or not at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modfix.config import settings_from
from modfix.document.document import Document
from modfix.lint.registry import make_rules
from modfix.lint.run import lint
from tests.rules.nbg_cells import (
    MANUAL,
    READ_ONLY,
    RULES,
    SETTINGS,
    SOLUTION,
    TEST,
    Made,
    found,
    notebook,
    script,
)

F = Made("def f(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION", SOLUTION)
G = Made("def g(x):\n    ### BEGIN SOLUTION\n    return 3 * x\n    ### END SOLUTION", SOLUTION)
TEST_F = Made("assert f(2) == 4", TEST)


def case(name: str, cells: list[Made], *findings: tuple[str, int, int]) -> object:
    """Cells, and what we find in them: code, cell and line (0: its marker)."""
    return pytest.param(cells, list(findings), id=name)


CASES = [
    case("a solution and its test", [F, TEST_F]),
    case("a second one that nothing tests", [F, TEST_F, G], ("NBG406", 2, 0)),
    case("a grader of its own", [Made("import otter\ngrader = otter.Notebook()", READ_ONLY), F, Made("grader.check('q1')", TEST), G, Made("grader.check('q2');", TEST)]),
    case("tests of the course's package", [Made("from course import *", READ_ONLY), F, Made("check_f()", TEST)]),
    case("a demo needs no test", [F, TEST_F, Made(G.source.replace("def g", "def analyze_g"), SOLUTION)]),
    case("tested by name in a string", [F, TEST_F, G, Made("assert eval('g(1)') == 3", TEST)]),
    case(
        "tested by way of a value",
        [F, G, Made("made = g(f(1))", READ_ONLY), Made("assert made == 6", TEST)],
    ),
    case("a module without grades", [F, G]),
    case("an answer that is graded by hand", [F, TEST_F, Made(G.source, MANUAL)]),
    case(
        "what another solution decorates",
        [F, TEST_F, Made("@patch\ndef extra(self: Net):\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION", SOLUTION)],
    ),
    case("the test comes first: one mistake", [TEST_F, F], ("NBG406", 0, 1)),
    case(
        "the test is defined above and called below",
        [Made("def test_f():\n    assert f(2) == 4", READ_ONLY), F, Made("test_f()", TEST)],
    ),
    case(
        "a helper of the test comes later",
        [F, Made("def test_f():\n    near(f(2), 4)\ntest_f()", TEST), Made("def near(a, b):\n    assert a == b", READ_ONLY)],
        ("NBG406", 1, 3),
    ),
    case(
        "what comes later is asked for first",
        [Made("try:\n    later()\nexcept Exception:\n    pass\nif 'later' in globals():\n    later()\nassert answer(later for later in [1])", TEST), Made("def later():\n    pass", READ_ONLY)],
    ),
    case("names from elsewhere", [Made("from course import *", READ_ONLY), TEST_F, F], ("NBG406", 2, 0)),
    case(
        "an import in a region",
        [Made("### BEGIN SOLUTION\nimport math\nr = math.pi\n### END SOLUTION", SOLUTION), Made("assert r == math.pi", TEST)],
        ("NBG407", 1, 1),
    ),
    case(
        "imported by the test as well",
        [Made("### BEGIN SOLUTION\nimport math\nr = math.pi\n### END SOLUTION", SOLUTION), Made("import math\nassert r == math.pi", TEST)],
    ),
    case(
        "imported in the function of a solution",
        [Made("def f(x):\n    ### BEGIN SOLUTION\n    import math\n    return math.pi\n    ### END SOLUTION", SOLUTION), Made("import math\nassert f(2) == math.pi", TEST)],
    ),
    case("blanked, and needed", [Made("import math", SOLUTION), Made("assert math.pi > 3", TEST)], ("NBG301", 0, 0)),
    case("blanked, and not needed", [Made("print('hello')", SOLUTION), F, TEST_F], ("NBG301", 0, 0)),
    case("a stub already", [Made("# YOUR CODE HERE\nraise NotImplementedError()", SOLUTION), F, TEST_F]),
    case("an unknown grader", [F, Made("grader = Notebook('x')\ngrader.check('q1')", TEST), Made("assert f(1)", TEST)]),
    case("a grader from a library", [F, Made("from otter import Notebook\ngrader = Notebook()", READ_ONLY), Made("grader.check('f')", TEST)]),
    case("pytest", [F, Made("import pytest\ndef test_f():\n    assert f(2) == 4\npytest.main(['-q'])", TEST)]),
    case("a cell magic that tests", [F, Made("%%ipytest\ndef test_f():\n    assert f(2) == 4", TEST)]),
    case("a line magic that tests", [F, Made("def test_f():\n    assert f(2) == 4\n%run_pytest", TEST)]),
    case("tests that nbgrader will write", [F, Made("### AUTOTEST f(2)", TEST)]),
    case("input that is replaced", [F, Made("import builtins\nbuiltins.input = lambda prompt: '2'\nassert f(input('?'))", TEST)]),
    case("an exit on a condition", [F, Made("import sys\nif f is None:\n    sys.exit()\nassert f(2) == 4", TEST)]),
    case("tqdm of a notebook", [F, Made("from tqdm.notebook import tqdm\nfor x in tqdm([1]):\n    assert f(x) == 2", TEST)]),
    case("tqdm", [F, Made("from tqdm import tqdm\nfor x in tqdm([1]):\n    assert f(x) == 2", TEST)], ("NBG404", 1, 2)),
    case("a solution with a progress bar", [Made("import tqdm", READ_ONLY), Made("def f(x):\n    ### BEGIN SOLUTION\n    for _ in tqdm.trange(3):\n        x += 1\n    return x\n    ### END SOLUTION", SOLUTION), Made("assert f(1) == 4", TEST)], ("NBG404", 2, 1)),
]  # fmt: skip


@pytest.mark.parametrize("write", [script, notebook], ids=["script", "notebook"])
@pytest.mark.parametrize(("cells", "findings"), CASES)
def test_what_we_find(
    write: Callable[..., Document], cells: list[Made], findings: list[tuple[str, int, int]]
) -> None:
    assert found(write(*cells)) == findings


@pytest.mark.parametrize(
    ("name", "needed", "severity", "words"),
    [
        ("k = 2", "assert k == 2", "error", "later cells need `k` (in `cell-1`)"),
        ("k = 2", "assert True or l", "warning", "students get none of its lines"),
    ],
)
def test_a_blanked_cell_is_an_error_where_its_names_are_needed(
    name: str, needed: str, severity: str, words: str
) -> None:
    findings = lint(script(Made(name, SOLUTION), Made(needed, TEST)), RULES, SETTINGS)
    told = next(each for each in findings if each.code == "NBG301")
    assert (told.severity, words in told.message) == (severity, True)


def test_a_cell_that_the_standard_orders_so_is_a_warning_with_a_fix() -> None:
    text = "#| default_exp optimization.compression\nimport math"
    document = script(Made(text, SOLUTION), Made("assert math.pi > 3", TEST))
    renamed = type(document).from_bytes(
        document.path, document.text.replace("cell-0", "cell-imports").encode()
    )
    other = type(document).from_bytes(
        document.path, renamed.text.replace("optimization", "other").encode()
    )
    severities = [
        next(each for each in lint(one, RULES, SETTINGS) if each.code == "NBG301")
        for one in (renamed, other, document)
    ]
    assert [each.severity for each in severities] == ["warning", "error", "error"]
    assert all(each.fix is not None for each in severities)


def test_the_total_of_points_is_compared_where_it_is_set() -> None:
    wanted = [r for r in make_rules({"NBG408": {"total": 12}}) if r.code == "NBG408"]
    task = Made("Draw.", {**READ_ONLY, "task": True}, "markdown")  # type: ignore[dict-item]
    ten = lint(script(F, TEST_F, task), wanted, settings_from({}, where="tests"))
    assert [each.message for each in ten] == ["the points of this module add up to 10, not to 12"]
    assert ten[0].cell == 1
