"""Who is meant by a name: all cells of a module, and its docstring examples, in one view.

The cells share one scope, the module's. A place is a cell and an offset in its source, so that
code in cells and in docstrings can be told in the order of the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import libcst as cst

from modfix.syntax.names import mentioned
from modfix.syntax.nodes import children
from modfix.syntax.scopes import Scope, owner

from ._moved_code import walk

Place = tuple[int, int]  # index of a cell, offset in its source


@dataclass(frozen=True)
class Text:
    """A piece of code: its tree, and where a node of it stands in its cell's source."""

    cell: int
    tree: cst.Module
    span: Callable[[cst.CSTNode], tuple[int, int]]
    docstring: bool = False


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


Parents = dict[int, cst.CSTNode]  # by the `id` of the child


def parents_in(root: cst.CSTNode) -> Parents:
    """What holds each node below `root`."""
    return {id(child): node for node in walk(root) for child in children(node)}


class Scopes:
    """Every mention of every name in some texts, by the scope that owns it."""

    def __init__(self, texts: Iterable[Text]) -> None:
        self.texts = tuple(texts)
        self.top = Scope(None, deferred=False)
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
        return owner(mention.node.value, mention.scope)

    def above(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """What holds a node, from the inside out."""
        while (parent := self.parents.get(id(node))) is not None:
            yield parent
            node = parent

    def _walk(self, text: Text) -> Iterator[Mention]:
        self.parents.update(parents_in(text.tree))
        start = Scope(self.top, deferred=True) if text.docstring else self.top
        for node, scope, how in mentioned(text.tree, start, []):
            bound = how in ("bound", "changed", "deleted")
            if bound:
                scope.bound.add(node.value)
            yield Mention(text, node, scope, bound)
