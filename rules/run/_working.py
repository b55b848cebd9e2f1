"""Which statements at module level do work when the module is imported."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from modfix.rule import CodeCell, Module, Statement
from modfix.syntax.effects import called_name
from modfix.syntax.module import matches
from modfix.syntax.reading import is_main_test

_IDLE = (
    *(ast.Import, ast.ImportFrom, ast.Pass, ast.Expr),
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
)
_NO_WORK = ("function", "class", "import", "assign", "string", "guard", "magic")


def works(statement: Statement, setup: tuple[str, ...]) -> bool:
    """Whether a statement works when it runs: calls, loops, `with`, asserts.

    Definitions, imports and assignments do not, nor blocks that hold nothing else; nor do calls
    whose dotted name fits one of the patterns in `setup`.
    """
    if statement.kind == "call":  # PERF: most lines that work are one call
        return not matches(statement.effects.calls[0].name, setup)
    return statement.kind not in _NO_WORK and _work(statement.plain, setup)


def works_in_passing(module: Module, statement: Statement) -> bool:
    """Whether an assignment or an expression prints, or runs a test or demo of the module."""
    if statement.kind not in ("assign", "other"):
        return False
    if "print" in statement.reads:
        return True
    named = (name for name in statement.reads if module.is_test(name) or module.is_demo(name))
    return any(module.definition(name) and _calls(statement.plain, name) for name in named)


def _calls(line: Sequence[ast.stmt], name: str) -> bool:
    """Whether a line is a single assignment of what a function returns."""
    value = line[0].value if isinstance(line[0], (ast.Assign, ast.AnnAssign)) else None
    return isinstance(value, ast.Call) and called_name(value) == name


def _work(body: Sequence[ast.stmt], setup: tuple[str, ...]) -> bool:
    return any(_works(node, setup) for node in body)


def _works(node: ast.stmt, setup: tuple[str, ...]) -> bool:
    match node:
        case ast.Expr(value=ast.Call() as call):
            return not matches(called_name(call), setup)
        case ast.Assert():
            return True
        case ast.If():
            guarded = is_main_test(node.test)
            return (not guarded and _work(node.body, setup)) or _work(node.orelse, setup)
        case ast.Try() | ast.TryStar():
            return _try_works(node, setup)
        case ast.For() | ast.AsyncFor() | ast.While() | ast.With() | ast.AsyncWith():
            return not _only_sets_up(node.body, setup)
        case ast.Match():
            return any(_work(case.body, setup) for case in node.cases)
    return False


def _try_works(node: ast.Try | ast.TryStar, setup: tuple[str, ...]) -> bool:
    if any(_work(part, setup) for part in (node.body, node.orelse, node.finalbody)):
        return True
    if any(isinstance(each, (ast.Import, ast.ImportFrom)) for each in node.body):
        return False  # what a handler does then is say what is missing
    return any(_work(handler.body, setup) for handler in node.handlers)


def _only_sets_up(body: Sequence[ast.stmt], setup: tuple[str, ...]) -> bool:
    """Whether a loop or a `with` holds only imports, definitions and set-up calls."""
    return all(_sets_up(node, setup) for node in body)


def _sets_up(node: ast.stmt, setup: tuple[str, ...]) -> bool:
    if isinstance(node, ast.If):
        return not node.orelse and _only_sets_up(node.body, setup)
    return isinstance(node, _IDLE) and not _works(node, setup)


def is_main_only(statement: Statement) -> bool:
    """Whether a statement runs only when the module is executed, not when it is imported."""
    if statement.kind == "guard":
        return True
    node = _main_if(statement)
    return node is not None and not node.orelse


def is_guard_with_else(statement: Statement) -> bool:
    """Whether a statement is a main guard that does something else on import."""
    node = _main_if(statement)
    return node is not None and bool(node.orelse)


def _main_if(statement: Statement) -> ast.If | None:
    if statement.kind != "block" or "__name__" not in statement.reads:
        return None
    node = statement.plain[0]
    return node if isinstance(node, ast.If) and is_main_test(node.test) else None


def is_graded_by_asserts(module: Module, cell: CodeCell) -> bool:
    """Whether nbgrader grades a cell by what stands in it, not by calling a test in it."""
    if not (cell.cell.nbgrader or {}).get("grade"):
        return False
    asserts = any(statement.effects.asserts for statement in cell.statements)
    names = (statement.name for statement in cell.statements if statement.kind == "function")
    return asserts or not any(module.is_test(name) for name in names)
