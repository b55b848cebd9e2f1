"""What a statement does beyond the names that it binds: what it calls, assigns into and enters.

Only statements that are calls, and assignments to attributes and items, count as changing
something: a call inside an expression is there for its value.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from modfix.syntax.scopes import NONE

# Settings of a library that only change how things look or where they are found.
_AMBIENT = ("rcParams", "environ")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.AnnAssign, ast.AugAssign)


class Called(Struct, frozen=True, array_like=True, gc=False):
    """A call that is a statement: its dotted name and the names that it is a method of or given.

    The name is `a.b` for `a.b(…)`, and also for `a(…).b(…)` and `a[…].b(…)`; "" without one.
    """

    name: str
    upon: frozenset[str]


class Effects(Struct, frozen=True, array_like=True, gc=False):
    """What runs with a statement; of a function definition, with its body; of a class, nothing.

    `calls` are the calls that are statements at any depth of blocks, `assigned` the names of
    which attributes or items are assigned or deleted, or that are deleted, `entered` the names of
    the calls that `with` enters, `shared` the names that `a = b`, `a = b.c` and `a = b[0]` make
    names of one object, or of a part of it. `asserts` says that the statement itself is an assert.
    """

    calls: tuple[Called, ...] = ()
    assigned: frozenset[str] = NONE
    entered: tuple[str, ...] = ()
    shared: frozenset[str] = NONE
    asserts: bool = False


NOTHING = Effects()


def effects_of(line: Sequence[ast.stmt]) -> Effects:
    """The effects of the statements of one line, or of one compound statement."""
    first = line[0]
    if isinstance(first, (ast.Import, ast.ImportFrom, ast.ClassDef)):
        return NOTHING
    calls: list[Called] = []
    assigned: set[str] = set()
    entered: list[str] = []
    inside = first.body if isinstance(first, (ast.FunctionDef, ast.AsyncFunctionDef)) else line
    for node in _running(inside):
        if isinstance(node, ast.Expr):
            if isinstance(node.value, ast.Call):
                calls.append(_called(node.value))
        elif isinstance(node, ast.Assign):
            assigned.update(*map(root_names, node.targets))
        elif isinstance(node, _LOOPS):
            assigned |= root_names(node.target)
        elif isinstance(node, ast.Delete):
            assigned.update(*(root_names(each) or plain_names(each) for each in node.targets))
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            entered += filter(None, map(_entered, node.items))
    asserts = any(isinstance(each, ast.Assert) for each in line)
    shared = frozenset(_shared(first))
    if not (calls or assigned or entered or shared or asserts):
        return NOTHING
    return Effects(
        tuple(calls), frozenset(assigned) or NONE, tuple(entered), shared or NONE, asserts
    )


def _running(line: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """The statements that run with some, at any depth of blocks, without definitions."""
    stack: list[ast.AST] = list(line)
    while stack:
        node = stack.pop()
        if isinstance(node, _DEFINITIONS):
            continue
        yield node
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            stack += getattr(node, name, ())


def _entered(item: ast.withitem) -> str:
    node = item.context_expr
    return called_name(node) if isinstance(node, ast.Call) else ""


def _called(call: ast.Call) -> Called:
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    given = {name for value in values for name in _given(value)}
    return Called(called_name(call), frozenset(root_names(call.func) | given) or NONE)


def _given(value: ast.expr) -> set[str]:
    inner = value.value if isinstance(value, ast.Starred) else value
    return {inner.id} if isinstance(inner, ast.Name) else set()


def called_name(call: ast.expr) -> str:
    """The dotted name of a call (see `Called`)."""
    parts: list[str] = []
    node = call
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            return ""
    return ".".join([node.id, *reversed(parts)])


def root_names(node: ast.expr) -> set[str]:
    """The name at the root of an attribute or item; nothing for a plain name."""
    if isinstance(node, (ast.Tuple, ast.List)):
        return {name for element in node.elts for name in root_names(element)}
    inner, steps = node.value if isinstance(node, ast.Starred) else node, 0
    while isinstance(inner, (ast.Attribute, ast.Subscript, ast.Call)):
        if isinstance(inner, ast.Attribute) and inner.attr in _AMBIENT:
            return set()
        inner = inner.func if isinstance(inner, ast.Call) else inner.value
        steps += 1
    return {inner.id} if steps and isinstance(inner, ast.Name) else set()


def plain_names(node: ast.AST | None) -> set[str]:
    """The plain names of a target: of `a, (b, c.d)` these are `a` and `b`."""
    if isinstance(node, (ast.Tuple, ast.List)):
        return {name for element in node.elts for name in plain_names(element)}
    if isinstance(node, ast.Starred):
        return plain_names(node.value)
    return {node.id} if isinstance(node, ast.Name) else set()


def _shared(first: ast.stmt) -> set[str]:
    if not isinstance(first, ast.Assign):
        return set()
    value = first.value
    while isinstance(value, (ast.Attribute, ast.Subscript)):
        value = value.value
    if not isinstance(value, ast.Name):
        return set()
    return {value.id}.union(*map(plain_names, first.targets))
