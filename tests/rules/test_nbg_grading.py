# ruff: noqa: E501  (a table: one case, one line where it can be)
"""Graded cells: what our rules find, and the points that nbgrader itself gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import ClearSolutions, Execute

from modfix.document.document import Document
from tests.rules.nbg_cells import (
    READ_ONLY,
    SOLUTION,
    TEST,
    Made,
    found,
    notebook,
    notebook_node,
    script,
)

FULL = 5
SOLVED = Made("def f(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION", SOLUTION)
SAFELY = """\
def check(test):
    try:
        test()
    except Exception as error:
        print(test.__name__, "failed:", error)"""
VERDICT = """\
def check(test):
    try:
        test()
    except Exception:
        return False
    return True"""
COLLECTED = """\
errors = []
def check(test):
    try:
        test()
    except Exception as error:
        errors.append(error)"""
HANDED = "def test_u():\n    assert f(2) == 4\n"
BOX = """\
class Box:
    def __init__(self, n):
        self.n = n
    def twice(self):
        return f(self.n)
    def show(self):
        print(self.n)"""

Points = tuple[float, float]  # with the solution, and without


def case(
    name: str, graded: str, code: str, points: Points, *given: str
) -> tuple[str, str, str, Points, Sequence[str]]:
    """A graded cell, the rule that speaks of it ("": none), its points, cells given before it."""
    return name, graded, code, points, given


CASES = [
    # it can fail
    case("an assertion", "assert f(2) == 4", "", (5, 0)),
    case("a call in a guard", "def test_g():\n    assert f(2) == 4\nif __name__ == '__main__':\n    test_g()", "", (5, 0)),
    case("tests in a list", "def a():\n    assert f(2) == 4\nfor test in [a]:\n    test()", "", (5, 0)),
    case("a helper that is given", "check(4)", "", (5, 0), "def check(y):\n    if f(2) != y:\n        raise ValueError(y)"),
    case("a class", "class Checks:\n    def run(self):\n        assert f(2) == 4\nChecks().run()", "", (5, 0)),
    case("numpy's testing", "import numpy as np\nnp.testing.assert_allclose(f(2), 4)", "", (5, 0)),
    case("a value of the student's that is shown", "print(f(2))", "", (5, 0)),
    case("a value made of it", "print(made)", "", (5, 0), "made = f(3)"),
    case("an exception that is expected", "try:\n    f()\nexcept TypeError:\n    pass\nelse:\n    raise AssertionError('none')\nassert f(1) == 2", "", (5, 0)),
    case("a failure that is told and raised", "try:\n    assert f(2) == 4\nexcept AssertionError:\n    print('no')\n    raise", "", (5, 0)),
    case("a failure that is counted", "wrong = 0\ntry:\n    assert f(2) == 4\nexcept Exception:\n    wrong += 1\nassert wrong == 0", "", (5, 0)),
    case("partial credit", "score = 0\nif f(2) == 4:\n    score += 3\nscore", "", (3, 0)),
    case("credit for each that is right", "2 * (f(1) == 2) + 3 * (f(2) == 4)", "", (5, 0)),
    case("the right ones are counted", "sum(f(n) == 2 * n for n in range(1, 6))", "", (5, 0)),
    case("a share of what is right", "n_correct = sum([f(1) == 2, f(2) == 4])\nn_correct / 2 * 5", "", (5, 0)),
    case("truths made a number", "float(f(1) == 2 and f(2) == 4) * 5", "", (5, 0)),
    case("all of them made a number", "5 * int(all(f(n) == 2 * n for n in range(3)))", "", (5, 0)),
    case("a truth with a name made a number", "good = f(2) == 4\nfloat(good)", "", (1, 0)),
    case("numpy's truth made a number", "import numpy as np\n5 * bool(np.allclose(f(2), 4))", "", (5, 0)),
    case("a comparison of what is converted", "r = f(2)\nfloat(r) == 5.0", "NBG403", (5, 0)),
    case("a truth that stays one", "bool(f(2) == 5)", "NBG403", (5, 0)),
    case("a value made a number", "r = f(2)\nfloat(r)", "NBG403", (4, 0)),
    case("a sum of chosen values", "sum(f(n) for n in range(3) if n > 1)", "NBG403", (4, 0)),
    case("the kernel is asked", "get_ipython().run_cell('assert f(2) == 4').raise_error()", "", (5, 0)),
    case("a choice of credit", "5 if f(2) == 4 else 1", "", (5, 0)),
    # it cannot
    case("a test that is not called", "def test_h():\n    assert f(2) == 4", "NBG401", (5, 5)),
    case("a class that is not made", "class Quiet:\n    def run(self):\n        assert f(2) == 4", "NBG401", (5, 5)),
    case("only words", "print('all tests passed')", "NBG401", (5, 5)),
    case("only an import", "import math\nprint(math.pi)", "NBG401", (5, 5)),
    case("a loop over nothing of theirs", "for n in range(3):\n    print(n)", "NBG401", (5, 5)),
    case("an assertion that is always true", "assert True, 'done'", "NBG401", (5, 5)),
    case("a given function that tests nothing", "hello()", "NBG401", (5, 5), "def hello():\n    print('hello')"),
    case("everything caught", "try:\n    assert f(2) == 4\nexcept:\n    pass", "NBG401", (5, 5)),
    case("exceptions caught", "try:\n    assert f(2) == 4\nexcept Exception as e:\n    print('failed', e)", "NBG401", (5, 5)),
    case("assertions caught", "try:\n    assert f(2) == 5\nexcept AssertionError:\n    print('failed')", "NBG401", (5, 0)),
    case("the stub caught", "try:\n    assert f(2) == 4\nexcept NotImplementedError:\n    print('later')", "NBG401", (5, 5)),
    case("suppressed", "import contextlib\nwith contextlib.suppress(Exception):\n    assert f(2) == 4", "NBG401", (5, 5)),
    case("caught in a helper", "safely()", "NBG401", (5, 5), "def safely():\n    try:\n        assert f(2) == 4\n    except Exception:\n        print('failed')"),
    case("doctest tells and does not raise", "import doctest\ndoctest.testmod()", "NBG401", (5, 5)),
    # nothing of the student's comes to it
    case("a constant of its own", "x = 1\nassert x == 1", "NBG401", (5, 5)),
    case("a constant made of a constant", "a = [3]\nb = sum(a) + 1\nassert b == 4", "NBG401", (5, 5)),
    case("a constant in a test that runs", "def test_o():\n    x = 1\n    assert x == 1\ntest_o()", "NBG401", (5, 5)),
    case("a constant beside what is caught", "x = 1\ntry:\n    f(2)\nexcept Exception:\n    pass\nassert x == 1", "NBG401", (5, 5)),
    case("a function that is given", "assert twice(2) == 4", "NBG401", (5, 5), "def twice(x):\n    return 2 * x"),
    case("a library", "import math\nassert math.pi > 3", "NBG401", (5, 5)),
    case("a random number that nobody seeds", "import random\nassert random.random() < 2", "NBG401", (5, 5)),
    case("a list that the student's function fills", "kept = []\ntry:\n    kept.append(f(2))\nexcept Exception:\n    pass\nassert kept == [4]", "", (5, 0)),
    case("a name of a file", "import os\nassert f and not os.path.exists('answer.csv')", "", (5, 5)),
    case("a library that shows something", "from IPython.display import HTML, display\ndisplay(HTML('<b>done</b>'))", "NBG401", (5, 5)),
    case("a number of the machine's", "from multiprocessing import cpu_count\ncpus = cpu_count()\nprint(cpus)", "NBG401", (5, 5)),
    # the assertion is never reached
    case("a condition that is false", "if False:\n    assert f(2) == 5", "NBG401", (5, 5)),
    case("a condition on a constant", "DEBUG = False\nif DEBUG:\n    assert f(2) == 5", "NBG401", (5, 5)),
    case("another name than the main one", "if __name__ != '__main__':\n    assert f(2) == 5", "NBG401", (5, 5)),
    case("the other branch", "if 1 < 2:\n    pass\nelse:\n    assert f(2) == 5", "NBG401", (5, 5)),
    case("a loop that never turns", "while 0:\n    assert f(2) == 5", "NBG401", (5, 5)),
    case("a loop over nothing", "for n in []:\n    assert f(n) == 5", "NBG401", (5, 5)),
    case("a loop over a name for nothing", "cases = {}\nfor n, m in cases.items():\n    assert f(n) == m", "NBG401", (5, 5)),
    case("a loop over a list that is filled", "cases = []\ncases.append(2)\nfor n in cases:\n    assert f(n) == 4", "", (5, 0)),
    case("a test behind the return", "def test_p():\n    return\n    assert f(2) == 5\ntest_p()", "NBG401", (5, 5)),
    case("a function inside that nobody calls", "def test_q():\n    def inner():\n        assert f(2) == 5\n    print('ok')\ntest_q()", "NBG401", (5, 5)),
    case("a function inside that is called", "def test_q():\n    def inner():\n        assert f(2) == 4\n    inner()\ntest_q()", "", (5, 0)),
    case("a lambda that nobody calls", "quick = lambda: check(f(2))", "NBG401", (5, 5), "def check(y):\n    assert y == 5"),
    case("a lambda that is called", "quick = lambda: check(f(2))\nquick()", "", (5, 0), "def check(y):\n    assert y == 4"),
    case("a generator that nobody runs", "def test_s():\n    yield\n    assert f(2) == 5\ntest_s()", "NBG401", (5, 5)),
    # the assertion is always true
    case("the function itself", "assert f", "NBG401", (5, 5)),
    case("the function is there", "assert callable(f) and f is not None", "NBG401", (5, 5)),
    case("a text", "assert f'f gives {1}'", "NBG401", (5, 5)),
    case("not false", "assert not False", "NBG401", (5, 5)),
    case("a list of one", "assert [f(2) == 5]", "NBG401", (5, 0)),
    case("true anyway", "assert f(2) == 5 or True", "NBG401", (5, 0)),
    case("all of nothing", "assert all(f(n) == 5 for n in ())", "NBG401", (5, 5)),
    # what fails is caught
    case("a score that is counted and printed", "score = 0\ntry:\n    assert f(2) == 5\n    score += 1\nexcept Exception:\n    pass\nprint(score)", "NBG401", (5, 5)),
    case("caught by the return at the end", "def test_t():\n    try:\n        assert f(2) == 5\n    finally:\n        return\ntest_t()", "NBG401", (5, 5)),
    case("any exception is expected", "import pytest\nwith pytest.raises(Exception):\n    f('x', 'y')", "NBG401", (5, 5)),
    case("an exception that the stub does not raise", "import pytest\nwith pytest.raises(TypeError):\n    f()\nassert f(2) == 4", "", (5, 0)),
    # what fails is caught by a function that is given
    case("a test that is handed over", f"{HANDED}check(test_u)", "NBG401", (5, 5), SAFELY),
    case("a lambda that is handed over", "check(lambda: f(2))", "NBG401", (5, 5), SAFELY),
    case("the student's function that is handed over", "check(test=f)", "NBG401", (5, 5), SAFELY),
    case("a test that is handed over, and one that runs", f"{HANDED}check(test_u)\ntest_u()", "", (5, 0), SAFELY),
    case("a call before it is handed over", "check(f(2))\nprint(f)", "", (5, 0), "def check(y):\n    try:\n        print(y)\n    except Exception:\n        print('failed')"),
    case("a verdict that is asserted", f"{HANDED}assert check(test_u)", "", (5, 0), VERDICT),
    case("a verdict with a name", f"{HANDED}good = check(test_u)\nif not good:\n    raise ValueError", "", (5, 0), VERDICT),
    case("a verdict that nobody reads", f"{HANDED}good = check(test_u)", "NBG401", (5, 5), VERDICT),
    case("failures that are collected", f"{HANDED}check(test_u)\nassert not errors", "", (5, 0), COLLECTED),
    case("failures that are collected and forgotten", f"{HANDED}check(test_u)", "NBG401", (5, 5), COLLECTED),
    case("a failure that is logged", "import logging\ntry:\n    assert f(2) == 4\nexcept Exception:\n    logging.error('failed')", "", (5, 0)),
    case("a failure that another function raises", f"{HANDED}check(test_u)", "", (5, 0), "def fail(error):\n    raise error\ndef check(test):\n    try:\n        test()\n    except Exception as error:\n        fail(error)"),
    case("a function that is tried first", "check(f)", "", (5, 0), "def check(g):\n    try:\n        g('x', 'y')\n    except Exception:\n        print('two are too many')\n    assert g(2) == 4"),
    # it shows a value
    case("a number", "result = f(2)\nresult", "NBG403", (4, 0)),
    case("a number of a call", "f(1)", "NBG403", (2, 0)),
    case("a length", "len([f(2)])", "NBG403", (1, 0)),
    case("a comparison that is false", "f(2) == 5", "NBG403", (5, 0)),
    case("all of something", "all(f(n) == 3 * n for n in range(3))", "NBG403", (5, 0)),
    case("numpy's truth", "import numpy as np\nnp.allclose(f(2), 5)", "NBG403", (5, 0)),
    case("a test that returns its verdict", "def test_k():\n    return f(2) == 5\ntest_k()", "NBG403", (5, 0)),
    case("a method that gives a number", "assert f(2) == 4\nBox(2).twice()", "NBG403", (4, 0), BOX),
    case("a method of a variable", "box = Box(1)\nassert f(2) == 4\nbox.twice()", "NBG403", (2, 0), BOX),
    case("a method that gives nothing", "assert f(2) == 4\nBox(2).show()", "", (5, 0), BOX),
    case("a list", "assert f(2) == 4\n[f(1)]", "", (5, 0)),
    case("a sum", "f(1) + f(0)", "NBG403", (2, 0)),
    case("nothing is shown behind a semicolon", "f(1);", "", (5, 0)),
    case("a string", "assert f(2) == 4\n'done'", "", (5, 0)),
    case("a test that counts what is right", "def test_m():\n    n = 0\n    if f(2) == 4:\n        n += 5\n    return n\ntest_m()", "", (5, 0)),
    case("a test that returns words", "def test_m():\n    assert f(2) == 4\n    return 'well done'\ntest_m()", "", (5, 0)),
    case("a test that returns one", "def test_m():\n    assert f(2) == 4\n    return 1\ntest_m()", "NBG403", (1, 0)),
    case("a test that returns nothing", "def test_m():\n    assert f(2) == 4\ntest_m()", "", (5, 0)),
    # it writes to stderr
    case("a warning", "import warnings\nwarnings.warn('slow')\nassert f(2) == 4", "NBG404", (0, 0)),
    case("words on stderr", "import sys\nprint('so far', file=sys.stderr)\nassert f(2) == 4", "NBG404", (0, 0)),
    case("a record of an error", "import logging\nlogging.error('so far')\nassert f(2) == 4", "NBG404", (0, 0)),
    case("a warning of a logger", "import logging\nlog = logging.getLogger('a')\nlog.warning('x')\nassert f(2) == 4", "NBG404", (0, 0)),
    case("a warning of a logger that has no name", "import logging\nlogging.getLogger('a').error('x')\nassert f(2) == 4", "NBG404", (0, 0)),
    case("a record that nobody sees", "import logging\nlogging.info('so far')\nassert f(2) == 4", "", (5, 0)),
    case("unittest's report", "import unittest\nclass T(unittest.TestCase):\n    def test_n(self):\n        self.assertEqual(f(2), 4)\nunittest.main(argv=[''], exit=False, defaultTest='T')", "NBG404", (0, 0)),
    case("a warning in a function that is given", "loud()\nassert f(2) == 4", "NBG404", (0, 0), "import warnings\ndef loud():\n    warnings.warn('loud')"),
    case("a warning on a condition", "import warnings\nif f(2) != 4:\n    warnings.warn('wrong')\nassert f(2) == 4", "", (5, 0)),
    case("an assertion of a tuple", "assert (f(2) == 4, 'no')", "NBG404", (0, 0)),
    case("the identity of a number", "assert f(2) == 4\nassert f(1) is not 4", "NBG404", (0, 0)),
    case("Python's warning silenced", "assert (f(2) == 4, 'no')", "", (5, 0), "import warnings\nwarnings.filterwarnings('ignore')"),
    case("an assertion in parentheses", "assert (f(2) == 4), 'no'\nassert (\n    f(1) is None or f(1) == 2\n)", "", (5, 0)),
    # it stops
    case("a question", "input('well? ')\nassert f(2) == 4", "NBG405", (0, 0)),
    case("an exit", "import sys\nassert f(2) == 4\nsys.exit()", "NBG405", (0, 0)),
    case("an exit that is raised", "assert f(2) == 4\nraise SystemExit", "NBG405", (0, 0)),
    case("an exit that is raised with a code", "assert f(2) == 4\nraise SystemExit(0)", "NBG405", (0, 0)),
    case("an exit that a given function raises", "assert f(2) == 4\nleave()", "NBG405", (0, 0), "def leave():\n    raise SystemExit(1)"),
    case("an exit that is raised on a condition", "if f(2) != 4:\n    raise SystemExit('wrong')", "", (5, 0)),
    case("an exit behind a condition that returns", "check(f(2))", "", (5, 0), "def check(y):\n    if y == 4:\n        return\n    raise SystemExit('wrong')"),
    case("an exit that is only named", "f(2) == 4 or leave()\nprint(leave)", "", (5, 0), "def leave():\n    raise SystemExit(1)"),
]  # fmt: skip


STATES = [
    ("np.random.seed(42)", "assert abs(np.random.rand() - 0.37454) < 1e-4"),
    ("np.random.seed(42)", "def test_v():\n    x = np.random.rand()\n    assert abs(x - 0.37454) < 1e-4\ntest_v()"),
    ("np.random.seed(42)", "drawn = np.random.rand()\nassert abs(drawn - 0.37454) < 1e-4"),
    ("seed_all(42)", "assert abs(np.random.rand() - 0.37454) < 1e-4"),
    ("random.seed(1)", "assert abs(random.random() - 0.13436) < 1e-4"),
    ("seed(1)", "assert abs(random.random() - 0.13436) < 1e-4"),
    ("np.set_printoptions(precision=3)", "assert np.get_printoptions()['precision'] == 3"),
    ("pd.set_option('display.max_rows', 7)", "assert pd.get_option('display.max_rows') == 7"),
    ("pd.options.display.max_rows = 7", "assert pd.options.display.max_rows == 7"),
    ("decimal.getcontext().prec = 5", "assert decimal.getcontext().prec == 5"),
]  # fmt: skip
IMPORTS = """\
import decimal
import random
from random import seed
import numpy as np
import pandas as pd
def seed_all(number):
    np.random.seed(number)
    random.seed(number)"""


@pytest.mark.parametrize(("solution", "graded"), STATES)
def test_what_students_change_in_a_library_is_theirs(solution: str, graded: str) -> None:
    region = f"### BEGIN SOLUTION\n{solution}\n### END SOLUTION"
    document = script(Made(IMPORTS, READ_ONLY), Made(region, SOLUTION), Made(graded, TEST))
    assert not found(document)
    unchanged = script(
        Made(IMPORTS, READ_ONLY),
        Made(region.replace(solution, "a = 1"), SOLUTION),
        Made(graded, TEST),
    )
    assert [code for code, _, _ in found(unchanged)] == ["NBG401"]


def cells(graded: str, given: Sequence[str]) -> list[Made]:
    """The solution, what is given, and the graded cell."""
    return [SOLVED, *(Made(each, READ_ONLY) for each in given), Made(graded, TEST)]


def scores(node: NotebookNode) -> list[float]:
    """The points of the graded cells of a notebook that nbgrader has run."""
    preprocessor = Execute(timeout=60)
    preprocessor.log.disabled = True
    preprocessor.preprocess(node, {"metadata": {"path": "."}})
    return [utils.determine_grade(cell)[0] for cell in node.cells if utils.is_grade(cell)]


def whole() -> NotebookNode:
    """All cases, one below the other, for one kernel."""
    return notebook_node(*(cell for case in CASES for cell in cells(case[1], case[4])))


@pytest.mark.parametrize("write", [script, notebook], ids=["script", "notebook"])
@pytest.mark.parametrize(
    ("graded", "code", "given"),
    [(graded, code, given) for _, graded, code, _, given in CASES],
    ids=[each[0] for each in CASES],
)
def test_what_we_find(
    write: Callable[..., Document], graded: str, code: str, given: Sequence[str]
) -> None:
    document = write(*cells(graded, given))
    assert [each for each, _, _ in found(document)] == ([code] if code else [])


def test_nbgrader_gives_these_points_for_the_solution() -> None:
    assert scores(whole()) == [points[0] for _, _, _, points, _ in CASES]


def test_nbgrader_gives_these_points_without_it() -> None:
    unsolved, _ = ClearSolutions().preprocess(whole(), {})
    assert scores(unsolved) == [points[1] for _, _, _, points, _ in CASES]


def test_what_gives_its_points_to_everybody_is_what_we_say_cannot_fail() -> None:
    told = [code == "NBG401" for _, _, code, _, _ in CASES]
    given = [points == (FULL, FULL) for _, _, _, points, _ in CASES]
    different = [case[0] for case, a, b in zip(CASES, told, given, strict=True) if a != b]
    # In the first four the stub's error passes through, and a wrong answer does not; what is in
    # files nobody can tell.
    assert different == [
        "assertions caught",
        "a name of a file",
        "a list of one",
        "true anyway",
    ]
