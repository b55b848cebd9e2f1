"""What statements change, in the words of these rules: what only shows, what cannot be seen.

Only statements that are calls, and assignments to attributes and items, count as changing
something: a call inside an expression is there for its value.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from modfix.rule import Statement
from modfix.syntax.effects import plain_names
from modfix.syntax.module import matches
from modfix.syntax.plain_names import plain_name_use

# Calls that only show or compare: they change nothing that later code needs.
_SHOWING = (
    "print",
    "display",
    "*pprint",
    "plt.*",
    "sns.*",
    "assert_*",
    "test_eq",
    "np.testing.*",
    "*.show",
    "*.plot",
    "*.head",
    "*.info",
    "*.describe",
    "*.summary",
    "*.sleep",
)
# Calls whose effect is outside of Python's names: files, processes, the interpreter.
_OUTSIDE = (
    "open",
    "exec",
    "eval",
    "setattr",
    "delattr",
    "__import__",
    "*download*",
    "*.mkdir",
    "*.to_*",
    "*.save*",
    "*.write*",
    "*.dump*",
    "*.extract*",
)
_BUILTIN = frozenset(dir(builtins))


def only_shows(name: str) -> bool:
    """Whether a call of this name is known to leave everything as it was."""
    return matches(name, _SHOWING)


def acts_outside(name: str) -> bool:
    """Whether a call of this name may change something that no name stands for."""
    return not name or matches(name, _OUTSIDE)


def is_builtin(name: str) -> bool:
    """Whether a name is Python's own."""
    return name in _BUILTIN


def call_names(statement: Statement) -> Iterator[str]:
    """The names of the calls that are statements, of a function those of its body."""
    return (call.name for call in statement.effects.calls)


def changed_names(statement: Statement) -> frozenset[str]:
    """The names whose objects a statement, or the body of a function, may change."""
    return statement.effects.assigned | called_upon(statement)


def called_upon(statement: Statement) -> frozenset[str]:
    """The names that a statement's calls are methods of, or are given."""
    calls = statement.effects.calls
    if not calls:
        return frozenset()
    return frozenset().union(*(call.upon for call in calls if not only_shows(call.name)))


def binds_first(statement: Statement, name: str) -> bool:
    """Whether a loop or a `with` binds a name itself before its body reads it."""
    if statement.kind != "block":
        return False
    node = statement.plain[0]
    if isinstance(node, (ast.For, ast.AsyncFor)):
        return name in plain_names(node.target) and not _reads(node.iter, name)
    if isinstance(node, (ast.With, ast.AsyncWith)):
        entered = {n for item in node.items for n in plain_names(item.optional_vars)}
        return name in entered and not any(_reads(i.context_expr, name) for i in node.items)
    return False


def _reads(node: ast.expr, name: str) -> bool:
    return name in plain_name_use([ast.Expr(node)]).reads
