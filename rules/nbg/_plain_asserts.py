"""Graded cells that plainly can fail: an assert at the top, or in a function that is called there.

PERF: most graded cells do, and CPython's tree says so for a tenth of what LibCST's costs.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable

from modfix.rule import CodeCell, Statement


def plainly_asserts(cell: CodeCell) -> bool:
    """Whether running the cell surely comes to an assert that may be false, outside of `try`."""
    called = set(_called(cell.statements))
    bound = Counter(name for statement in cell.statements for name in statement.binds)
    return any(
        (statement.effects.asserts and _may_be_false(statement.plain))
        or (
            statement.name in called
            and bound[statement.name] == 1
            and _asserts_when_called(statement)
        )
        for statement in cell.statements
    )


def _asserts_when_called(statement: Statement) -> bool:
    """Whether a definition is a plain function with an assert in it."""
    if statement.kind != "function" or statement.decorators:
        return False
    function = statement.plain[0]
    return isinstance(function, ast.FunctionDef) and _may_be_false(function.body)


def _called(statements: Iterable[Statement]) -> Iterable[str]:
    """The names that the cell calls, bare or under its main guard."""
    for statement in statements:
        if statement.kind == "call":
            yield statement.call
        elif statement.kind == "guard":
            yield from (inner.call for inner in statement.body if inner.kind == "call")


def _may_be_false(body: Iterable[ast.stmt]) -> bool:
    tests = (node.test for node in body if isinstance(node, ast.Assert))
    return any(not isinstance(test, (ast.Constant, ast.Tuple)) for test in tests)
