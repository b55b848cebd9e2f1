"""What the last line of a graded cell is meant as: partial credit, or a value by oversight."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from modfix.rule import CodeCell, Statement
from modfix.syntax.plain_nodes import dotted_name

from ._catching import last_name

# Names of what is meant to be partial credit.
CREDIT = re.compile(r"score|point|grade|credit|mark|total|earned|passed|correct", re.IGNORECASE)
_COUNTING = frozenset({"float", "int", "max", "mean", "min", "round", "sum"})
_SHOWING_NOTHING = frozenset({"print", "display", "setattr", "delattr"})
TRUTHS = frozenset({"isinstance", "issubclass", "callable", "hasattr", "all", "any", "bool"})
TRUTH_METHODS = frozenset(
    {"allclose", "array_equal", "isclose", "equals", "all", "any", "startswith", "endswith"}
)
TRUTHFUL = (ast.Compare, ast.BoolOp)


def is_credit(cell: CodeCell, node: ast.expr) -> bool:
    """Whether an expression is called points, or was counted up in the cell, adds up
    comparisons, or is a choice between numbers."""
    if isinstance(node, ast.Call) and dotted_name(node.func) in _SHOWING_NOTHING:
        return False
    if isinstance(node, ast.IfExp):
        return all(is_number(each) or _is_signed(each) for each in (node.body, node.orelse))
    if isinstance(node, (ast.BinOp, ast.Call)) and _counts_truths(node, _truths(cell)):
        return True
    names = set(_names(node))
    if any(CREDIT.search(name) for name in names):
        return not isinstance(node, TRUTHFUL)
    return any(re.search(rf"\b{re.escape(name)}\s*[+\-*]=", cell.source) for name in names)


def _counts_truths(node: ast.expr, truths: frozenset[str]) -> bool:
    """Whether truths are added up or made a number: `2 * (f(1) == 1)`, `float(ok and done)`,
    `sum(f(n) == n for n in tests)`."""
    stack = _parts(node)
    while stack:
        part = stack.pop()
        if _is_truth(part, truths):
            return True
        stack += _parts(part)
    return False


def _parts(node: ast.expr) -> list[ast.expr]:
    """What a calculation is made of."""
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.Call) and dotted_name(node.func).rpartition(".")[2] in _COUNTING:
        return list(node.args)
    if isinstance(node, (ast.List, ast.Tuple)):
        return list(node.elts)
    return [node.elt] if isinstance(node, (ast.GeneratorExp, ast.ListComp)) else []


def _is_truth(node: ast.expr, truths: frozenset[str]) -> bool:
    """Whether an expression is True or False by its form, or a name in `truths`."""
    if isinstance(node, ast.Name):
        return node.id in truths
    if isinstance(node, ast.BoolOp):
        return all(_is_truth(each, truths) for each in node.values)
    if isinstance(node, ast.Call):
        name = last_name(node.func) or getattr(node.func, "attr", "")
        return name in TRUTHS | TRUTH_METHODS
    is_not = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    return is_not or isinstance(node, ast.Compare)


def _truths(cell: CodeCell) -> frozenset[str]:
    """The names that a cell binds to nothing but truths: `ok = f(2) == 4`."""
    found: dict[str, bool] = {}
    for statement in cell.statements:
        for name in statement.binds:
            found[name] = found.get(name, True) and _binds_truth(statement)
    return frozenset(name for name, only in found.items() if only)


def is_number(node: ast.expr) -> bool:
    """Whether an expression is a number that is written out."""
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def _is_signed(node: ast.expr) -> bool:
    return isinstance(node, ast.UnaryOp)


def _names(node: ast.AST) -> Iterator[str]:
    """The names in an expression, those of attributes too."""
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, ast.Attribute):
            yield each.attr
        elif isinstance(each, ast.arg):
            yield each.arg


def _binds_truth(statement: Statement) -> bool:
    node = statement.plain[0]
    if len(statement.plain) > 1 or not isinstance(node, ast.Assign) or len(node.targets) > 1:
        return False
    return isinstance(node.targets[0], ast.Name) and _is_truth(node.value, frozenset())
