"""The value that a cell shows: nbgrader reads a graded cell's as partial credit.

IPython shows the value of the last line where that is an expression that is not None and is not
followed by `;`. nbgrader (`utils.py`, `get_partial_grade`) takes a number for the points, fails on
one above the maximum, and gives full points for everything else, `False` included.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct

from modfix.rule import CodeCell, Module, Statement
from modfix.syntax.plain_nodes import children, dotted_name

from ._credit import CREDIT, TRUTH_METHODS, TRUTHFUL, TRUTHS, is_credit, is_number
from ._executed import definition_before
from ._origins import full_name, imports, is_students

Shows = Literal["truth", "number", "value"]

_NUMBER_CALLS = frozenset(
    {"abs", "float", "hash", "id", "int", "len", "max", "min", "ord", "pow", "round", "sum"}
)
# Functions of numpy and math that return nothing.
_SILENT = re.compile(
    r"\.(?:testing\.|seed$|shuffle$|set_|save|put|place$|copyto$|fill_diagonal$|info$|show)"
)

_SEMICOLON = re.compile(r"(?:[ \t\f]|\\\n)*;")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)


class Shown(Struct, frozen=True):
    """The last expression of a cell, and what it shows: a truth that nobody asserts, a number, or a
    value that may be one."""

    statement: Statement
    node: ast.expr
    shows: Shows


def shown_value(module: Module, cell: CodeCell) -> Shown | None:
    """What a cell shows that it was not meant to: None for nothing, for a call that gives nothing
    as far as we know, and for what is called points, a score or the like."""
    last = cell.statements[-1] if cell.statements else None
    if last is None or last.kind not in ("call", "other"):
        return None
    value = _expression(last)
    if value is None or _SEMICOLON.match(cell.source, last.end):
        return None
    shows = None if is_credit(cell, value) else _shows(module, cell, value)
    return Shown(last, value, shows) if shows else None


def shows_credit(cell: CodeCell) -> bool:
    """Whether the last line of a cell is an expression that is meant as partial credit."""
    last = cell.statements[-1] if cell.statements else None
    value = None if last is None else _expression(last)
    return value is not None and is_credit(cell, value)


def _expression(statement: Statement) -> ast.expr | None:
    """The expression that a line ends with."""
    last = statement.plain[-1]
    return last.value if isinstance(last, ast.Expr) else None


def _shows(module: Module, cell: CodeCell, node: ast.expr) -> Shows | None:
    if isinstance(node, TRUTHFUL):
        return "truth"
    if isinstance(node, ast.UnaryOp):
        return "truth" if isinstance(node.op, ast.Not) else "number"
    if isinstance(node, ast.BinOp) or is_number(node):
        return "number"
    if isinstance(node, ast.Call):
        return _call_shows(module, cell, node)
    if isinstance(node, ast.Name):
        return None if node.id == "_" else "value"
    is_false = isinstance(node, ast.Constant) and node.value is False
    is_part = isinstance(node, (ast.Attribute, ast.Subscript, ast.IfExp))
    return "value" if is_false or is_part else None


def _call_shows(module: Module, cell: CodeCell, call: ast.Call) -> Shows | None:
    dotted = dotted_name(call.func)
    last = dotted.rpartition(".")[2]
    if not dotted:
        last = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        return "truth" if last in TRUTH_METHODS else _method_shows(module, last)
    if dotted not in module.definitions and dotted in (_NUMBER_CALLS | TRUTHS):
        return "truth" if dotted in TRUTHS else "number"
    if last in TRUTH_METHODS:
        return "truth"
    full = full_name(module, dotted)
    if full.startswith(("numpy.", "math.", "statistics.")):
        return None if _SILENT.search(full) else "value"
    if dotted.partition(".")[0] in imports(module):
        return None
    if "." in dotted:
        return _method_shows(module, last)
    return _function_shows(module, cell, dotted)


def _method_shows(module: Module, name: str) -> Shows | None:
    """A method shows what it returns, if every class of the module that has it returns something;
    of an object from elsewhere nobody knows."""
    if not name or CREDIT.search(name) or name not in module.document.text:
        return None
    methods = [
        each
        for statement in module.statements
        if statement.kind == "class" and statement.name and _mentions(module, statement, name)
        for node in statement.plain
        if isinstance(node, ast.ClassDef)
        for each in node.body
        if isinstance(each, _FUNCTIONS) and each.name == name
    ]
    returned = [[v for v in _returned(each) if not _is_constant(v)] for each in methods]
    return "value" if methods and all(returned) else None


def _mentions(module: Module, statement: Statement, name: str) -> bool:
    """PERF: whether a tree can hold a name at all."""
    source = module.cell(statement.cell).source
    return source.find(name, statement.start, statement.end) >= 0


def _function_shows(module: Module, cell: CodeCell, name: str) -> Shows | None:
    """A function of the module shows what it returns."""
    found = definition_before(module, name, cell.index)
    if found is None:
        return None
    if found.kind == "class":
        return None if module.is_test(name) else "value"
    returned = list(_returned(found.plain[0]))
    if not returned or all(_is_constant(each) for each in returned):
        return None
    if CREDIT.search(name):
        return None
    if is_students(module, found):
        return "value"
    if all(is_credit(module.cell(found.cell), each) for each in returned):
        return None
    if not module.is_test(name):
        return "value"
    return "truth" if all(isinstance(each, TRUTHFUL) for each in returned) else "value"


def _returned(function: Any) -> Iterator[ast.expr]:
    """What the `return` statements of a function give, without those of functions in it."""
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Return) and node.value is not None:
            yield node.value
        elif not isinstance(node, (*_DEFINITIONS, ast.expr)):
            stack += children(node)


def _is_constant(node: ast.expr) -> bool:
    """Whether full points come of it: None shows nothing, and neither True nor words are points."""
    if isinstance(node, ast.JoinedStr):
        return True
    if not isinstance(node, ast.Constant):
        return False
    return node.value is None or node.value is True or isinstance(node.value, str)
