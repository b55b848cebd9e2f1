"""A cell's source to its LibCST tree, guarded.

CPython's parser goes first: it refuses deep nesting with an error where LibCST's native parser
overflows the stack and kills the process, it says where a mistake is, and it gives the lines of
the top-level statements for a tenth of what LibCST's positions cost.
"""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from modfix.syntax.logical_lines import line_starts
from modfix.syntax.mask import masked
from modfix.syntax.module import SyntaxFault

if TYPE_CHECKING:
    import libcst as cst

_LONGEST_CHAIN = 2_500


@dataclass(frozen=True, slots=True)
class Parsed:
    """One parsed cell: both trees, the text they were made from, and the masked lines."""

    tree: cst.Module
    statements: list[ast.stmt]
    text: str
    masked_lines: frozenset[int]


def parse_cell(source: str) -> Parsed | SyntaxFault:
    """Parse one code cell; IPython's lines are masked only where the plain text does not parse."""
    import libcst as cst

    text, hidden = source, frozenset[int]()
    plain = _python_tree(text)
    if isinstance(plain, SyntaxFault):
        text, hidden = masked(source)
        fault, plain = plain, _python_tree(text) if hidden else plain
        if isinstance(plain, SyntaxFault):
            return plain if hidden else fault
    try:
        tree = cst.parse_module(text)
    except (cst.ParserSyntaxError, RecursionError) as error:
        return SyntaxFault(f"LibCST cannot read it: {_first_line(error)}", 0)
    return Parsed(tree, plain.body, text, hidden)


def syntax_fault(source: str) -> SyntaxFault | None:
    """Why a text is no code cell, around IPython's lines, or None; cheap: it makes no tree."""
    fault = _python_tree(source)
    if isinstance(fault, SyntaxFault):
        text, hidden = masked(source)
        after = _python_tree(text) if hidden else fault
        return after if isinstance(after, SyntaxFault) else None
    return None


def _python_tree(text: str) -> ast.Module | SyntaxFault:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes of the course's, not ours to print
        try:
            tree = ast.parse(text)
        except SyntaxError as error:
            return SyntaxFault(error.msg, _offset(text, error.lineno or 1, error.offset or 1))
        except (RecursionError, MemoryError):
            return SyntaxFault("too deeply nested to be read", 0)
        except ValueError as error:  # null bytes
            return SyntaxFault(str(error), 0)
    return SyntaxFault("too deeply nested to be read", 0) if _long_chain(tree, text) else tree


def is_python(text: str) -> bool:
    """Whether a text parses."""
    return not isinstance(_python_tree(text), SyntaxFault)


def _long_chain(tree: ast.Module, text: str) -> bool:
    """Whether `a or b or …` is longer than LibCST survives: flat for CPython, nested for it."""
    if text.count("or") + text.count("and") < _LONGEST_CHAIN:
        return False
    chains = (node for node in ast.walk(tree) if isinstance(node, ast.BoolOp))
    return any(len(chain.values) > _LONGEST_CHAIN for chain in chains)


def _offset(text: str, line: int, column: int) -> int:
    starts = line_starts(text)
    return min(starts[min(line, len(starts)) - 1] + max(column - 1, 0), len(text))


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
