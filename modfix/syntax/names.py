"""Which names a LibCST node binds and reads, from one iterative walk: for rules that hold one.

It says what `plain_names` says of CPython's tree, which the index is made from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from typing import Any

import libcst as cst

from modfix.syntax.scopes import NameUse, Scope, resolve

_CONSTANTS = frozenset({"None", "True", "False"})
Task = tuple[cst.CSTNode, Scope, bool]  # a node, its scope, whether it is bound rather than read


def name_use(statement: cst.CSTNode) -> NameUse:
    """Walk one statement and resolve its names."""
    top = Scope(None, deferred=False)
    scopes = [top]
    stack: list[Task] = [(statement, top, False)]
    while stack:
        node, scope, bound = stack.pop()
        handler = _HANDLERS.get(type(node), _generic)
        stack.extend(handler(node, scope, bound, scopes))
    return resolve(top, scopes)


def _generic(node: cst.CSTNode, scope: Scope, bound: bool, scopes: list[Scope]) -> Iterator[Task]:
    return ((child, scope, bound) for child in children(node))


def _name(node: cst.Name, scope: Scope, bound: bool, scopes: list[Scope]) -> Iterator[Task]:
    if node.value not in _CONSTANTS:  # which LibCST reads as names
        (scope.bound if bound else scope.read).add(node.value)
    return iter(())


def _attribute(
    node: cst.Attribute, scope: Scope, bound: bool, scopes: list[Scope]
) -> Iterator[Task]:
    yield node.value, scope, False


def _subscript(
    node: cst.Subscript, scope: Scope, bound: bool, scopes: list[Scope]
) -> Iterator[Task]:
    yield node.value, scope, False
    for element in node.slice:
        yield element, scope, False


def _target(node: cst.CSTNode, scope: Scope, bound: bool, scopes: list[Scope]) -> Iterator[Task]:
    yield getattr(node, "target"), scope, True  # noqa: B009  (one handler for many node types)
    for child in children(node):
        if child is not getattr(node, "target"):  # noqa: B009
            yield child, scope, False


def _augmented(
    node: cst.AugAssign, scope: Scope, bound: bool, scopes: list[Scope]
) -> Iterator[Task]:
    yield node.target, scope, True
    yield node.target, scope, False
    yield node.value, scope, False


def _argument(node: cst.Arg, scope: Scope, bound: bool, scopes: list[Scope]) -> Iterator[Task]:
    yield node.value, scope, False


def _as_name(node: cst.AsName, scope: Scope, bound: bool, scopes: list[Scope]) -> Iterator[Task]:
    yield node.name, scope, True


def _import(node: cst.CSTNode, scope: Scope, bound: bool, scopes: list[Scope]) -> Iterator[Task]:
    names = getattr(node, "names")  # noqa: B009  (Import and ImportFrom alike)
    for alias in names if isinstance(names, Sequence) else ():
        scope.bound.add(imported_name(alias))
    return iter(())


def imported_name(alias: cst.ImportAlias) -> str:
    """The name that `import a.b as c` binds: `c`, or `a` without the alias."""
    if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
        return alias.asname.name.value
    node: cst.BaseExpression = alias.name
    while isinstance(node, cst.Attribute):
        node = node.value
    return node.value if isinstance(node, cst.Name) else ""


def _function(
    node: cst.FunctionDef, scope: Scope, bound: bool, scopes: list[Scope]
) -> Iterator[Task]:
    scope.bound.add(node.name.value)
    inner = Scope(scope, deferred=True)
    scopes.append(inner)
    for decorator in node.decorators:
        yield decorator, scope, False
    yield from _parameters(node.params, scope, inner)
    if node.returns is not None:
        yield node.returns, scope, False
    yield node.body, inner, False


def _lambda(node: cst.Lambda, scope: Scope, bound: bool, scopes: list[Scope]) -> Iterator[Task]:
    inner = Scope(scope, deferred=True)
    scopes.append(inner)
    yield from _parameters(node.params, scope, inner)
    yield node.body, inner, False


def _parameters(params: cst.Parameters, outer: Scope, inner: Scope) -> Iterator[Task]:
    every = [*params.posonly_params, *params.params, *params.kwonly_params]
    for star in (params.star_arg, params.star_kwarg):
        if isinstance(star, cst.Param):
            every.append(star)
    for param in every:
        inner.bound.add(param.name.value)
        if param.default is not None:
            yield param.default, outer, False
        if param.annotation is not None:
            yield param.annotation, outer, False


def _class(node: cst.ClassDef, scope: Scope, bound: bool, scopes: list[Scope]) -> Iterator[Task]:
    scope.bound.add(node.name.value)
    inner = Scope(scope, deferred=False, is_class=True)
    scopes.append(inner)
    for part in (*node.decorators, *node.bases, *node.keywords):
        yield part, scope, False
    yield node.body, inner, False


def _comprehension(
    node: cst.CSTNode, scope: Scope, bound: bool, scopes: list[Scope]
) -> Iterator[Task]:
    inner = Scope(scope, deferred=False, is_comprehension=True)
    scopes.append(inner)
    first = getattr(node, "for_in")  # noqa: B009  (one handler for four node types)
    yield first.iter, scope, False  # which alone is read outside
    for child in (first.target, *first.ifs, first.inner_for_in):
        if child is not None:
            yield child, inner, child is first.target
    for child in children(node):
        if child is not first:
            yield child, inner, False


def _declaration(
    node: cst.CSTNode, scope: Scope, bound: bool, scopes: list[Scope]
) -> Iterator[Task]:
    for item in getattr(node, "names"):  # noqa: B009  (Global and Nonlocal alike)
        scope.outer.add(item.name.value)
        if isinstance(node, cst.Global):
            scope.of_module.add(item.name.value)
    return iter(())


def _captured(node: Any, scope: Scope, bound: bool, scopes: list[Scope]) -> Iterator[Task]:
    """The patterns of `match` that bind a name: `case x`, `case [*rest]`, `case {**rest}`."""
    for child in children(node):
        yield child, scope, child is node.name


def _keyword(
    node: cst.MatchKeywordElement, scope: Scope, bound: bool, scopes: list[Scope]
) -> Iterator[Task]:
    yield node.pattern, scope, False


def _mapping(
    node: cst.MatchMapping, scope: Scope, bound: bool, scopes: list[Scope]
) -> Iterator[Task]:
    for child in children(node):
        yield child, scope, child is node.rest


def _walrus(node: cst.NamedExpr, scope: Scope, bound: bool, scopes: list[Scope]) -> Iterator[Task]:
    yield node.target, scope.binds_here, True
    yield node.value, scope, False


Handler = Callable[..., Iterator[Task]]
_HANDLERS: dict[type[cst.CSTNode], Handler] = {
    cst.Name: _name,
    cst.Attribute: _attribute,
    cst.Subscript: _subscript,
    cst.AssignTarget: _target,
    cst.AnnAssign: _target,
    cst.AugAssign: _augmented,
    cst.For: _target,
    cst.CompFor: _target,
    cst.NamedExpr: _walrus,
    cst.Arg: _argument,
    cst.AsName: _as_name,
    cst.Import: _import,
    cst.ImportFrom: _import,
    cst.FunctionDef: _function,
    cst.Lambda: _lambda,
    cst.ClassDef: _class,
    cst.ListComp: _comprehension,
    cst.SetComp: _comprehension,
    cst.DictComp: _comprehension,
    cst.GeneratorExp: _comprehension,
    cst.Global: _declaration,
    cst.Nonlocal: _declaration,
    cst.MatchAs: _captured,
    cst.MatchStar: _captured,
    cst.MatchMapping: _mapping,
    cst.MatchKeywordElement: _keyword,
}

# Fields that hold whitespace, commas and parentheses: no names, half of all nodes.
_SKIPPED = ("whitespace", "leading_lines", "lines_after", "comma", "lpar", "rpar", "semicolon")
_SKIPPED_WHOLE = frozenset(
    {"header", "footer", "equal", "colon", "dot", "lbracket", "rbracket", "lbrace", "rbrace"}
    | {"trailing_whitespace", "operator", "keyword"}
)
_LEAVES = frozenset({str, bool, int, type(None), cst.MaybeSentinel})
_FIELDS: dict[type[cst.CSTNode], tuple[str, ...]] = {}


def children(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The child nodes that can hold code, in the order of the text."""
    kind = type(node)
    names = _FIELDS.get(kind)
    if names is None:
        names = _FIELDS[kind] = tuple(
            each.name
            for each in fields(kind)
            if not each.name.startswith(_SKIPPED) and each.name not in _SKIPPED_WHOLE
        )
    for name in names:
        value = getattr(node, name)
        kind = type(value)
        if kind is tuple or kind is list:
            yield from value
        elif kind not in _LEAVES:  # PERF: `isinstance(…, CSTNode)` asks an abstract base class
            yield value
