"""Functions that nothing calls although they are defined, and calls that run nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from modfix.rule import Module, Statement

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_BY_NAME = re.compile(r"\b(?:dir|getattr|locals|globals|vars|eval|exec|getmembers)\(")


def is_unread_lambda(module: Module, statement: Statement) -> bool:
    """Whether a statement only gives a name to a lambda, and nothing reads the name."""
    if statement.kind != "assign" or len(statement.binds) != 1:
        return False
    node = statement.plain[0]
    if not isinstance(node, (ast.Assign, ast.AnnAssign)) or not isinstance(node.value, ast.Lambda):
        return False
    (name,) = statement.binds
    return next(module.users(name), None) is None


def runs_when_called(definition: Statement) -> bool:
    """Whether a call alone runs the body: not that of a generator. (Of a coroutine that nobody
    awaits Python itself tells, on stderr.)"""
    node = definition.plain[0]
    if not isinstance(node, ast.FunctionDef):
        return True
    return not any(isinstance(each, (ast.Yield, ast.YieldFrom)) for each in _own(node))


def _own(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions in it."""
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            stack.extend(ast.iter_child_nodes(node))


def uncalled_inside(module: Module, definition: Statement) -> frozenset[str]:
    """The functions inside of a function, or the methods of a class, that nothing names.

    Those of a class with bases may be called by what it inherits.
    """
    root = definition.plain[0]
    own = module.cell(definition.cell).source[definition.start : definition.end]
    text = own if isinstance(root, _Function) else "\n".join(c.source for c in module.cells)
    if _BY_NAME.search(own):
        return frozenset()
    return frozenset(name for name in _inside(root) if not _is_named(name, text))


def _inside(root: ast.AST) -> Iterator[str]:
    """The names of the plain functions in a definition."""
    stack = list(ast.iter_child_nodes(root))
    if isinstance(root, ast.ClassDef) and root.bases:
        return
    while stack:
        node = stack.pop()
        if isinstance(node, ast.ClassDef) and node.bases:
            continue
        plain = isinstance(node, _Function) and not node.decorator_list
        if plain and isinstance(node, _Function) and not node.name.startswith("__"):
            yield node.name
        stack.extend(ast.iter_child_nodes(node))


def _is_named(name: str, text: str) -> bool:
    word = re.escape(name)
    defined = len(re.findall(rf"\bdef\s+{word}\b", text))
    return len(re.findall(rf"\b{word}\b", text)) > defined
