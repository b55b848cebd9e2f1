"""Notebooks are verified as what they come to as programs, and placed in their JSON."""

import json
from pathlib import Path

import pytest

from modfix.document.document import Document
from modfix.verify.run import verify
from modfix.verify.verdict import Place
from tests.verify.modules import settings, step

FLAGS: dict[str, object] = {
    "grade": False,
    "locked": False,
    "schema_version": 3,
    "solution": False,
    "task": False,
}
SOLUTION_FLAGS = {**FLAGS, "solution": True}
TEST_FLAGS = {**FLAGS, "grade": True, "locked": True, "points": 5}


def code(cell_id: str, *lines: str, flags: dict[str, object] = FLAGS) -> dict[str, object]:
    source = [f"{line}\n" for line in lines[:-1]] + [lines[-1]]
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": {"nbgrader": {**flags, "grade_id": cell_id}},
        "outputs": [],
        "source": source,
    }


def notebook(folder: Path, sign: str) -> Document:
    cells = [
        {"cell_type": "markdown", "id": "title", "metadata": {}, "source": ["# Sums"]},
        code("setup", "%matplotlib inline", "!echo setting up", "import math"),
        code("shell", "%%bash", "echo hello"),
        code(
            "add",
            "def add(a, b):",
            "    ### BEGIN SOLUTION",
            f"    return a {sign} b",
            "    ### END SOLUTION",
            flags=SOLUTION_FLAGS,
        ),
        code(
            "test-add",
            "def test_module():",
            "    assert add(1, 2) == 3",
            "if __name__ == '__main__':",
            "    test_module()",
            flags=TEST_FLAGS,
        ),
    ]
    cells[1]["source"] = cells[1]["source"][1:]  # no matplotlib needed
    kernel = {"display_name": "Course", "language": "python", "name": "no-such-kernel"}
    whole = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path = folder / "sums.ipynb"
    path.write_text(json.dumps(whole, indent=1))
    return Document.from_bytes(path, path.read_bytes())


def test_a_good_notebook_passes(tmp_path: Path) -> None:
    pytest.importorskip("nbgrader")
    verdict = verify(notebook(tmp_path, "+"), settings())
    outcomes = {result.step: result.outcome for result in verdict.steps}
    assert outcomes == {**dict.fromkeys(outcomes, "passed"), "reference": "skipped"}, verdict


@pytest.mark.parametrize("name", ["run", "pytest", "integration", "nbgrader"])
def test_a_failing_one_is_placed_in_the_file(tmp_path: Path, name: str) -> None:
    if name == "nbgrader":
        pytest.importorskip("nbgrader")
    document = notebook(tmp_path, "-")
    line = next(n for n, text in enumerate(document.text.split("\n"), 1) if "assert add" in text)
    result = step(document, name)
    assert result.place == Place(4, "test-add", 2, line), result
    assert f"line {line}: assert add(1, 2) == 3" in result.detail


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("await asyncio.sleep(0)", "cell 1, line 2"),
        ("x = [i async for i in numbers()]", "cell 1, line 2"),
        ("async def f(): await asyncio.sleep(0)", ""),
    ],
)
def test_what_only_a_kernel_runs_is_no_failure_of_a_notebook(
    tmp_path: Path, line: str, where: str
) -> None:
    numbers = ["import asyncio", "async def numbers():", "    yield 1"]
    cells = [code("setup", *numbers), code("waits", "y = 1", line)]
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path = tmp_path / "sums.ipynb"
    path.write_text(json.dumps(whole))
    verdict = verify(
        Document.from_bytes(path, path.read_bytes()), settings(), only=["run", "import"]
    )
    reason = f"only a kernel can `await` outside of functions ({where})"
    told = [(each.outcome, each.reason) for each in verdict.steps]
    assert told == [("skipped", reason) if where else ("passed", "")] * 2
