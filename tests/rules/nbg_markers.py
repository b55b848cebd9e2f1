# ruff: noqa: E501  (a table: one case, one line where it can be)
"""Cells with markers as authors mangle them: what we find, and what nbgrader makes of them."""

from __future__ import annotations

import pytest

from tests.rules.nbg_cells import MANUAL, READ_ONLY, SOLUTION, TASK, TEST, Flags, Kind

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
INNER = "    # YOUR CODE HERE\n    raise NotImplementedError()"
NO_END = "no end solution statement found"
NESTED = "encountered nested begin solution statements"
NON_SOLUTION = "Solution region detected in a non-solution cell"
NON_GRADE = "Hidden test region detected in a non-grade cell"
NON_TASK = "Mark scheme region detected in a non-grade cell"

Found = list[tuple[str, int]]  # code and line of the cell


def case(
    name: str, flags: Flags, source: str, findings: Found, nbgrader: str, kind: Kind = "code"
) -> object:
    """A cell, what we find, and what nbgrader raises (its words) or leaves (the whole source)."""
    return pytest.param(flags, source, findings, nbgrader, kind, id=name)


def body(*lines: str) -> str:
    return "\n".join(lines)


WHOLE = body("def f():", "    ### BEGIN SOLUTION", "    return 1", "    ### END SOLUTION")
HIDDEN = body("assert f() == 1", "### BEGIN HIDDEN TESTS", "assert f() < 2", "### END HIDDEN TESTS")
SCHEME = body("Draw.", "=== BEGIN MARK SCHEME ===", "a line", "=== END MARK SCHEME ===")

# fmt: off
CASES = [
    # whole regions
    case("whole solution", SOLUTION, WHOLE, [], f"def f():\n{INNER}"),
    case("whole hidden tests", TEST, HIDDEN, [], "assert f() == 1"),
    case("whole mark scheme", TASK, SCHEME, [], "Draw.", "markdown"),
    case(
        "no blank before the marker",
        SOLUTION,
        body("x = 0", "###BEGIN SOLUTION", "x = 1", "###END SOLUTION"),
        [],
        f"x = 0\n{STUB}",
    ),
    case(
        "plural holds the marker",
        SOLUTION,
        body("x = 0", "### BEGIN SOLUTIONS", "x = 1", "### END SOLUTIONS"),
        [],
        f"x = 0\n{STUB}",
    ),
    # unbalanced
    case("no end", SOLUTION, "x = 0\n### BEGIN SOLUTION\nx = 1", [("NBG302", 2)], NO_END),
    case("no begin", SOLUTION, "x = 1\n### END SOLUTION", [("NBG303", 2)], STUB),
    case(
        "no begin of hidden tests",
        TEST,
        "assert f() == 1\n### END HIDDEN TESTS",
        [("NBG303", 2)],
        "assert f() == 1",
    ),
    case(
        "a second end",
        SOLUTION,
        f"{WHOLE}\n    ### END SOLUTION",
        [("NBG303", 5)],
        f"def f():\n{INNER}",
    ),
    case(
        "two ends, the first meant as begin",
        SOLUTION,
        body("x = 0", "### END SOLUTION", "x = 1", "### END SOLUTION"),
        [("NBG303", 2)],
        STUB,
    ),
    case(
        "two begins, the second meant as end",
        SOLUTION,
        body("x = 0", "### BEGIN SOLUTION", "x = 1", "### BEGIN SOLUTION"),
        [("NBG302", 4)],
        NESTED,
    ),
    case(
        "nested",
        SOLUTION,
        body(
            "### BEGIN SOLUTION",
            "x = 1",
            "### BEGIN SOLUTION",
            "x = 2",
            "### END SOLUTION",
            "### END SOLUTION",
        ),
        [("NBG302", 3)],
        NESTED,
    ),
    case(
        "one line",
        SOLUTION,
        body("x = 0", "### BEGIN SOLUTION x = 1 ### END SOLUTION", "y = 2"),
        [("NBG302", 2)],
        NO_END,
    ),
    case(
        "one line, and a whole region below",
        SOLUTION,
        f"# BEGIN SOLUTION END SOLUTION\n{WHOLE}",
        [("NBG302", 1)],
        NESTED,
    ),
    # misspelled: nbgrader sees nothing
    case(
        "marking scheme, in the manual's form",
        TASK,
        "Draw.\n=== BEGIN MARKING SCHEME ===\na line\n=== END MARK SCHEM ===",
        [("NBG304", 2), ("NBG304", 4)],
        "Draw.\n=== BEGIN MARKING SCHEME ===\na line\n=== END MARK SCHEM ===",
        "markdown",
    ),
    case(
        "typo in the begin",
        SOLUTION,
        body("x = 0", "### BEGIN SOLUTON", "x = 1", "### END SOLUTION"),
        [("NBG304", 2)],
        STUB,
    ),
    case(
        "typo in the end",
        SOLUTION,
        body("x = 0", "### BEGIN SOLUTION", "x = 1", "### END SOLUTOIN"),
        [("NBG304", 4)],
        NO_END,
    ),
    case(
        "another case",
        TEST,
        body("assert f() == 1", "# begin hidden tests", "assert f() < 2", "# end hidden tests"),
        [("NBG304", 2), ("NBG304", 4)],
        body("assert f() == 1", "# begin hidden tests", "assert f() < 2", "# end hidden tests"),
    ),
    case(
        "two blanks",
        TEST,
        body("assert f() == 1", "### BEGIN HIDDEN  TESTS", "assert f() < 2", "### END HIDDEN TESTS"),
        [("NBG304", 2)],
        body("assert f() == 1", "### BEGIN HIDDEN  TESTS", "assert f() < 2"),
    ),
    case(
        "one test",
        TEST,
        body("assert f() == 1", "### BEGIN HIDDEN TEST", "assert f() < 2", "### END HIDDEN TEST"),
        [("NBG304", 2), ("NBG304", 4)],
        body("assert f() == 1", "### BEGIN HIDDEN TEST", "assert f() < 2", "### END HIDDEN TEST"),
    ),
    case(
        "start and stop",
        SOLUTION,
        body("x = 0", "# START SOLUTION", "x = 1", "# STOP SOLUTION"),
        [("NBG304", 2), ("NBG304", 4)],
        STUB,
    ),
    case(
        "underscores",
        SOLUTION,
        body("x = 0", "# BEGIN_SOLUTION", "x = 1", "# END_SOLUTION"),
        [("NBG304", 2), ("NBG304", 4)],
        STUB,
    ),
    case(
        "a word is missing in the end",
        SOLUTION,
        body("x = 0", "### BEGIN SOLUTION", "x = 1", "### SOLUTION"),
        [("NBG304", 4)],
        NO_END,
    ),
    case(
        "only END",
        SOLUTION,
        body("x = 0", "### BEGIN SOLUTION", "x = 1", "### END"),
        [("NBG304", 4)],
        NO_END,
    ),
    case(
        "the second of two regions",
        SOLUTION,
        f"{WHOLE}\n    ### BEGIN SOLUTIN\n    return 2\n    ### END SOLUTIN",
        [("NBG304", 5), ("NBG304", 7)],
        f"def f():\n{INNER}\n    ### BEGIN SOLUTIN\n    return 2\n    ### END SOLUTIN",
    ),
    case(
        "ordinary comments",
        SOLUTION,
        f"# begin by solving for x\n# the end of evolution\n# solutions start here\n{WHOLE}",
        [],
        f"# begin by solving for x\n# the end of evolution\n# solutions start here\ndef f():\n{INNER}",
    ),
    case("words before the marker", SOLUTION, "x = 0\n# Part (a): BEGIN SOLUTION\nx = 1\n# Part (a): END SOLUTION", [], f"x = 0\n{STUB}"),
    case("quiet words in a cell of another kind", READ_ONLY, "# begin solution\nx = 1\n# end solution", [], "# begin solution\nx = 1\n# end solution"),
    # in the wrong kind of cell
    case("solution in a read-only cell", READ_ONLY, WHOLE, [("NBG305", 2)], NON_SOLUTION),
    case("solution in a test", TEST, f"{WHOLE}\nassert f()", [("NBG305", 2)], NON_SOLUTION),
    case("hidden tests in a read-only cell", READ_ONLY, HIDDEN, [("NBG305", 2)], NON_GRADE),
    case(
        "hidden tests in a solution with a region",
        SOLUTION,
        f"{WHOLE}\n{HIDDEN}",
        [("NBG305", 6)],
        NON_GRADE,
    ),
    case("hidden tests in a solution without one", SOLUTION, HIDDEN, [("NBG301", 0)], STUB),
    case("hidden tests in a manual answer", MANUAL, f"{WHOLE}\n# BEGIN HIDDEN TESTS\nprint(f())\n# END HIDDEN TESTS", [], f"def f():\n{INNER}"),
    case("mark scheme in code", TEST, "assert f()\n# BEGIN MARK SCHEME\n# a\n# END MARK SCHEME", [("NBG305", 2)], NON_TASK),
    case("mark scheme in an answer", MANUAL, f"BEGIN SOLUTION\nx\nEND SOLUTION\n{SCHEME}", [("NBG305", 5)], NON_TASK, "markdown"),
    case("solution in prose without metadata", None, "### BEGIN SOLUTION\nx\n### END SOLUTION", [("NBG305", 1)], NON_SOLUTION, "markdown"),
    case("solution in a raw cell", None, "### BEGIN SOLUTION\nx\n### END SOLUTION", [("NBG305", 1)], NON_SOLUTION, "raw"),
    case("raw without end", None, "### BEGIN SOLUTION\nx", [("NBG302", 1), ("NBG305", 1)], NO_END, "raw"),
    case("hidden tests in a task", TASK, "Draw.\nBEGIN HIDDEN TESTS\nx\nEND HIDDEN TESTS", [("NBG305", 2)], NON_GRADE, "markdown"),
    # in prose and strings: they act all the same
    case("prose about both", None, "Write between BEGIN SOLUTION and END SOLUTION.", [("NBG306", 1)], NO_END, "markdown"),
    case("prose with code marks", None, "Do not remove `### BEGIN SOLUTION`.", [("NBG306", 1)], NO_END, "markdown"),
    case("prose about the end", None, "Stop at END SOLUTION.\nThen go on.", [("NBG306", 1)], "Then go on.", "markdown"),
    case("prose that talks", None, "Begin a solution, end the solution.", [], "Begin a solution, end the solution.", "markdown"),
    case("a comment that mentions it", READ_ONLY, "# fill in below ### BEGIN SOLUTION\nx = 1", [("NBG306", 1)], NO_END),
    case("a string", READ_ONLY, "print('### BEGIN SOLUTION')", [("NBG306", 1)], NO_END),
    case("a docstring about both", SOLUTION, 'def f():\n    """Between BEGIN SOLUTION and END SOLUTION."""\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION', [("NBG306", 2)], NESTED),
    case("a region in a string", SOLUTION, 'query = """\n-- BEGIN SOLUTION\nSELECT 1\n-- END SOLUTION\n"""', [("NBG306", 2)], f'query = """\n{STUB}\n"""'),
    case("a region in a string of a test", READ_ONLY, 'query = """\n-- BEGIN SOLUTION\nSELECT 1\n-- END SOLUTION\n"""', [("NBG306", 2)], NON_SOLUTION),
    # an end that is only mentioned is one to nbgrader
    case("a solution to an end in code", SOLUTION, "x = 0\n### BEGIN SOLUTION\ns = 'END SOLUTION'", [("NBG306", 3)], f"x = 0\n{STUB}"),
    case("hidden tests to an end in code", TEST, "assert f()\n### BEGIN HIDDEN TESTS\ns = 'END HIDDEN TESTS'", [("NBG306", 3)], "assert f()"),
    case("a mark scheme to an end in code", TASK, "x = 0\n### BEGIN MARK SCHEME\ns = 'END MARK SCHEME'", [("NBG211", 0), ("NBG306", 3)], "x = 0"),
    case("a mark scheme to an end in code of a test", TEST, "assert f()\n### BEGIN MARK SCHEME\ns = 'END MARK SCHEME'", [("NBG302", 2), ("NBG305", 2), ("NBG306", 3)], NON_TASK),
    case("two solutions with an end in code between", SOLUTION, "x = 0\n### BEGIN SOLUTION\ns = 'END SOLUTION'\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION", [("NBG306", 3)], f"x = 0\n{STUB}\n{STUB}"),
    case("hidden tests in a solution to an end in code", SOLUTION, "x = 0\n### BEGIN SOLUTION\n### BEGIN HIDDEN TESTS\nx = 1\n### END HIDDEN TESTS\ns = 'END SOLUTION'", [("NBG306", 6)], f"x = 0\n{STUB}"),
    case("a begin alone in a string", SOLUTION, 'query = """\n-- BEGIN SOLUTION\nSELECT 1\n"""', [("NBG302", 2)], NO_END),
    # what students get does not parse
    case("column 0", SOLUTION, "def f():\n### BEGIN SOLUTION\n    return 1\n### END SOLUTION", [("NBG307", 2)], f"def f():\n{STUB}"),
    case("column 0 behind a docstring", SOLUTION, 'def f():\n    """One."""\n### BEGIN SOLUTION\n    return 1\n### END SOLUTION', [("NBG307", 3)], f'def f():\n    """One."""\n{STUB}'),
    case("too far right", SOLUTION, "x = 0\n    ### BEGIN SOLUTION\nx = 1\n    ### END SOLUTION", [("NBG307", 2)], f"x = 0\n{INNER}"),
    case("hidden tests only in a block", TEST, "if f():\n    ### BEGIN HIDDEN TESTS\n    assert f() == 1\n    ### END HIDDEN TESTS", [("NBG307", 2)], "if f():"),
    case("half a statement", SOLUTION, "x = [\n    ### BEGIN SOLUTION\n    1,\n    ### END SOLUTION\n]", [("NBG307", 2)], f"x = [\n{INNER}\n]"),
    case("column 0 in a cell of another kind", READ_ONLY, "def f():\n### BEGIN SOLUTION\n    return 1\n### END SOLUTION", [("NBG307", 2), ("NBG305", 2)], NON_SOLUTION),
    # code beside and behind markers
    case("code before the begin", SOLUTION, "x = 0  # BEGIN SOLUTION\nx = 1\n# END SOLUTION", [("NBG308", 1)], STUB),
    case("a head before the begin", SOLUTION, "def f():  # BEGIN SOLUTION\n    return 1\n    # END SOLUTION\n    # the end", [("NBG308", 1)], f"{STUB}\n    # the end"),
    case("code behind a solution that returns", SOLUTION, f"{WHOLE}\n    return len('a')", [("NBG309", 5)], f"def f():\n{INNER}\n    return len('a')"),
    case("scaffolding behind a solution", SOLUTION, "def f(x):\n    y = None\n    ### BEGIN SOLUTION\n    y = 1\n    ### END SOLUTION\n    return y + 1", [], f"def f(x):\n    y = None\n{INNER}\n    return y + 1"),
    case("the result behind a solution", SOLUTION, "def f(x):\n    ### BEGIN SOLUTION\n    y = 1\n    ### END SOLUTION\n    return y", [], f"def f(x):\n{INNER}\n    return y"),
    case("the result in its type", SOLUTION, "def f(x):\n    ### BEGIN SOLUTION\n    y = [1]\n    ### END SOLUTION\n    return tuple(y)", [], f"def f(x):\n{INNER}\n    return tuple(y)"),
    case("a check of the result", SOLUTION, "def f(x):\n    ### BEGIN SOLUTION\n    y = 1\n    ### END SOLUTION\n    assert y + 1 > 0\n    return y", [], f"def f(x):\n{INNER}\n    assert y + 1 > 0\n    return y"),
    case("an argument that the solution changes", SOLUTION, "def f(x):\n    ### BEGIN SOLUTION\n    x.append(1)\n    ### END SOLUTION\n    return x[0]", [], f"def f(x):\n{INNER}\n    return x[0]"),
    case("a last step of names that only the solution has", SOLUTION, "def f(x):\n    ### BEGIN SOLUTION\n    y = 1\n    ### END SOLUTION\n    return y + 1", [("NBG309", 5)], f"def f(x):\n{INNER}\n    return y + 1"),
    case("a name that only the words above have", SOLUTION, 'def y(x):\n    """Return y."""  # y, too\n    ### BEGIN SOLUTION\n    y = 1\n    ### END SOLUTION\n    return y + 1', [("NBG309", 6)], f'def y(x):\n    """Return y."""  # y, too\n{INNER}\n    return y + 1'),
    case("a step in between", SOLUTION, "def f(x):\n    ### BEGIN SOLUTION\n    y = sum(x)\n    ### END SOLUTION\n    z = y / len(x)\n    return round(z, 2)", [("NBG309", 5)], f"def f(x):\n{INNER}\n    z = y / len(x)\n    return round(z, 2)"),
    case("a result in another form", SOLUTION, "def f(x):\n    ### BEGIN SOLUTION\n    y = sum(x)\n    ### END SOLUTION\n    y = float(np.squeeze(y))\n    return round(y, 2)", [], f"def f(x):\n{INNER}\n    y = float(np.squeeze(y))\n    return round(y, 2)"),
    case("the time that a solution took", SOLUTION, "def f(x):\n    start = time.time()\n    ### BEGIN SOLUTION\n    sort(x)\n    ### END SOLUTION\n    return time.time() - start", [], f"def f(x):\n    start = time.time()\n{INNER}\n    return time.time() - start"),
    case("a loop on with the solution", SOLUTION, "def f(x):\n    ### BEGIN SOLUTION\n    y = 0\n    ### END SOLUTION\n    for each in x:\n        y += each\n    return y", [("NBG309", 5)], f"def f(x):\n{INNER}\n    for each in x:\n        y += each\n    return y"),
    case("a step behind the block of a solution", SOLUTION, "def f(x):\n    if x:\n        ### BEGIN SOLUTION\n        y = 1\n        ### END SOLUTION\n    return y * 3", [("NBG309", 6)], "def f(x):\n    if x:\n        # YOUR CODE HERE\n        raise NotImplementedError()\n    return y * 3"),
    # nothing left, nothing there
    case("all hidden", TEST, "### BEGIN HIDDEN TESTS\nassert f() == 1\n### END HIDDEN TESTS", [("NBG310", 1)], ""),
    case("an empty region", SOLUTION, "x = 0\n### BEGIN SOLUTION\n\n# soon\n### END SOLUTION", [("NBG311", 2)], f"x = 0\n{STUB}"),
    case("nothing in a function", SOLUTION, "def f(x):\n    ### BEGIN SOLUTION\n    ### END SOLUTION", [("NBG311", 2)], f"def f(x):\n{INNER}"),
    case("an answer in comments", MANUAL, "### BEGIN SOLUTION\n# Because.\n### END SOLUTION", [], STUB),
    case("an empty test", TEST, "# soon", [("NBG311", 0)], "# soon"),
    # attachments
    case("attachment in a mark scheme", TASK, f"{SCHEME.replace('a line', '![a](attachment:a.png)')}", [("NBG312", 3)], "Encountered an attachment in a marking scheme.", "markdown"),
    case("attachment in an answer", MANUAL, "![a](attachment:a.png)", [("NBG312", 1)], "YOUR ANSWER HERE", "markdown"),
    # hidden from nbgrader by what it clears first
    case("half a hidden test inside of a solution", SOLUTION, "### BEGIN SOLUTION\n# BEGIN HIDDEN TESTS\nx = 1\n### END SOLUTION", [], STUB),
]
