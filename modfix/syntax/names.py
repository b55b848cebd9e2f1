"""Which names a LibCST node mentions and how, from one iterative walk: for rules that hold one.

`name_use` says what `plain_names` says of CPython's tree, which the index is made from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import libcst as cst

from modfix.syntax.nodes import children
from modfix.syntax.scopes import NameUse, Scope, resolve

_CONSTANTS = frozenset({"None", "True", "False"})  # which LibCST reads as names
# How a name is met: "declared" is `global x`, "changed" is `x += 1`, which reads it too.
How = Literal["read", "bound", "changed", "deleted", "declared"]
Task = tuple[cst.CSTNode, Scope, How]
Mentioned = tuple[cst.Name, Scope, How]


def name_use(statement: cst.CSTNode) -> NameUse:
    """Walk one statement and resolve its names."""
    top = Scope(None, deferred=False)
    scopes = [top]
    for node, scope, how in mentioned(statement, top, scopes):
        if node.value in _CONSTANTS:
            continue
        if how in ("read", "changed", "deleted"):
            scope.read.add(node.value)
        if how in ("bound", "changed"):
            scope.bound.add(node.value)
    return resolve(top, scopes)


def mentioned(root: cst.CSTNode, top: Scope, scopes: list[Scope]) -> Iterator[Mentioned]:
    """Every name below a node with its scope, in no order; scopes that begin join `scopes`."""
    stack: list[Task] = [(root, top, "read")]
    while stack:
        node, scope, how = stack.pop()
        if isinstance(node, cst.Name):
            yield node, scope, how
            continue
        stack.extend(_HANDLERS.get(type(node), _generic)(node, scope, how, scopes))


def _generic(node: cst.CSTNode, scope: Scope, how: How, scopes: list[Scope]) -> Iterator[Task]:
    return ((child, scope, how) for child in children(node))


def _attribute(node: cst.Attribute, scope: Scope, how: How, scopes: list[Scope]) -> Iterator[Task]:
    yield node.value, scope, "read"


def _subscript(node: cst.Subscript, scope: Scope, how: How, scopes: list[Scope]) -> Iterator[Task]:
    yield node.value, scope, "read"
    for element in node.slice:
        yield element, scope, "read"


def _target(node: cst.CSTNode, scope: Scope, how: How, scopes: list[Scope]) -> Iterator[Task]:
    yield getattr(node, "target"), scope, "bound"  # noqa: B009  (one handler for many node types)
    for child in children(node):
        if child is not getattr(node, "target"):  # noqa: B009
            yield child, scope, "read"


def _augmented(node: cst.AugAssign, scope: Scope, how: How, scopes: list[Scope]) -> Iterator[Task]:
    yield node.target, scope, "changed"
    yield node.value, scope, "read"


def _argument(node: cst.Arg, scope: Scope, how: How, scopes: list[Scope]) -> Iterator[Task]:
    yield node.value, scope, "read"


def _as_name(node: cst.AsName, scope: Scope, how: How, scopes: list[Scope]) -> Iterator[Task]:
    yield node.name, scope, "bound"


def _import(node: cst.CSTNode, scope: Scope, how: How, scopes: list[Scope]) -> Iterator[Task]:
    names = getattr(node, "names")  # noqa: B009  (Import and ImportFrom alike)
    for alias in names if isinstance(names, Sequence) else ():
        yield _import_name(alias), scope, "bound"


def _import_name(alias: cst.ImportAlias) -> cst.CSTNode:
    """The name that `import a.b as c` binds: `c`, or `a` without the alias."""
    node: cst.CSTNode = alias.name if alias.asname is None else alias.asname.name
    while isinstance(node, cst.Attribute):
        node = node.value
    return node


def _bound_if(bound: bool) -> How:
    return "bound" if bound else "read"


def _function(node: cst.FunctionDef, scope: Scope, how: How, scopes: list[Scope]) -> Iterator[Task]:
    yield node.name, scope, "bound"
    inner = Scope(scope, deferred=True)
    scopes.append(inner)
    for decorator in node.decorators:
        yield decorator, scope, "read"
    yield from _parameters(node.params, scope, inner)
    if node.returns is not None:
        yield node.returns, scope, "read"
    yield node.body, inner, "read"


def _lambda(node: cst.Lambda, scope: Scope, how: How, scopes: list[Scope]) -> Iterator[Task]:
    inner = Scope(scope, deferred=True)
    scopes.append(inner)
    yield from _parameters(node.params, scope, inner)
    yield node.body, inner, "read"


def _parameters(params: cst.Parameters, outer: Scope, inner: Scope) -> Iterator[Task]:
    every = [*params.posonly_params, *params.params, *params.kwonly_params]
    for star in (params.star_arg, params.star_kwarg):
        if isinstance(star, cst.Param):
            every.append(star)
    for param in every:
        yield param.name, inner, "bound"
        if param.default is not None:
            yield param.default, outer, "read"
        if param.annotation is not None:
            yield param.annotation, outer, "read"


def _class(node: cst.ClassDef, scope: Scope, how: How, scopes: list[Scope]) -> Iterator[Task]:
    yield node.name, scope, "bound"
    inner = Scope(scope, deferred=False, is_class=True)
    scopes.append(inner)
    for part in (*node.decorators, *node.bases, *node.keywords):
        yield part, scope, "read"
    yield node.body, inner, "read"


def _comprehension(
    node: cst.CSTNode, scope: Scope, how: How, scopes: list[Scope]
) -> Iterator[Task]:
    inner = Scope(scope, deferred=False, is_comprehension=True)
    scopes.append(inner)
    first = getattr(node, "for_in")  # noqa: B009  (one handler for four node types)
    yield first.iter, scope, "read"  # which alone is read outside
    for child in (first.target, *first.ifs, first.inner_for_in):
        if child is not None:
            yield child, inner, _bound_if(child is first.target)
    for child in children(node):
        if child is not first:
            yield child, inner, "read"


def _declaration(node: cst.CSTNode, scope: Scope, how: How, scopes: list[Scope]) -> Iterator[Task]:
    for item in getattr(node, "names"):  # noqa: B009  (Global and Nonlocal alike)
        scope.outer.add(item.name.value)
        if isinstance(node, cst.Global):
            scope.of_module.add(item.name.value)
        yield item.name, scope, "declared"


def _delete(node: cst.Del, scope: Scope, how: How, scopes: list[Scope]) -> Iterator[Task]:
    yield node.target, scope, "deleted"


def _captured(node: Any, scope: Scope, how: How, scopes: list[Scope]) -> Iterator[Task]:
    """The patterns of `match` that bind a name: `case x`, `case [*rest]`, `case {**rest}`."""
    for child in children(node):
        yield child, scope, _bound_if(child is node.name)


def _keyword(
    node: cst.MatchKeywordElement, scope: Scope, how: How, scopes: list[Scope]
) -> Iterator[Task]:
    yield node.pattern, scope, "read"


def _mapping(node: cst.MatchMapping, scope: Scope, how: How, scopes: list[Scope]) -> Iterator[Task]:
    for child in children(node):
        yield child, scope, _bound_if(child is node.rest)


def _walrus(node: cst.NamedExpr, scope: Scope, how: How, scopes: list[Scope]) -> Iterator[Task]:
    yield node.target, scope.binds_here, "bound"
    yield node.value, scope, "read"


Handler = Callable[..., Iterator[Task]]
_HANDLERS: dict[type[cst.CSTNode], Handler] = {
    cst.Attribute: _attribute,
    cst.Subscript: _subscript,
    cst.AssignTarget: _target,
    cst.AnnAssign: _target,
    cst.AugAssign: _augmented,
    cst.For: _target,
    cst.CompFor: _target,
    cst.NamedExpr: _walrus,
    cst.Del: _delete,
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
