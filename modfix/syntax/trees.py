"""The trees of one source, each parsed when it is first asked for."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from modfix.syntax.places import Places
from modfix.timing import lap

if TYPE_CHECKING:
    import libcst as cst

    from modfix.syntax.module import SyntaxFault


class TreeFault(Exception):
    """CPython reads a source and LibCST does not: it has no tree after all (see `lint.run`)."""

    def __init__(self, source: str, fault: SyntaxFault) -> None:
        super().__init__(fault.message)
        self.source = source
        self.fault = fault


class Trees:
    """CPython's and LibCST's tree of one source that parses; cells of one source share them.

    A statement is found in them by its `path`: its number, and for one in the body of a main
    guard its number there too.
    """

    __slots__ = ("_lines", "_places", "_spans", "_tree", "source", "text")

    def __init__(self, source: str, text: str) -> None:
        """`text` is the source with IPython's lines masked.

        PERF: CPython's tree is not kept from the reading of the facts. Few statements are asked
        for it, and the garbage collector would go through all of them again and again.
        """
        self.source = source
        self.text = text
        self._tree: cst.Module | None = None
        self._spans: dict[int, tuple[int, int]] | None = None
        self._places: Places | None = None
        self._lines: dict[tuple[int, ...], tuple[ast.stmt, ...]] = {}

    @property
    def tree(self) -> cst.Module:
        """LibCST's tree. Raises TreeFault for a source that only CPython reads."""
        if self._tree is None:
            from modfix.syntax.module import SyntaxFault
            from modfix.syntax.parse import parse_tree

            with lap("parsing by LibCST, for rules that ask"):
                tree = parse_tree(self.text)
            if isinstance(tree, SyntaxFault):
                raise TreeFault(self.source, tree)
            self._tree = tree
        return self._tree

    @property
    def spans(self) -> dict[int, tuple[int, int]]:
        """Offsets of every node of LibCST's tree, by `id(node)`."""
        if self._spans is None:
            from modfix.syntax.spans import node_spans

            self._spans = node_spans(self.tree)
        return self._spans

    @property
    def places(self) -> Places:
        """Offsets of the nodes of CPython's tree."""
        if self._places is None:
            self._places = Places(self.text)
        return self._places

    def node(self, path: tuple[int, ...]) -> cst.CSTNode:
        """LibCST's node of a statement."""
        body: Any = self.tree.body
        for number in path[:-1]:
            body = body[number].body.body
        node: cst.CSTNode = body[path[-1]]
        return node

    def plain(self, path: tuple[int, ...]) -> tuple[ast.stmt, ...]:
        """CPython's statements of a statement: one, or those of the line `a; b`."""
        if path not in self._lines:
            from modfix.syntax.parse import Plain, parse_plain
            from modfix.syntax.reading import lines_of

            plain = parse_plain(self.source)
            assert isinstance(plain, Plain)  # it was read before
            self._lines.update(lines_of(plain))
        return self._lines[path]
