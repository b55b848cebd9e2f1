"""What is kept from LibCST: its native parser overflows the stack and kills the process.

Measured with LibCST 1.9 on a stack of 8 MiB (`benchmarks/hostile.py`): chains of operators,
attributes, calls, subscripts, conditions and `elif` kill it between 3,000 and 10,000 links,
brackets between 1,000 and 3,000 (CPython refuses 200 of them), and what it survives takes time
and memory with the square of the links. Patterns of `match` double its time with every bracket. A
token costs it 35 µs and 2.6 KiB.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any

MOST_TOKENS = 100_000
MOST_LEVELS = 1_000
MOST_PATTERN_BRACKETS = 15
TOO_LARGE = f"this cell is too large to be checked (more than {MOST_TOKENS:,} tokens)"

_USUAL_STACK = 8 * 2**20
_TOKEN = re.compile(r"\w+|[^\w\s]|\n")
_LEVEL_MARKS = (*".([{+-*/%@&|^<>~:", "not", "if", "or", "and")  # `for` has `or`
_CASE = re.compile(r"^[ \t]*case\b", re.MULTILINE)
_BRACKET = re.compile(r"[()\[\]{}]")


def is_too_large(text: str) -> bool:
    """Whether a source has more tokens than LibCST reads in a few seconds (words in strings and
    comments count)."""
    if len(text) <= MOST_TOKENS:
        return False
    return next(islice(_TOKEN.finditer(text), MOST_TOKENS, None), None) is not None


def is_too_deep(text: str, tree: ast.Module) -> bool:
    """Whether a source nests deeper than LibCST survives.

    Every level takes a mark of the text, so that ordinary cells are counted and not walked.
    """
    most = most_levels()
    if sum(map(text.count, _LEVEL_MARKS)) < most:
        return False
    return _depth(tree, most) > most


@cache
def most_levels() -> int:
    """The deepest nesting that is handed to LibCST; fewer levels on a stack that is smaller."""
    import resource  # PERF: only a cell that is long enough needs it

    stack, _ = resource.getrlimit(resource.RLIMIT_STACK)
    if stack == resource.RLIM_INFINITY or stack >= _USUAL_STACK:
        return MOST_LEVELS
    return max(1, MOST_LEVELS * stack // _USUAL_STACK)


def _depth(tree: ast.Module, enough: int) -> int:
    """The levels of a tree, or more than `enough` as soon as it is known to be deeper."""
    waiting: list[tuple[ast.AST, int]] = [(tree, 0)]
    deepest = 0
    while waiting and deepest <= enough:
        node, depth = waiting.pop()
        hidden = _HIDDEN.get(type(node))
        if hidden is not None:
            depth += hidden(node)
        deepest = max(deepest, depth)
        waiting += [(child, depth + 1) for child in ast.iter_child_nodes(node)]
    return deepest


# What is flat for CPython and nested for LibCST, with the levels that it has there.
_HIDDEN: dict[type[ast.AST], Callable[[Any], int]] = {
    ast.BoolOp: lambda node: len(node.values),
    ast.alias: lambda node: node.name.count("."),
    ast.ImportFrom: lambda node: (node.module or "").count("."),
    **dict.fromkeys(
        (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
        lambda node: len(node.generators),
    ),
}


def has_deep_pattern(text: str, tree: ast.Module) -> bool:
    """Whether brackets nest so deep in a `case` that LibCST would be at it for ever."""
    if "case" not in text or not _CASE.search(text):
        return False
    lines = text.split("\n")
    heads = (
        head for node in ast.walk(tree) if isinstance(node, ast.Match) for head in _heads(node)
    )
    return any(_nesting(lines[first - 1 : last]) > MOST_PATTERN_BRACKETS for first, last in heads)


def _heads(node: ast.Match) -> Iterator[tuple[int, int]]:
    """The lines in which the head of each case stands, from the end of what is before it."""
    before = node.subject.end_lineno or node.lineno
    for case in node.cases:
        yield before, case.body[0].lineno
        before = case.body[-1].end_lineno or before


def _nesting(lines: Sequence[str]) -> int:
    """How deep brackets nest in some lines; those in strings count too."""
    depth = deepest = 0
    for match in _BRACKET.finditer("\n".join(lines)):
        depth += 1 if match[0] in "([{" else -1
        deepest = max(deepest, depth)
    return deepest
