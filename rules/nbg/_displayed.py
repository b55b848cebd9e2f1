"""The value that a cell shows: nbgrader reads a graded cell's as partial credit.

IPython shows the value of the last line where that is an expression that is not None and is not
followed by `;`. nbgrader (`utils.py`, `get_partial_grade`) takes a number for the points, fails on
one above the maximum, and gives full points for everything else, `False` included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import libcst as cst
from msgspec import Struct

from modfix.rule import CodeCell, Module, Statement
from modfix.syntax.index import dotted_name
from modfix.syntax.names import children

from ._executed import definition_before
from ._origins import full_name, imports, is_students

Shows = Literal["truth", "number", "value"]

# Names of what is meant to be partial credit.
_CREDIT = re.compile(r"score|point|grade|credit|mark|total|earned|passed", re.IGNORECASE)
_NUMBER_CALLS = frozenset(
    {"abs", "float", "hash", "id", "int", "len", "max", "min", "ord", "pow", "round", "sum"}
)
_SHOWING_NOTHING = frozenset({"print", "display", "setattr", "delattr"})
_TRUTHS = frozenset({"isinstance", "issubclass", "callable", "hasattr", "all", "any"})
_TRUTH_METHODS = frozenset(
    {"allclose", "array_equal", "isclose", "equals", "all", "any", "startswith", "endswith"}
)
# Functions of numpy and math that return nothing.
_SILENT = re.compile(
    r"\.(?:testing\.|seed$|shuffle$|set_|save|put|place$|copyto$|fill_diagonal$|info$|show)"
)


class Shown(Struct, frozen=True):
    """The last expression of a cell, and what it shows: a truth that nobody asserts, a number, or a
    value that may be one."""

    statement: Statement
    node: cst.BaseExpression
    shows: Shows


def shown_value(module: Module, cell: CodeCell) -> Shown | None:
    """What a cell shows that it was not meant to: None for nothing, for a call that gives nothing
    as far as we know, and for what is called points, a score or the like."""
    last = cell.statements[-1] if cell.statements else None
    if last is None or last.kind not in ("call", "other"):
        return None
    if cell.source[last.end :].lstrip(" \t").startswith(";"):
        return None
    line = last.node
    if not isinstance(line, cst.SimpleStatementLine) or not isinstance(line.body[-1], cst.Expr):
        return None
    if isinstance(line.body[-1].semicolon, cst.Semicolon):
        return None
    value = line.body[-1].value
    shows = None if is_credit(cell, value) else _shows(module, cell, value)
    return Shown(last, value, shows) if shows else None


def shows_credit(cell: CodeCell) -> bool:
    """Whether the last line of a cell is an expression that is meant as partial credit."""
    last = cell.statements[-1] if cell.statements else None
    if last is None or not isinstance(last.node, cst.SimpleStatementLine):
        return False
    small = last.node.body[-1]
    return isinstance(small, cst.Expr) and is_credit(cell, small.value)


def is_credit(cell: CodeCell, node: cst.BaseExpression) -> bool:
    """Whether an expression is called points, or was counted up in the cell, or is a choice
    between numbers."""
    if isinstance(node, cst.Call) and dotted_name(node.func) in _SHOWING_NOTHING:
        return False
    if isinstance(node, cst.IfExp):
        return all(isinstance(each, _NUMBERS) for each in (node.body, node.orelse))
    names = set(_names(node))
    if any(_CREDIT.search(name) for name in names):
        return not isinstance(node, (cst.Comparison, cst.BooleanOperation))
    return any(re.search(rf"\b{re.escape(name)}\s*[+\-*]=", cell.source) for name in names)


_NUMBERS = (cst.Integer, cst.Float, cst.UnaryOperation)


def _names(node: cst.CSTNode) -> Iterator[str]:
    stack = [node]
    while stack:
        at = stack.pop()
        if isinstance(at, cst.Name):
            yield at.value
        stack.extend(children(at))


def _shows(module: Module, cell: CodeCell, node: cst.BaseExpression) -> Shows | None:
    if isinstance(node, (cst.Comparison, cst.BooleanOperation)):
        return "truth"
    if isinstance(node, cst.UnaryOperation):
        return "truth" if isinstance(node.operator, cst.Not) else "number"
    if isinstance(node, (cst.BinaryOperation, cst.Integer, cst.Float)):
        return "number"
    if isinstance(node, cst.Call):
        return _call_shows(module, cell, node)
    if isinstance(node, cst.Name):
        return None if node.value in ("None", "True", "_") else "value"
    return "value" if isinstance(node, (cst.Attribute, cst.Subscript, cst.IfExp)) else None


def _call_shows(module: Module, cell: CodeCell, call: cst.Call) -> Shows | None:
    dotted = dotted_name(call.func)
    last = dotted.rpartition(".")[2]
    if not dotted:
        last = call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
        return "truth" if last in _TRUTH_METHODS else _method_shows(module, last)
    if dotted not in module.definitions and dotted in (_NUMBER_CALLS | _TRUTHS):
        return "truth" if dotted in _TRUTHS else "number"
    if last in _TRUTH_METHODS:
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
    if not name or _CREDIT.search(name) or name not in module.document.text:
        return None
    classes = (s.node for s in module.statements if s.kind == "class" and s.name)
    methods = [
        each
        for node in classes
        for each in children(node.body)  # type: ignore[attr-defined]
        if isinstance(each, cst.FunctionDef) and each.name.value == name
    ]
    returned = [[v for v in _returned(each) if not _is_constant(v)] for each in methods]
    return "value" if methods and all(returned) else None


def _function_shows(module: Module, cell: CodeCell, name: str) -> Shows | None:
    """A function of the module shows what it returns."""
    found = definition_before(module, name, cell.index)
    if found is None:
        return None
    if isinstance(found.node, cst.ClassDef):
        return None if module.is_test(name) else "value"
    returned = list(_returned(found.node))
    if not returned or all(_is_constant(each) for each in returned):
        return None
    if _CREDIT.search(name):
        return None
    if is_students(module, found) or not module.is_test(name):
        return "value"
    truths = (cst.Comparison, cst.BooleanOperation)
    return "truth" if all(isinstance(each, truths) for each in returned) else "value"


def _returned(function: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """What the `return` statements of a function give, without those of functions in it."""
    stack = list(children(function.body))  # type: ignore[attr-defined]
    while stack:
        node = stack.pop()
        if isinstance(node, cst.Return) and node.value is not None:
            yield node.value
        if not isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.Lambda)):
            stack.extend(children(node))


def _is_constant(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value in ("None", "True")
