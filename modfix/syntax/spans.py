"""Offsets of nodes, from one code generation that counts what it emits.

`PositionProvider` gives lines and columns and costs twice as much; a fix needs offsets.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import libcst as cst
from libcst._nodes.internal import CodegenState

_FRAMES = 60_000
_turns = threading.Lock()  # the limit of recursion is that of all threads


class _CountingState(CodegenState):
    """Code generation that remembers where each node's own text begins and ends."""

    def __init__(self, default_indent: str, default_newline: str) -> None:
        super().__init__(default_indent, default_newline)
        self.at = 0
        self.spans: dict[int, tuple[int, int]] = {}

    def add_indent_tokens(self) -> None:
        self.at += sum(map(len, self.indent_tokens))

    def add_token(self, value: str) -> None:
        self.at += len(value)

    def before_codegen(self, node: cst.CSTNode) -> None:
        self.spans[id(node)] = (self.at, self.at)

    def after_codegen(self, node: cst.CSTNode) -> None:
        start, end = self.spans[id(node)]
        if end == start:  # no syntactic position was recorded: the whole node counts
            self.spans[id(node)] = (start, self.at)

    @contextmanager
    def record_syntactic_position(
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> Iterator[None]:
        start = self.at
        try:
            yield
        finally:
            first = start if start_node is None else self.spans[id(start_node)][0]
            last = self.at if end_node is None else self.spans[id(end_node)][1]
            self.spans[id(node)] = (first, last)


def node_spans(tree: cst.Module) -> dict[int, tuple[int, int]]:
    """Start and end offsets of every node of a tree in its source, by `id(node)`.

    Comments, whitespace, decorators and parentheses around a node do not belong to it.
    """
    state = _CountingState(tree.default_indent, tree.default_newline)
    with _turns, _deep_recursion():
        tree._codegen(state)
    return state.spans


@contextmanager
def _deep_recursion() -> Iterator[None]:
    """Code generation recurses some ten frames a level; the guard of `parse` bounds the levels."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
