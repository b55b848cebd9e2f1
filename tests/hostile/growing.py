"""Shapes of modules that may cost more than their size: each by the number of its units.

What is here took the square of its size once, or looks as if it might.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from tests.hostile.notebooks import CODE, notebook

Text = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Growing:
    """A shape: the suffix of its file and its text by the number of units."""

    suffix: str
    text: Text


def metadata(grade_id: str, *, grade: bool) -> str:
    """nbgrader's metadata of a test, or of a solution."""
    value = {"grade": grade, "grade_id": grade_id, "locked": grade, "points": 1,
             "schema_version": 3, "solution": not grade, "task": False}  # fmt: skip
    return f"nbgrader={json.dumps(value)}"


def each(unit: Callable[[int], str], before: str = "", after: str = "") -> Growing:
    """A script of many units, one below the other."""
    return Growing(".py", lambda n: before + "\n".join(map(unit, range(n))) + "\n" + after)


def line(unit: str) -> Growing:
    """A script of one marker line that goes on and on."""
    return Growing(".py", lambda n: f"# %% {unit * n}\nx = 1\n")


def cells(cell: Callable[[int], dict[str, object]]) -> Growing:
    """A notebook of many cells."""
    return Growing(".ipynb", lambda n: notebook(json.dumps([cell(i) for i in range(n)], indent=1)))


def markdown(unit: Callable[[int], str]) -> Growing:
    """A text notebook of many cells."""
    head = (
        "---\njupyter:\n  kernelspec:\n    display_name: Python 3\n    language: python\n"
        "    name: python3\n---\n\n"
    )
    return Growing(
        ".md", lambda n: head + "\n".join(f"```python\n{unit(i)}\n```\n" for i in range(n))
    )


TEST = "def test_{0}():\n    assert {0}\n\ntest_{0}()\n"
MIXED = "def f{0}():\n    return {0}\n\n" + TEST
EXPORTED = "# %%\n#| default_exp a\n\n"
SOLUTION = f"# %% {metadata('a', grade=False)}\n"
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"

GROWING: dict[str, Growing] = {
    "calls of tests in cells": each(lambda i: "# %%\n" + TEST.format(i)),
    "calls of tests in one cell": each(TEST.format, "# %%\n"),
    "calls of one test": each(lambda i: "# %%\ntest_a()", "# %%\ndef test_a():\n    assert 1\n\n"),
    "calls in a guarded tail": Growing(
        ".py",
        lambda n: "".join(f"# %%\n{TEST.format(i)}\n" for i in range(n))
        + '# %%\nif __name__ == "__main__":\n'
        + "".join(f"    test_{i}()\n" for i in range(n)),
    ),
    "calls beside magics": each(lambda i: f"# %%\n# %timeit f({i})\n{TEST.format(i)}"),
    "prints": each(lambda i: f"# %%\nprint({i})"),
    "functions beside their tests": each(lambda i: "# %%\n" + MIXED.format(i)),
    "graded cells without metadata": each(
        lambda i: f"# %%\nx{i} = {i}", f"# %% {metadata('a', grade=True)}\nassert 1\n"
    ),
    "one id for all": each(lambda i: f"# %% {metadata('a', grade=True)}\nassert f{i}()"),
    "solutions without regions": each(
        lambda i: f"# %% {metadata(f'c{i}', grade=False)}\ndef f{i}():\n    return {i}"
    ),
    "exported functions": each(lambda i: f"# %%\n#| export\ndef f{i}(): pass", EXPORTED),
    "exported constants": each(lambda i: "# %%\n#| export\n#| hide\nx = 1"),
    "functions that shadow each other": each(
        lambda i: "# %%\n#| export\ndef f(): pass", EXPORTED
    ),
    "a list of exports": Growing(
        ".py",
        lambda n: f"{EXPORTED}# %%\n#| export\n__all__ = {[f'f{i}' for i in range(n)]}\n",
    ),
    "suppressions": each(lambda i: f"# %%\nprint({i})  # modfix: ignore[RUN103] a"),
    "suppressions in one cell": each(lambda i: f"x = {i}  # modfix: ignore[RUN103] a", "# %%\n"),
    "suppressions in prose": each(
        lambda i: "# <!-- modfix: ignore[RUN] a -->", "# %% [markdown]\n"
    ),
    "codes of a suppression": Growing(
        ".py", lambda n: f"# %%\nx = 1  # modfix: ignore[{'RUN103, ' * n}] a\n"
    ),
    "regions": each(lambda i: f"{BEGIN}\nx = 1\n{END}", SOLUTION),
    "regions that nothing closes": each(lambda i: f"{BEGIN}\nx = 1", SOLUTION),
    "regions with code behind": each(
        lambda i: f"def f{i}():\n    {BEGIN}\n    x = 1\n    {END}\n    return x", SOLUTION
    ),
    "near misses": each(lambda i: f"### BEGIN  SOLUTIONS\nx = 1\n{END}:", SOLUTION),
    "form feeds": each(lambda i: "\x0c# %%\nprint(1)"),
    "an option in an option": line('a={"b": '),
    "options in open quotes": line("a='b "),
    "options in quotes that overlap": line('a=" b=""'),
    "options in comments": line("a=1b # "),
    "members of an object": Growing(
        ".py", lambda n: f"# %% {json.dumps({f'k{i}': i for i in range(n)})}\nx = 1\n"
    ),
    "members of a Python dictionary": Growing(
        ".py", lambda n: f"# %% {({f'k{i}': i for i in range(n)})}\nx = 1\n"
    ),
    "a notebook of calls": cells(lambda i: CODE | {"source": TEST.format(i)}),
    "a notebook of magics": cells(lambda i: CODE | {"source": f"%timeit f({i})\nprint({i})"}),
    "calls in Markdown": markdown(TEST.format),
}  # fmt: skip
