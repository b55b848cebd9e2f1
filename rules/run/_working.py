"""Which statements at module level do work when the module is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modfix.rule import CodeCell, Module, Statement
from modfix.syntax.module import matches

from ._effects import called_name

if TYPE_CHECKING:
    import libcst as cst

_NO_WORK = ("function", "class", "import", "assign", "string", "guard", "magic")


def works(statement: Statement, setup: tuple[str, ...]) -> bool:
    """Whether a statement works when it runs: calls, loops, `with`, asserts.

    Definitions, imports and assignments do not, nor blocks that hold nothing else; nor do calls
    whose dotted name fits one of the patterns in `setup`.
    """
    return statement.kind not in _NO_WORK and _works(statement.node, setup)


def works_in_passing(module: Module, statement: Statement) -> bool:
    """Whether an assignment or an expression prints, or runs a test or demo of the module."""
    if statement.kind not in ("assign", "other"):
        return False
    if "print" in statement.reads:
        return True
    named = (name for name in statement.reads if module.is_test(name) or module.is_demo(name))
    return any(module.definition(name) and _calls(statement.node, name) for name in named)


def _calls(line: cst.CSTNode, name: str) -> bool:
    """Whether a line is a single assignment of what a function returns."""
    import libcst as cst

    small = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
    value = small.value if isinstance(small, (cst.Assign, cst.AnnAssign)) else None
    return isinstance(value, cst.Call) and called_name(value) == name


def _works(node: cst.CSTNode, setup: tuple[str, ...]) -> bool:
    import libcst as cst

    match node:
        case cst.SimpleStatementLine() | cst.SimpleStatementSuite() | cst.IndentedBlock():
            return any(_works(inner, setup) for inner in node.body)
        case cst.Expr(value=cst.Call() as call):
            return not matches(called_name(call), setup)
        case cst.Assert():
            return True
        case cst.If():
            return _if_works(node, setup)
        case cst.Try() | cst.TryStar():
            return _try_works(node, setup)
        case cst.For() | cst.While() | cst.With():
            return not _only_sets_up(node.body, setup)
        case cst.Match():
            return any(_works(case.body, setup) for case in node.cases)
        case cst.Else() | cst.Finally():
            return _works(node.body, setup)
    return False


def _if_works(node: cst.If, setup: tuple[str, ...]) -> bool:
    from modfix.syntax.index import is_main_test

    guarded = is_main_test(node.test)
    if not guarded and _works(node.body, setup):
        return True
    return node.orelse is not None and _works(node.orelse, setup)


def _try_works(node: cst.Try | cst.TryStar, setup: tuple[str, ...]) -> bool:
    parts = [part for part in (node.body, node.orelse, node.finalbody) if part is not None]
    if any(_works(part, setup) for part in parts):
        return True
    if _has_import(node.body):  # what a handler does then is say what is missing
        return False
    return any(_works(handler.body, setup) for handler in node.handlers)


def _has_import(body: cst.BaseSuite) -> bool:
    import libcst as cst

    lines = (line for line in body.body if isinstance(line, cst.SimpleStatementLine))
    return any(isinstance(s, (cst.Import, cst.ImportFrom)) for line in lines for s in line.body)


def _only_sets_up(body: cst.BaseSuite, setup: tuple[str, ...]) -> bool:
    """Whether a loop or a `with` holds only imports, definitions and set-up calls."""
    import libcst as cst

    for node in body.body:
        if isinstance(node, cst.If):
            if node.orelse is not None or not _only_sets_up(node.body, setup):
                return False
        elif isinstance(node, cst.SimpleStatementLine):
            idle = (cst.Import, cst.ImportFrom, cst.Pass, cst.Expr)
            if _works(node, setup) or not all(isinstance(small, idle) for small in node.body):
                return False
        elif not isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            return False
    return True


def is_main_only(statement: Statement) -> bool:
    """Whether a statement runs only when the module is executed, not when it is imported."""
    import libcst as cst

    from modfix.syntax.index import is_main_test

    if statement.kind == "guard":
        return True
    node = statement.node
    return isinstance(node, cst.If) and node.orelse is None and is_main_test(node.test)


def is_guard_with_else(statement: Statement) -> bool:
    """Whether a statement is a main guard that does something else on import."""
    import libcst as cst

    from modfix.syntax.index import is_main_test

    node = statement.node
    return isinstance(node, cst.If) and node.orelse is not None and is_main_test(node.test)


def is_graded_by_asserts(module: Module, cell: CodeCell) -> bool:
    """Whether nbgrader grades a cell by what stands in it, not by calling a test in it."""
    if not (cell.cell.nbgrader or {}).get("grade"):
        return False
    asserts = any(_is_assert(statement.node) for statement in cell.statements)
    names = (statement.name for statement in cell.statements if statement.kind == "function")
    return asserts or not any(module.is_test(name) for name in names)


def _is_assert(node: cst.CSTNode) -> bool:
    import libcst as cst

    if not isinstance(node, cst.SimpleStatementLine):
        return False
    return any(isinstance(small, cst.Assert) for small in node.body)
