"""Given functions that call what they are handed, and swallow what it raises.

`def check(test): try: test() … except Exception: print("failed")`
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from modfix.rule import Module, Statement
from modfix.syntax.plain_nodes import children

from ._catching import CATCHING, caught_names, escapes
from ._uncalled import runs_when_called

_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.GeneratorExp)
# What is read of a function to tell of it.
_TOLD = frozenset({"__name__", "__qualname__", "__doc__"})


def swallowed(module: Module, call: ast.Call, called: Statement) -> set[ast.AST]:
    """The arguments of a call that are only used where nothing that they raise leaves the function.

    Only names and lambdas count: any other argument runs before the call.
    """
    key = ("swallowing", called.cell, called.start)
    if key not in module.memo:
        module.memo[key] = frozenset(_swallowing(called))
    names: frozenset[str] = module.memo[key]
    function = called.plain[0]
    if not names or not isinstance(function, ast.FunctionDef):
        return set()
    handed = [given for name, given in _handed(call, function.args) if name in names]
    return {given for given in handed if isinstance(_value(given), (ast.Name, ast.Lambda))}


def _value(given: ast.AST) -> ast.AST:
    return given.value if isinstance(given, ast.keyword) else given


def _handed(call: ast.Call, takes: ast.arguments) -> Iterator[tuple[str, ast.AST]]:
    """The parameters that the arguments of a call are bound to; none behind a `*`."""
    names = [each.arg for each in (*takes.posonlyargs, *takes.args)]
    for number, given in enumerate(call.args):
        if isinstance(given, ast.Starred):
            return
        if number < len(names):
            yield names[number], given
        elif takes.vararg is not None:
            yield takes.vararg.arg, given
    for each in call.keywords:
        if each.arg is not None:
            yield each.arg, each


def _swallowing(called: Statement) -> set[str]:
    """The parameters of a function that are only used where nothing that they raise leaves it."""
    function = called.plain[0]
    if not isinstance(function, ast.FunctionDef) or called.decorators:
        return set()
    if not runs_when_called(called):
        return set()
    takes = function.args
    every = [*takes.posonlyargs, *takes.args, *takes.kwonlyargs]
    names = {each.arg for each in (*every, *([takes.vararg] if takes.vararg else ()))}
    inside, outside = _uses(function.body)
    return (names & inside) - outside


def _uses(body: Sequence[ast.AST]) -> tuple[set[str], set[str]]:
    """The names that are used where all that fails is swallowed, and those used elsewhere; what a
    function inside holds is used nobody knows where."""
    uses: tuple[set[str], set[str]] = set(), set()
    stack: list[tuple[ast.AST, bool]] = [(node, False) for node in body]
    while stack:
        node, safe = stack.pop()
        if isinstance(node, _NESTED):
            safe = False
        if isinstance(node, ast.Name):
            uses[0 if safe else 1].add(node.id)
        elif isinstance(node, ast.Try) and _swallows(node):
            stack += [(each, True) for each in node.body]
            stack += [(each, safe) for each in (*node.handlers, *node.orelse, *node.finalbody)]
        elif not _tells_name(node):
            stack += [(each, safe) for each in children(node)]
    return uses


def _tells_name(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute) and node.attr in _TOLD and isinstance(node.value, ast.Name)
    )


def _swallows(node: ast.Try) -> bool:
    """Whether a `try` catches failed assertions, and none of its handlers lets anything through."""
    caught = {name for handler in node.handlers for name in caught_names(handler)}
    through = any(escapes(handler.body) for handler in node.handlers)
    return bool(caught & CATCHING) and not through
