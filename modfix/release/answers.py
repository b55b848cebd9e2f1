"""Visible tests that quote the answer: a literal that is a whole solution, compared or told."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator

from modfix.nbgrader.kinds import is_grade
from modfix.release.problem import Problem
from modfix.release.student import ReleasedCell, StudentVersion

_SHORTEST = 4  # characters of a text that is an answer


def quoted_answers(version: StudentVersion) -> Iterator[Problem]:
    """Assertions in released tests with the literal that a solution returns or assigns."""
    answers = {value: cell for cell in version.cells for value in _answers(cell)}
    if not answers:
        return
    for cell in version.cells:
        if cell.cell.kind == "code" and is_grade(cell.cell.nbgrader):
            yield from _in_test(cell, answers)


def _answers(cell: ReleasedCell) -> Iterator[object]:
    """The literals that a stripped solution comes to: `return 3.25`, `answer = "Paris"`."""
    lines = cell.given.split("\n")
    for part in cell.cleared.stripped:
        if part.kind == "solution" and cell.cell.kind == "code":
            for line in lines[part.first - 1 : part.last]:
                value = _literal(line.strip())
                if _is_answer(value):
                    yield value


def _literal(line: str) -> object:
    try:
        tree = ast.parse(line.replace("return ", "_ = ", 1) if line.startswith("return ") else line)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if len(tree.body) != 1 or not isinstance(tree.body[0], (ast.Assign, ast.AnnAssign)):
        return None
    value = tree.body[0].value
    return value.value if isinstance(value, ast.Constant) else None


def _is_answer(value: object) -> bool:
    """Whether a literal is telling: 0, 1 and "" are everywhere."""
    if isinstance(value, str):
        return len(value) >= _SHORTEST
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return len(str(value).replace(".", "").strip("0")) >= 2


def _in_test(cell: ReleasedCell, answers: dict[object, ReleasedCell]) -> Iterator[Problem]:
    tree = _tree(cell.source)
    for node in ast.walk(tree) if tree is not None else ():
        if not isinstance(node, ast.Assert):
            continue
        quoted = next((each for each in _constants(node) if each in answers), None)
        told = next((a for a in answers if _message_has(node, a)), None)
        value = quoted if quoted is not None else told
        if value is not None:
            yield _problem(cell, node, value, answers[value], message=told is not None)


def _tree(source: str) -> ast.Module | None:
    try:
        return ast.parse(textwrap.dedent(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _constants(node: ast.Assert) -> Iterator[object]:
    """The literals that the assertion compares with."""
    for compare in ast.walk(node.test):
        if isinstance(compare, ast.Compare):
            for side in (compare.left, *compare.comparators):
                if isinstance(side, ast.Constant) and _is_answer(side.value):
                    yield side.value


def _message_has(node: ast.Assert, answer: object) -> bool:
    if node.msg is None:
        return False
    texts = (n.value for n in ast.walk(node.msg) if isinstance(n, ast.Constant))
    return any(isinstance(text, str) and str(answer) in text for text in texts)


def _problem(
    cell: ReleasedCell, node: ast.Assert, value: object, source: ReleasedCell, *, message: bool
) -> Problem:
    how = "its message tells" if message else "it compares with"
    text = f"this visible test quotes the answer of cell {source.cell.index}: {how} {value!r}"
    line = cell.cleared.lines[node.lineno - 1].origin
    todo = "compare with something computed, or hide the test"
    return Problem("warning", text, todo, cell.cell.index, cell.offset(line))
