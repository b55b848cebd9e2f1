"""The calls of tests and demos that stand at module level, bare or in a main guard."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from msgspec import Struct

from modfix.rule import CodeCell, Module, Statement
from modfix.syntax.effects import called_name
from modfix.syntax.reading import is_main_test

from ._needs import function_run, place_of

Wanted = Callable[[str], bool]  # whether a function of this name is one of those looked for


class ModuleCall(Struct, frozen=True):
    """A call statement: the top-level statement that holds it, itself, and what it calls.

    `top` and `statement` are one and the same for a bare call. `statement` is None for the calls
    of a guard on one line, which have no statement of their own.
    """

    top: Statement
    statement: Statement | None
    name: str
    text: str

    @property
    def bare(self) -> bool:
        """Whether it runs whenever the module is imported."""
        return self.top is self.statement


def bare_calls(module: Module, wanted: Wanted) -> Iterator[tuple[Statement, tuple[str, ...]]]:
    """The lines at module level that call functions of the module, with the names they call.

    A line of several calls (`test_a(); test_b()`) counts when calls are all that it holds.
    """
    for statement in module.statements:
        if statement.kind in ("call", "other"):
            names = tuple(filter(wanted, _line_of_calls(statement)))
            runs = tuple(name for name in names if _is_run(module, statement, name))
            if runs:
                yield statement, runs


def _is_run(module: Module, statement: Statement, name: str) -> bool:
    """A call of the module's own function, or of an imported one without arguments.

    Names such as `test_eq` are also given to helpers that compare, and `test_loop` and
    `analyze_data` to steps of any work; these take arguments.
    """
    own = module.definition(name)
    if own is not None:
        return not own.takes_arguments or is_course_module(module)
    return statement.plain_call and is_course_module(module)


def _line_of_calls(statement: Statement) -> list[str]:
    """The plain names that a line calls, or nothing if it holds anything else than calls."""
    if statement.kind == "call":
        return [statement.call] if statement.call.isidentifier() else []
    if not statement.effects.calls:
        return []
    names: list[str] = []
    for small in statement.plain:
        if not (isinstance(small, ast.Expr) and isinstance(small.value, ast.Call)):
            return []
        if isinstance(small.value.func, ast.Name):
            names.append(small.value.func.id)
    return names


def is_course_module(module: Module) -> bool:
    """Whether a file is a module that is imported, not a plain notebook saved as a script.

    It exports cells, names the package module that they go to, or defines tests or demos that
    run without arguments. (A file of pytest's does, too, and is none for that.)
    """
    if module.default_export or any(cell.exported for cell in module.cells):
        return True
    if is_pytest_file(module):
        return False
    names = (s.name for s in module.statements if s.kind == "function" and not s.takes_arguments)
    return any(module.is_test(name) or module.is_demo(name) for name in names)


def is_pytest_file(module: Module) -> bool:
    """Whether pytest collects the file's tests by its name."""
    name = module.document.path.name
    return name.endswith(".py") and (name.startswith("test_") or name.endswith("_test.py"))


def module_calls(module: Module, wanted: Wanted) -> Iterator[ModuleCall]:
    """Every single call of the module's own functions, bare or in a guard, in order."""
    for statement in module.statements:
        yield from (call for call in calls_of(module, statement) if wanted(call.name))


def calls_of(module: Module, statement: Statement) -> Iterator[ModuleCall]:
    """Every single call of the module's own functions that one top-level statement makes."""
    for call in _calls_in(module.cell(statement.cell), statement):
        if function_run(module, call.name, place_of(statement)):
            yield call


def _calls_in(cell: CodeCell, statement: Statement) -> Iterator[ModuleCall]:
    if statement.kind == "call":
        yield ModuleCall(statement, statement, statement.call, _text(cell, statement))
    elif statement.kind == "guard":
        for inner in statement.body:
            if inner.kind == "call":
                yield ModuleCall(statement, inner, inner.call, _text(cell, inner))
    elif statement.kind == "block":
        for name, text in _one_line_guard(cell, statement):
            yield ModuleCall(statement, None, name, text)


def _text(cell: CodeCell, statement: Statement) -> str:
    return cell.source[statement.start : statement.end]


def _one_line_guard(cell: CodeCell, statement: Statement) -> Iterator[tuple[str, str]]:
    """Names and texts of the calls of `if __name__ == "__main__": a(); b()`, if only calls."""
    node = statement.plain[0]
    if not (isinstance(node, ast.If) and not node.orelse and is_main_test(node.test)):
        return
    calls = [small.value for small in node.body if isinstance(small, ast.Expr)]
    if len(calls) == len(node.body) and all(isinstance(call, ast.Call) for call in calls):
        texts = (ast.get_source_segment(cell.source, call) or "" for call in calls)
        yield from zip(map(called_name, calls), texts, strict=True)
