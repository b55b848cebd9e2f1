"""Graded cells that plainly can fail: they call what students wrote, at the top or in a function
that is called there.

PERF: most graded cells do, and of those nothing has to be followed through the module.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator

from modfix.rule import CodeCell, Module, Statement

from ._given import sources
from ._uncalled import runs_when_called

_SIMPLE = (ast.Assert, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)
_DEFERRED = (ast.Lambda, ast.GeneratorExp, ast.BoolOp, ast.IfExp, ast.List, ast.Dict, ast.Set)


def plainly_tests(module: Module, cell: CodeCell) -> bool:
    """Whether running the cell surely calls a student's function, outside of `try`."""
    theirs = sources(module)
    called = set(called_names(cell.statements))
    bound = Counter(name for statement in cell.statements for name in statement.binds)
    return any(
        (statement.reads & theirs and _calls(statement.plain, theirs))
        or (
            statement.name in called
            and bound[statement.name] == 1
            and _calls_when_called(statement, theirs)
        )
        for statement in cell.statements
    )


def _calls_when_called(statement: Statement, theirs: frozenset[str]) -> bool:
    """Whether a definition is a plain function with a call in it."""
    if statement.kind != "function" or statement.decorators or not runs_when_called(statement):
        return False
    function = statement.plain[0]
    if not isinstance(function, ast.FunctionDef):
        return False
    return _calls(function.body, theirs & (statement.reads | statement.later))


def called_names(statements: Iterable[Statement]) -> Iterator[str]:
    """The names that the cell calls, bare or under its main guard."""
    for statement in statements:
        if statement.kind == "call":
            yield statement.call
        elif statement.kind == "guard":
            yield from (inner.call for inner in statement.body if inner.kind == "call")


def _calls(body: Iterable[ast.stmt], theirs: frozenset[str]) -> bool:
    """Whether the first statements of a block, up to one that is not simple, call one of them."""
    for node in body:
        if not isinstance(node, _SIMPLE):
            if isinstance(node, (ast.Return, ast.Raise, ast.Break, ast.Continue)):
                return False
            continue
        if any(isinstance(f, ast.Name) and f.id in theirs for f in _surely_called(node)):
            return True
    return False


def _surely_called(statement: ast.stmt) -> Iterator[ast.expr]:
    """What a simple statement calls, whatever its parts come to."""
    stack: list[ast.AST] = [statement]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Call):
            yield node.func
        if not isinstance(node, _DEFERRED):
            stack.extend(ast.iter_child_nodes(node))
