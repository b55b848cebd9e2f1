"""Who is meant by a name: all cells of a module, and its docstring examples, in one view.

The cells share one scope, the module's. A place is a cell and an offset in its source, so that
code in cells and in docstrings can be told in the order of the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import libcst as cst

from modfix.syntax.names import children, imported_name

from ._moved_code import walk

Place = tuple[int, int]  # index of a cell, offset in its source


@dataclass(frozen=True)
class Text:
    """A piece of code: its tree, and where a node of it stands in its cell's source."""

    cell: int
    tree: cst.Module
    span: Callable[[cst.CSTNode], tuple[int, int]]
    docstring: bool = False


@dataclass(slots=True, eq=False)
class Scope:
    """One scope and the names that it binds."""

    parent: Scope | None
    kind: str = "function"  # or "module", "class", "comprehension"
    bound: set[str] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)  # declared global or nonlocal


@dataclass(frozen=True, slots=True, eq=False)
class Mention:
    """A name where it is read or bound."""

    text: Text
    node: cst.Name
    scope: Scope
    bound: bool

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.text.cell, self.text.span(self.node)[0]


Task = tuple[cst.CSTNode, Scope, bool]
Parents = dict[int, cst.CSTNode]  # by the `id` of the child


def parents_in(root: cst.CSTNode) -> Parents:
    """What holds each node below `root`."""
    return {id(child): node for node in walk(root) for child in children(node)}


class Scopes:
    """Every mention of every name in some texts, by the scope that owns it."""

    def __init__(self, texts: Iterable[Text]) -> None:
        self.texts = tuple(texts)
        self.top = Scope(None, "module")
        self.parents: Parents = {}
        self._mentions: dict[tuple[int, str], list[Mention]] = {}
        found: list[Mention] = []
        for text in self.texts:
            found += self._walk(text)
        self._scope_of = {id(mention.node): mention for mention in found}
        for mention in found:
            key = id(self.owner(mention)), mention.node.value
            self._mentions.setdefault(key, []).append(mention)

    def mentions(self, owner: Scope, name: str) -> list[Mention]:
        """The mentions of a name of this scope, in the order of the text."""
        return sorted(self._mentions.get((id(owner), name), []), key=lambda each: each.place)

    def mention(self, node: cst.Name) -> Mention:
        """The mention that a name's node is."""
        return self._scope_of[id(node)]

    def owner(self, mention: Mention) -> Scope:
        """The scope that a name belongs to."""
        at, name, first = mention.scope, mention.node.value, True
        while at.parent is not None:
            visible = first or at.kind != "class"  # its functions do not see a class's names
            if visible and name in at.bound and name not in at.outer:
                return at
            at, first = at.parent, False
        return at

    def above(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """What holds a node, from the inside out."""
        while (parent := self.parents.get(id(node))) is not None:
            yield parent
            node = parent

    def _walk(self, text: Text) -> Iterator[Mention]:
        self.parents.update(parents_in(text.tree))
        start = Scope(self.top) if text.docstring else self.top
        stack: list[Task] = [(text.tree, start, False)]
        while stack:
            node, scope, bound = stack.pop()
            if isinstance(node, cst.Name):
                if bound:
                    scope.bound.add(node.value)
                yield Mention(text, node, scope, bound)
                continue
            stack.extend(_parts(node, scope, bound))


def _parts(node: cst.CSTNode, scope: Scope, bound: bool) -> Iterator[Task]:
    """The parts of a node that hold names, each with its scope and whether it is bound there."""
    match node:
        case cst.FunctionDef():
            inner = Scope(scope)
            yield node.name, scope, True
            yield from _parameters(node.params, scope, inner)
            yield from ((each, scope, False) for each in node.decorators)
            if node.returns is not None:
                yield node.returns, scope, False
            yield node.body, inner, False
        case cst.Lambda():
            inner = Scope(scope)
            yield from _parameters(node.params, scope, inner)
            yield node.body, inner, False
        case cst.ClassDef():
            yield node.name, scope, True
            for part in (*node.decorators, *node.bases, *node.keywords):
                yield part, scope, False
            yield node.body, Scope(scope, "class"), False
        case cst.ListComp() | cst.SetComp() | cst.DictComp() | cst.GeneratorExp():
            yield from _comprehension(node, scope)
        case cst.Attribute() | cst.Arg():
            yield node.value, scope, False
        case cst.Subscript():
            yield node.value, scope, False
            yield from ((each, scope, False) for each in node.slice)
        case cst.Import() | cst.ImportFrom():
            names = () if isinstance(node.names, cst.ImportStar) else node.names
            scope.bound.update(imported_name(alias) for alias in names)
            yield from ((_import_name(alias), scope, True) for alias in names)
        case cst.Global() | cst.Nonlocal():
            scope.outer.update(item.name.value for item in node.names)
            yield from ((item.name, scope, False) for item in node.names)
        case cst.AssignTarget() | cst.AnnAssign() | cst.AugAssign() | cst.For() | cst.CompFor():
            yield from ((each, scope, each is node.target) for each in children(node))
        case cst.NamedExpr():
            outside = scope
            while outside.kind == "comprehension" and outside.parent is not None:
                outside = outside.parent
            yield node.target, outside, True
            yield node.value, scope, False
        case cst.Del() | cst.AsName():
            yield from ((each, scope, True) for each in children(node))
        case cst.MatchAs() | cst.MatchStar():
            for each in children(node):
                yield each, scope, each is node.name
        case _:
            yield from ((each, scope, bound) for each in children(node))


def _import_name(alias: cst.ImportAlias) -> cst.CSTNode:
    node: cst.CSTNode = alias.name if alias.asname is None else alias.asname.name
    while isinstance(node, cst.Attribute):
        node = node.value
    return node


def _parameters(params: cst.Parameters, outer: Scope, inner: Scope) -> Iterator[Task]:
    every = [*params.posonly_params, *params.params, *params.kwonly_params]
    every += [s for s in (params.star_arg, params.star_kwarg) if isinstance(s, cst.Param)]
    for param in every:
        yield param.name, inner, True
        if param.default is not None:
            yield param.default, outer, False
        if param.annotation is not None:
            yield param.annotation, outer, False


def _comprehension(
    node: cst.ListComp | cst.SetComp | cst.DictComp | cst.GeneratorExp, scope: Scope
) -> Iterator[Task]:
    """A comprehension; its first iterable is evaluated outside of it."""
    inner = Scope(scope, "comprehension")
    first = node.for_in
    yield first.iter, scope, False
    for child in children(node):
        if child is not first:
            yield child, inner, False
    for child in children(first):
        if child is not first.iter:
            yield child, inner, child is first.target
