"""Code that never runs, and conditions that always come out the same, told without running it."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import libcst as cst

from modfix.syntax.index import dotted_name

Values = Mapping[str, object]  # names that are bound to one literal, and the literal

DEFINED = object()  # the value of a name that stands for a function or a class
_UNKNOWN = object()
_LONGEST = 2_000  # characters of a literal that is looked at
_DISPLAYS = (cst.List, cst.Tuple, cst.Set, cst.Dict)
_JUMPS = (cst.Return, cst.Raise, cst.Break, cst.Continue)
_COMPARED: dict[type[cst.BaseCompOp], Callable[[Any, Any], object]] = {
    cst.Equal: operator.eq,
    cst.NotEqual: operator.ne,
    cst.LessThan: operator.lt,
    cst.LessThanEqual: operator.le,
    cst.GreaterThan: operator.gt,
    cst.GreaterThanEqual: operator.ge,
    cst.Is: lambda a, b: a is b or a == b,
    cst.IsNot: lambda a, b: not (a is b or a == b),
    cst.In: lambda a, b: a in b,
    cst.NotIn: lambda a, b: a not in b,
}
# What a comparison of a name with itself comes to.
_WITH_ITSELF: dict[type[cst.BaseCompOp], bool] = {
    cst.Equal: True,
    cst.Is: True,
    cst.LessThanEqual: True,
    cst.GreaterThanEqual: True,
    cst.NotEqual: False,
    cst.IsNot: False,
    cst.LessThan: False,
    cst.GreaterThan: False,
}
_PASSING_ON = frozenset({"enumerate", "list", "reversed", "sorted", "tuple", "zip", "set", "iter"})
_VIEWS = frozenset({"items", "keys", "values"})


def truth(node: cst.BaseExpression, values: Values) -> bool | None:
    """What a condition always comes to, whatever the code that it calls does; None if that
    depends."""
    if isinstance(node, _DISPLAYS):
        sure = any(not isinstance(each, _STARRED) for each in node.elements)
        return True if sure else (None if node.elements else False)
    if isinstance(node, (cst.Lambda, cst.GeneratorExp)):
        return True
    if isinstance(node, cst.FormattedString):
        texts = (part for part in node.parts if isinstance(part, cst.FormattedStringText))
        return True if any(part.value for part in texts) else None
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
        inner = truth(node.expression, values)
        return None if inner is None else not inner
    if isinstance(node, cst.BooleanOperation):
        return _of_both(node, values)
    if isinstance(node, cst.Comparison):
        return _of_comparison(node, values)
    if isinstance(node, cst.Call):
        return _of_call(node, values)
    value = _value(node, values)
    return None if value is _UNKNOWN else bool(value)


def _of_call(node: cst.Call, values: Values) -> bool | None:
    """`callable(f)` of what is defined in the module; `all(…)` and `any(…)` of nothing."""
    name = dotted_name(node.func)
    if len(node.args) != 1 or node.args[0].keyword is not None:
        return None
    only = node.args[0].value
    if name == "callable":
        return True if _value(only, values) is DEFINED else None
    if name not in ("all", "any"):
        return None
    rows = only.for_in.iter if isinstance(only, (cst.GeneratorExp, cst.ListComp)) else only
    return name == "all" if is_empty(rows, values) else None


_STARRED = (cst.StarredElement, cst.StarredDictElement)


def _of_both(node: cst.BooleanOperation, values: Values) -> bool | None:
    decides = isinstance(node.operator, cst.Or)
    both = truth(node.left, values), truth(node.right, values)
    if decides in both:
        return decides
    return None if None in both else not decides


def _of_comparison(node: cst.Comparison, values: Values) -> bool | None:
    if len(node.comparisons) != 1:
        return None
    kind, right = type(node.comparisons[0].operator), node.comparisons[0].comparator
    name = dotted_name(node.left)
    if name and name == dotted_name(right) and kind in _WITH_ITSELF:
        return _WITH_ITSELF[kind]
    sides = _value(node.left, values), _value(right, values)
    if _UNKNOWN in sides:
        return None
    try:
        return bool(_COMPARED[kind](*sides))
    except (KeyError, TypeError):
        return None


def _value(node: cst.BaseExpression, values: Values) -> object:
    """The value of a literal, or of a name that stands for one."""
    if isinstance(node, cst.Name):
        fixed = {"True": True, "False": False, "None": None}
        return fixed[node.value] if node.value in fixed else values.get(node.value, _UNKNOWN)
    if isinstance(node, (cst.Call, cst.Attribute, cst.Subscript)):
        return _UNKNOWN
    text = cst.Module([]).code_for_node(node)
    try:
        return ast.literal_eval(text) if len(text) <= _LONGEST else _UNKNOWN
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        return _UNKNOWN


def is_empty(node: cst.BaseExpression, values: Values) -> bool:
    """Whether a loop over an expression never runs: `[]`, `range(0)`, `zip([], cases)`."""
    if isinstance(node, _DISPLAYS):
        return not node.elements
    if not isinstance(node, cst.Call):
        value = _value(node, values)
        return value is not _UNKNOWN and hasattr(value, "__len__") and not value
    if isinstance(node.func, cst.Attribute) and node.func.attr.value in _VIEWS:
        return not node.args and is_empty(node.func.value, values)
    name = dotted_name(node.func)
    if name == "range":
        return _is_empty_range([_value(argument.value, values) for argument in node.args])
    if name == "zip":
        return any(is_empty(argument.value, values) for argument in node.args)
    return name in _PASSING_ON and bool(node.args) and is_empty(node.args[0].value, values)


def _is_empty_range(arguments: Sequence[object]) -> bool:
    try:
        return len(range(*arguments)) == 0  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        return False


def alive(statements: Sequence[cst.CSTNode]) -> Iterator[cst.CSTNode]:
    """The statements of a block up to the first that leaves it."""
    for statement in statements:
        yield statement
        if leaves(statement):
            return


def leaves(statement: cst.CSTNode) -> bool:
    """Whether a statement is a `return`, `raise`, `break` or `continue`."""
    return isinstance(statement, cst.SimpleStatementLine) and any(
        isinstance(small, _JUMPS) for small in statement.body
    )
