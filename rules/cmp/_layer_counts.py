"""How many layers an expression holds, where that can be told without running the code."""

from __future__ import annotations

from math import prod

import libcst as cst

from ._assignments import Assignments
from ._scopes import Mention, Scopes

Element = cst.BaseExpression | None  # None: something, but not seen here
Elements = tuple[Element, ...]

MOST = 64  # more layers than this are not written out

_COPIES = frozenset({"list", "tuple", "reversed", "sorted"})


class LayerCounts:
    """Reads list literals, comprehensions over known lengths, and names that hold such."""

    def __init__(self, scopes: Scopes) -> None:
        self.scopes = scopes
        self.assignments = Assignments(scopes)
        self._open: set[int] = set()  # names under way: a list that refers to itself

    def of_arguments(self, call: cst.Call) -> Elements | None:
        """The layers that a call hands over, or None where their number cannot be told."""
        parts = [self.elements(a.value) if a.star else (a.value,) for a in call.args]
        return _joined(parts)

    def elements(self, node: cst.BaseExpression) -> Elements | None:
        """What an expression gives when it is iterated over, or None."""
        match node:
            case cst.List() | cst.Tuple():
                return _joined([self._element(each) for each in node.elements])
            case cst.ListComp() | cst.GeneratorExp():
                return self._comprehension(node)
            case cst.Name():
                return self._named(node)
            case cst.Subscript():
                return self._sliced(node)
            case cst.BinaryOperation():
                return self._combined(node)
            case cst.Call():
                return self._called(node)
        return None

    def integer(self, node: cst.BaseExpression) -> int | None:
        """The value of a whole number that the text tells, or None."""
        match node:
            case cst.Integer():
                return node.evaluated_value
            case cst.UnaryOperation(operator=cst.Minus()):
                value = self.integer(node.expression)
                return None if value is None else -value
            case cst.BinaryOperation():
                return self._arithmetic(node)
            case cst.Call() if len(node.args) == 1 and self.assignments.builtin(node.func) == "len":
                found = self.elements(node.args[0].value)
                return None if found is None else len(found)
            case cst.Name():
                value_node = self._constant(node)
                return None if value_node is None else self.integer(value_node)
        return None

    def _element(self, node: cst.BaseElement) -> Elements | None:
        return self.elements(node.value) if isinstance(node, cst.StarredElement) else (node.value,)

    def _comprehension(self, node: cst.ListComp | cst.GeneratorExp) -> Elements | None:
        lengths, at = [], node.for_in
        while True:
            found = None if at.ifs or at.asynchronous else self.elements(at.iter)
            if found is None:
                return None
            lengths.append(len(found))
            if at.inner_for_in is None:
                break
            at = at.inner_for_in
        if len(lengths) == 1 and _same_name(node.elt, node.for_in.target):
            return self.elements(node.for_in.iter)
        return _bounded([node.elt] * min(prod(lengths), MOST + 1))

    def _sliced(self, node: cst.Subscript) -> Elements | None:
        if len(node.slice) != 1 or not isinstance(node.slice[0].slice, cst.Slice):
            return None
        whole, part = self.elements(node.value), node.slice[0].slice
        bounds = [part.lower, part.upper, part.step]
        values = [None if bound is None else self.integer(bound) for bound in bounds]
        unknown = any(b is not None and v is None for b, v in zip(bounds, values, strict=True))
        if whole is None or unknown or values[2] == 0:
            return None
        return whole[slice(*values)]

    def _combined(self, node: cst.BinaryOperation) -> Elements | None:
        if isinstance(node.operator, cst.Add):
            return _joined([self.elements(node.left), self.elements(node.right)])
        if not isinstance(node.operator, cst.Multiply):
            return None
        for many, few in ((node.left, node.right), (node.right, node.left)):
            found, times = self.elements(many), self.integer(few)
            if found is not None and times is not None and len(found) * times <= MOST:
                return found * times
        return None

    def _called(self, node: cst.Call) -> Elements | None:
        if any(arg.star for arg in node.args):
            return None
        name = self.assignments.builtin(node.func)
        values = [arg.value for arg in node.args if arg.keyword is None]
        if name == "range" and len(values) == len(node.args):
            return self._range(values)
        if name in _COPIES and values:
            return self.elements(values[0])
        if name == "enumerate" and values:
            found = self.elements(values[0])
            return None if found is None else (None,) * len(found)
        if name == "zip" and values:
            parts = [self.elements(value) for value in values]
            lengths = [len(part) for part in parts if part is not None]
            return (None,) * min(lengths) if len(lengths) == len(parts) else None
        if not node.args and isinstance(node.func, cst.Attribute):
            return self.elements(node.func.value) if node.func.attr.value == "copy" else None
        return None

    def _range(self, arguments: list[cst.BaseExpression]) -> Elements | None:
        values = [self.integer(argument) for argument in arguments]
        known = [value for value in values if value is not None]
        if len(known) != len(values) or not 1 <= len(known) <= 3 or known[2:] == [0]:
            return None
        return _bounded([None] * min(len(range(*known)), MOST + 1))

    def _arithmetic(self, node: cst.BinaryOperation) -> int | None:
        left, right = self.integer(node.left), self.integer(node.right)
        if left is None or right is None:
            return None
        match node.operator:
            case cst.Add():
                return left + right
            case cst.Subtract():
                return left - right
            case cst.Multiply():
                return left * right
            case cst.FloorDivide() if right:
                return left // right
        return None

    def _constant(self, node: cst.Name) -> cst.BaseExpression | None:
        found = self.assignments.last(self.scopes.mention(node))
        if found is None or any(mention.bound for mention in found[2]):
            return None
        return found[1]

    def _named(self, node: cst.Name) -> Elements | None:
        if id(node) in self._open:
            return None
        self._open.add(id(node))
        try:
            return self._held_by(self.scopes.mention(node))
        finally:
            self._open.discard(id(node))

    def _held_by(self, use: Mention) -> Elements | None:
        found = self.assignments.last(use)
        if found is None:
            return None
        bound, value, between = found
        held = self.elements(value)
        for mention in between:
            if held is None:
                return None
            if self.assignments.only_reads(mention):
                continue
            block = self.assignments.block(bound.node)
            more = None if mention is use else self._grown_by(mention, block)
            held = None if more is None else _joined([held, more])
        return held

    def _grown_by(self, mention: Mention, block: int) -> Elements | None:
        """What `x.append(…)`, `x.extend(…)` or `x += …` adds, in the same run of statements."""
        parent = self.scopes.parents[id(mention.node)]
        if self.assignments.block(mention.node) != block:
            return None
        if isinstance(parent, cst.AugAssign) and isinstance(parent.operator, cst.AddAssign):
            return self.elements(parent.value)
        call = self.scopes.parents[id(parent)]
        if not isinstance(parent, cst.Attribute) or not isinstance(call, cst.Call):
            return None
        if call.func is not parent or len(call.args) != 1 or call.args[0].star:
            return None
        if not isinstance(self.scopes.parents[id(call)], cst.Expr):
            return None
        value = call.args[0].value
        if parent.attr.value == "append":
            return (value,)
        return self.elements(value) if parent.attr.value == "extend" else None


def _joined(parts: list[Elements | None]) -> Elements | None:
    known = [part for part in parts if part is not None]
    if len(known) != len(parts):
        return None
    return _bounded([each for part in known for each in part])


def _bounded(found: list[Element]) -> Elements | None:
    return tuple(found) if len(found) <= MOST else None


def _same_name(left: cst.CSTNode, right: cst.CSTNode) -> bool:
    both = isinstance(left, cst.Name) and isinstance(right, cst.Name)
    return both and left.deep_equals(right)
