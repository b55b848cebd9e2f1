"""A cell's source to its LibCST tree, guarded.

CPython's parser goes first: it refuses deep nesting with an error where LibCST's native parser
overflows the stack and kills the process, it says where a mistake is, and it gives the lines of
the top-level statements for a tenth of what LibCST's positions cost.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from msgspec import Struct

from modfix.syntax.guard import (
    MOST_PATTERN_BRACKETS,
    TOO_LARGE,
    has_deep_pattern,
    is_too_deep,
    is_too_large,
    most_levels,
)
from modfix.syntax.logical_lines import line_starts
from modfix.syntax.mask import masked
from modfix.syntax.module import SyntaxFault
from modfix.syntax.trial import reason_not_to_parse
from modfix.warned import heard, unheard

if TYPE_CHECKING:
    from warnings import WarningMessage

    import libcst as cst


class Plain(Struct, frozen=True):
    """A source as CPython reads it: its statements, the text they stand in, the masked lines."""

    statements: list[ast.stmt]
    text: str
    masked_lines: frozenset[int]


class Parsed(Struct, frozen=True):
    """One parsed cell: both trees, the text they were made from, and the masked lines."""

    tree: cst.Module
    statements: list[ast.stmt]
    text: str
    masked_lines: frozenset[int]


def parse_cell(source: str) -> Parsed | SyntaxFault:
    """Parse one code cell; IPython's lines are masked only where the plain text does not parse."""
    plain = parse_plain(source)
    if isinstance(plain, SyntaxFault):
        return plain
    tree = parse_tree(plain.text)
    if isinstance(tree, SyntaxFault):
        return tree
    return Parsed(tree, plain.statements, plain.text, plain.masked_lines)


def parse_plain(source: str) -> Plain | SyntaxFault:
    """CPython's tree of a cell; what it refuses, and what is too deep for LibCST, is a fault."""
    if is_too_large(source):
        return SyntaxFault(TOO_LARGE, 0)
    plain = _python_tree(source)
    if not isinstance(plain, SyntaxFault):
        return Plain(plain.body, source, frozenset())
    text, hidden = masked(source)
    if not hidden:
        return plain
    tree = _python_tree(text)
    return tree if isinstance(tree, SyntaxFault) else Plain(tree.body, text, hidden)


def parse_tree(text: str) -> cst.Module | SyntaxFault:
    """LibCST's tree of a text that `parse_plain` took."""
    import libcst as cst

    if (reason := reason_not_to_parse(text)) is not None:
        return SyntaxFault(reason, 0)
    try:
        return cst.parse_module(text)
    except (cst.ParserSyntaxError, RecursionError) as error:
        return SyntaxFault(f"Python reads it, but LibCST does not ({_first_line(error)})", 0)


def syntax_fault(source: str) -> SyntaxFault | None:
    """Why a text is no code cell, around IPython's lines, or None; cheap: it makes no tree."""
    fault = _python_tree(source)
    if isinstance(fault, SyntaxFault):
        text, hidden = masked(source)
        after = _python_tree(text) if hidden else fault
        return after if isinstance(after, SyntaxFault) else None
    return None


def _python_tree(text: str) -> ast.Module | SyntaxFault:
    with unheard():
        try:
            tree = ast.parse(text)
        except SyntaxError as error:
            return SyntaxFault(error.msg, _offset(text, error.lineno or 1, error.offset or 1))
        except (RecursionError, MemoryError):
            return _too_deep()
        except ValueError as error:  # null bytes, lone surrogates
            return _unreadable(text, error)
    if has_deep_pattern(text, tree):
        return SyntaxFault(f"a pattern has more than {MOST_PATTERN_BRACKETS} nested brackets", 0)
    return _too_deep() if is_too_deep(text, tree) else tree


def warnings_in(text: str) -> list[WarningMessage]:
    """What Python warns of when it compiles a cell; nothing of one that it does not compile."""
    with heard() as caught:
        try:
            compile(text, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return []
    return caught


def is_python(text: str) -> bool:
    """Whether a text parses."""
    return not isinstance(_python_tree(text), SyntaxFault)


def _too_deep() -> SyntaxFault:
    return SyntaxFault(f"nested too deeply to be checked (more than {most_levels():,} levels)", 0)


def _unreadable(text: str, error: ValueError) -> SyntaxFault:
    if isinstance(error, UnicodeEncodeError):
        half = text[error.start]
        return SyntaxFault(f"`\\u{ord(half):04x}` is half of a surrogate pair", error.start)
    return SyntaxFault(str(error), max(text.find("\0"), 0))


def _offset(text: str, line: int, column: int) -> int:
    starts = line_starts(text)
    return min(starts[min(line, len(starts)) - 1] + max(column - 1, 0), len(text))


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
