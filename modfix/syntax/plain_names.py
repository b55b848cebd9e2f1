"""Which names statements bind and read, from one iterative walk over CPython's own tree.

PERF: CPython's tree costs a tenth of LibCST's, has half the nodes, and every cell needs it anyway.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from modfix.syntax.scopes import NameUse, Scope, resolve

Stack = list[tuple[Any, Scope]]


def plain_name_use(nodes: Iterable[ast.AST]) -> NameUse:
    """The names of the statements of one line or block, or of expressions, resolved together."""
    top = Scope(None, deferred=False)
    scopes = [top]
    stack: Stack = [(node, top) for node in nodes]
    while stack:
        node, scope = stack.pop()
        kind = type(node)
        handler = _HANDLERS.get(kind)
        if handler is not None:
            handler(node, scope, scopes, stack)
            continue
        for name in _FIELDS.get(kind) or _fields(kind):
            value = getattr(node, name)
            if type(value) is list:
                for each in value:
                    stack.append((each, scope))
            elif value is not None:
                stack.append((value, scope))
    return resolve(top, scopes)


# Fields that hold no nodes, or nodes that hold no names.
_NAMELESS = frozenset({"ctx", "op", "ops", "type_comment", "kind", "conversion", "is_async"}) | {
    *("id", "attr", "arg", "name", "rest", "names", "simple", "type_ignores", "str", "level"),
    *("module", "cls_name", "kwd_attrs"),
}
_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {ast.Constant: (), type(None): ()}  # type: ignore[dict-item]


def _fields(kind: type[ast.AST]) -> tuple[str, ...]:
    found = _FIELDS[kind] = tuple(name for name in kind._fields if name not in _NAMELESS)
    return found


def _name(node: ast.Name, scope: Scope, scopes: list[Scope], stack: Stack) -> None:
    (scope.bound if type(node.ctx) is ast.Store else scope.read).add(node.id)


def _nothing(node: ast.AST, scope: Scope, scopes: list[Scope], stack: Stack) -> None:
    """A constant, or the missing key of `{**a}`."""


def _attribute(node: ast.Attribute, scope: Scope, scopes: list[Scope], stack: Stack) -> None:
    stack.append((node.value, scope))


def _augmented(node: ast.AugAssign, scope: Scope, scopes: list[Scope], stack: Stack) -> None:
    if isinstance(node.target, ast.Name):
        scope.read.add(node.target.id)
    stack += ((node.target, scope), (node.value, scope))


def _walrus(node: ast.NamedExpr, scope: Scope, scopes: list[Scope], stack: Stack) -> None:
    scope.binds_here.bound.add(node.target.id)
    stack.append((node.value, scope))


def _import(
    node: ast.Import | ast.ImportFrom, scope: Scope, scopes: list[Scope], stack: Stack
) -> None:
    names = (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    scope.bound.update(name for name in names if name != "*")


def _function(
    node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope, scopes: list[Scope], stack: Stack
) -> None:
    scope.bound.add(node.name)
    stack += ((each, scope) for each in node.decorator_list)
    around = _type_parameters(node, scope, scopes, stack)
    inner = _parameters(node.args, around, scopes, stack)
    if node.returns is not None:
        stack.append((node.returns, around))
    stack += ((each, inner) for each in node.body)


def _lambda(node: ast.Lambda, scope: Scope, scopes: list[Scope], stack: Stack) -> None:
    stack.append((node.body, _parameters(node.args, scope, scopes, stack)))


def _parameters(args: ast.arguments, outer: Scope, scopes: list[Scope], stack: Stack) -> Scope:
    """The scope of a function's body; defaults and annotations are read around it."""
    inner = Scope(outer, deferred=True)
    scopes.append(inner)
    stack += ((each, outer) for each in (*args.defaults, *args.kw_defaults) if each is not None)
    for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg):
        if arg is not None:
            inner.bound.add(arg.arg)
            if arg.annotation is not None:
                stack.append((arg.annotation, outer))
    return inner


def _class(node: ast.ClassDef, scope: Scope, scopes: list[Scope], stack: Stack) -> None:
    scope.bound.add(node.name)
    stack += ((each, scope) for each in node.decorator_list)
    around = _type_parameters(node, scope, scopes, stack)
    stack += ((each, around) for each in (*node.bases, *node.keywords))
    inner = Scope(around, deferred=False, is_class=True)
    scopes.append(inner)
    stack += ((each, inner) for each in node.body)


def _type_alias(node: Any, scope: Scope, scopes: list[Scope], stack: Stack) -> None:
    stack.append((node.name, scope))
    inner = Scope(_type_parameters(node, scope, scopes, stack), deferred=True)
    scopes.append(inner)
    stack.append((node.value, inner))


def _type_parameters(node: Any, scope: Scope, scopes: list[Scope], stack: Stack) -> Scope:
    """The scope of `[T: Bound]` (Python 3.12), or that around it where there is none."""
    parameters = getattr(node, "type_params", ())
    if not parameters:
        return scope
    inner = Scope(scope, deferred=False)
    scopes.append(inner)
    for each in parameters:
        inner.bound.add(each.name)
        stack += ((getattr(each, name, None), inner) for name in ("bound", "default_value"))
    return inner


def _comprehension(node: Any, scope: Scope, scopes: list[Scope], stack: Stack) -> None:
    inner = Scope(scope, deferred=False, is_comprehension=True)
    scopes.append(inner)
    first = node.generators[0]
    stack.append((first.iter, scope))  # which alone is read outside
    for each in node.generators:
        stack.append((each.target, inner))
        if each is not first:
            stack.append((each.iter, inner))
        stack += ((test, inner) for test in each.ifs)
    parts = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
    stack += ((part, inner) for part in parts)


def _global(node: ast.Global, scope: Scope, scopes: list[Scope], stack: Stack) -> None:
    scope.outer.update(node.names)
    scope.of_module.update(node.names)


def _nonlocal(node: ast.Nonlocal, scope: Scope, scopes: list[Scope], stack: Stack) -> None:
    scope.outer.update(node.names)


def _handler(node: ast.ExceptHandler, scope: Scope, scopes: list[Scope], stack: Stack) -> None:
    if node.name:
        scope.bound.add(node.name)
    stack += ((each, scope) for each in (node.type, *node.body))


def _pattern(node: Any, scope: Scope, scopes: list[Scope], stack: Stack) -> None:
    name = node.rest if isinstance(node, ast.MatchMapping) else node.name
    if name:
        scope.bound.add(name)
    if isinstance(node, ast.MatchMapping):
        stack += ((each, scope) for each in (*node.keys, *node.patterns))
    elif isinstance(node, ast.MatchAs):
        stack.append((node.pattern, scope))


_HANDLERS: dict[type[Any], Callable[..., None]] = {
    ast.Name: _name,
    ast.Constant: _nothing,
    type(None): _nothing,
    ast.Attribute: _attribute,
    ast.AugAssign: _augmented,
    ast.NamedExpr: _walrus,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.Lambda: _lambda,
    ast.ClassDef: _class,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.ExceptHandler: _handler,
    ast.MatchAs: _pattern,
    ast.MatchStar: _pattern,
    ast.MatchMapping: _pattern,
}
if hasattr(ast, "TypeAlias"):  # Python 3.12
    _HANDLERS[ast.TypeAlias] = _type_alias
