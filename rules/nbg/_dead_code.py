"""Code that never runs, and conditions that always come out the same, told without running it."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from modfix.syntax.plain_nodes import dotted_name

Values = Mapping[str, object]  # names that are bound to one literal, and the literal

DEFINED = object()  # the value of a name that stands for a function or a class
_UNKNOWN = object()
_JUMPS = (ast.Return, ast.Raise, ast.Break, ast.Continue)
_COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: lambda a, b: a is b or a == b,
    ast.IsNot: lambda a, b: not (a is b or a == b),
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}
# What a comparison of a name with itself comes to.
_WITH_ITSELF: dict[type[ast.cmpop], bool] = {
    ast.Eq: True,
    ast.Is: True,
    ast.LtE: True,
    ast.GtE: True,
    ast.NotEq: False,
    ast.IsNot: False,
    ast.Lt: False,
    ast.Gt: False,
}
_PASSING_ON = frozenset({"enumerate", "list", "reversed", "sorted", "tuple", "zip", "set", "iter"})
_VIEWS = frozenset({"items", "keys", "values"})


def truth(node: ast.expr, values: Values) -> bool | None:
    """What a condition always comes to, whatever the code that it calls does; None if that
    depends."""
    held = _held(node)
    if held is not None:
        sure = any(each is not None and not isinstance(each, ast.Starred) for each in held)
        return True if sure else (None if held else False)
    if isinstance(node, (ast.Lambda, ast.GeneratorExp)):
        return True
    if isinstance(node, ast.JoinedStr):
        texts = (part for part in node.values if isinstance(part, ast.Constant))
        return True if any(part.value for part in texts) else None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = truth(node.operand, values)
        return None if inner is None else not inner
    if isinstance(node, ast.BoolOp):
        return _of_both(node, values)
    if isinstance(node, ast.Compare):
        return _of_comparison(node, values)
    if isinstance(node, ast.Call):
        return _of_call(node, values)
    value = _value(node, values)
    return None if value is _UNKNOWN else bool(value)


def _held(node: ast.expr) -> Sequence[ast.expr | None] | None:
    """What a list, tuple, set or dictionary is written of (None: `**more`); None for all else."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return node.elts
    return node.keys if isinstance(node, ast.Dict) else None


def _of_call(node: ast.Call, values: Values) -> bool | None:
    """`callable(f)` of what is defined in the module; `all(…)` and `any(…)` of nothing."""
    name = dotted_name(node.func)
    if len(node.args) != 1 or node.keywords:
        return None
    only = node.args[0]
    if name == "callable":
        return True if _value(only, values) is DEFINED else None
    if name not in ("all", "any"):
        return None
    rows = only.generators[0].iter if isinstance(only, (ast.GeneratorExp, ast.ListComp)) else only
    return name == "all" if is_empty(rows, values) else None


def _of_both(node: ast.BoolOp, values: Values) -> bool | None:
    decides = isinstance(node.op, ast.Or)
    every = [truth(each, values) for each in node.values]
    if decides in every:
        return decides
    return None if None in every else not decides


def _of_comparison(node: ast.Compare, values: Values) -> bool | None:
    if len(node.ops) != 1:
        return None
    kind, right = type(node.ops[0]), node.comparators[0]
    name = dotted_name(node.left)
    if name and name == dotted_name(right) and kind in _WITH_ITSELF:
        return _WITH_ITSELF[kind]
    first = _value(node.left, values)
    second = _UNKNOWN if first is _UNKNOWN else _value(right, values)
    if second is _UNKNOWN:
        return None
    try:
        return bool(_COMPARED[kind](first, second))
    except (KeyError, TypeError):
        return None


def _value(node: ast.expr, values: Values) -> object:
    """The value of a literal, or of a name that stands for one."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return values.get(node.id, _UNKNOWN)
    if isinstance(node, (ast.Call, ast.Attribute, ast.Subscript)):
        return _UNKNOWN
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, MemoryError, RecursionError):
        return _UNKNOWN


def is_empty(node: ast.expr, values: Values) -> bool:
    """Whether a loop over an expression never runs: `[]`, `range(0)`, `zip([], cases)`."""
    held = _held(node)
    if held is not None:
        return not held
    if not isinstance(node, ast.Call):
        value = _value(node, values)
        return value is not _UNKNOWN and hasattr(value, "__len__") and not value
    if isinstance(node.func, ast.Attribute) and node.func.attr in _VIEWS:
        return not node.args and not node.keywords and is_empty(node.func.value, values)
    name = dotted_name(node.func)
    if name == "range":
        return _is_empty_range([_value(argument, values) for argument in node.args])
    if name == "zip":
        return any(is_empty(_unstarred(argument), values) for argument in node.args)
    return name in _PASSING_ON and bool(node.args) and is_empty(node.args[0], values)


def _unstarred(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Starred) else node


def _is_empty_range(arguments: Sequence[object]) -> bool:
    try:
        return len(range(*arguments)) == 0  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        return False


def alive(statements: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a block up to the first that leaves it."""
    for statement in statements:
        yield statement
        if leaves(statement):
            return


def leaves(statement: ast.stmt) -> bool:
    """Whether a statement is a `return`, `raise`, `break` or `continue`."""
    return isinstance(statement, _JUMPS)
