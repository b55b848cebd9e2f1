"""How many layers an expression holds, where that can be told without running the code."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

import libcst as cst

from ._scopes import Mention, Scopes

Element = cst.BaseExpression | None  # None: something, but not seen here
Elements = tuple[Element, ...]

MOST = 64  # more layers than this are not written out

_COPIES = frozenset({"list", "tuple", "reversed", "sorted"})
_READERS = frozenset(
    {"len", "enumerate", "zip", "print", "range", "sum", "any", "all", "min", "max", "isinstance"}
    | {"list", "tuple", "reversed", "sorted", "iter", "repr", "str", "type", "set", "id", "bool"}
)
_READING_METHODS = frozenset({"copy", "index", "count"})
_READING_PARENTS = (
    cst.CompFor,
    cst.For,
    cst.Comparison,
    cst.ComparisonTarget,
    cst.BinaryOperation,
    cst.UnaryOperation,
    cst.BooleanOperation,
    cst.FormattedStringExpression,
    cst.If,
    cst.While,
    cst.Assert,
    cst.StarredElement,
)


class LayerCounts:
    """Reads list literals, comprehensions over known lengths, and names that hold such."""

    def __init__(self, scopes: Scopes) -> None:
        self.scopes = scopes
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
            case cst.Call() if len(node.args) == 1 and self._builtin(node.func) == "len":
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
        name = self._builtin(node.func)
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

    def _builtin(self, node: cst.BaseExpression) -> str:
        """The name of a builtin that nothing in sight hides, or ""."""
        if not isinstance(node, cst.Name):
            return ""
        owner = self.scopes.owner(self.scopes.mention(node))
        hidden = owner is not self.scopes.top or node.value in owner.bound
        return "" if hidden else node.value

    # Names: what was assigned last in the same run of statements, and what happened to it since.

    def _constant(self, node: cst.Name) -> cst.BaseExpression | None:
        found = self._last_assignment(self.scopes.mention(node))
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
        found = self._last_assignment(use)
        if found is None:
            return None
        bound, value, between = found
        held = self.elements(value)
        for mention in between:
            if held is None:
                return None
            if self._only_reads(mention):
                continue
            more = self._grown_by(mention, self._block(bound.node)) if mention is not use else None
            held = None if more is None else _joined([held, more])
        return held

    def _last_assignment(
        self, use: Mention
    ) -> tuple[Mention, cst.BaseExpression, list[Mention]] | None:
        """The assignment that a use sees, its value, and the mentions that matter in between."""
        owner = self.scopes.owner(use)
        if owner.is_class or owner.is_comprehension:
            return None
        mentions = self.scopes.mentions(owner, use.node.value)
        if use.scope is not owner and self._deferred(use):
            return self._captured(mentions)
        for block, here in self._blocks(use.node):
            start = use.text.cell, use.text.span(here)[0]
            before = [each for each in mentions if each.bound and each.place < start]
            bound = [
                each
                for each in before
                if self._block(each.node) == block and not self._augments(each)
            ]
            if bound:
                return self._since(bound[-1], mentions, use, here)
        return None

    def _since(
        self, bound: Mention, mentions: list[Mention], use: Mention, here: cst.CSTNode
    ) -> tuple[Mention, cst.BaseExpression, list[Mention]] | None:
        value = self._assigned(bound)
        end = (use.text.cell, use.text.span(here)[1])
        between = [each for each in mentions if bound.place < each.place < end]
        if value is None or any(each.bound and not self._augments(each) for each in between):
            return None
        return bound, value, between

    def _captured(
        self, mentions: list[Mention]
    ) -> tuple[Mention, cst.BaseExpression, list[Mention]] | None:
        """A name of an outer scope, read later: bound once, and never changed anywhere."""
        bound = [each for each in mentions if each.bound]
        others = [each for each in mentions if not each.bound]
        if len(bound) != 1 or not all(self._only_reads(each) for each in others):
            return None
        value = self._assigned(bound[0])
        straight = isinstance(self._holder(bound[0].node), (cst.FunctionDef, type(None)))
        return (bound[0], value, []) if value is not None and straight else None

    def _assigned(self, bound: Mention) -> cst.BaseExpression | None:
        """The value of `name = value`, where that is the whole statement."""
        target = self.scopes.parents[id(bound.node)]
        if isinstance(target, cst.AnnAssign):
            return target.value
        statement = self.scopes.parents.get(id(target))
        if not isinstance(target, cst.AssignTarget) or not isinstance(statement, cst.Assign):
            return None
        return statement.value if len(statement.targets) == 1 else None

    def _augments(self, mention: Mention) -> bool:
        return isinstance(self.scopes.parents[id(mention.node)], cst.AugAssign)

    def _grown_by(self, mention: Mention, block: int) -> Elements | None:
        """What `x.append(…)`, `x.extend(…)` or `x += …` adds, in the same run of statements."""
        parent = self.scopes.parents[id(mention.node)]
        if self._block(mention.node) != block:
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

    def _only_reads(self, mention: Mention) -> bool:
        """Whether a mention of a list cannot change it."""
        parent = self.scopes.parents[id(mention.node)]
        if isinstance(parent, cst.Arg):
            call = self.scopes.parents[id(parent)]
            reader = isinstance(call, cst.Call) and self._builtin(call.func) in _READERS
            return bool(parent.star) or reader
        if isinstance(parent, cst.Attribute):
            return parent.attr.value in _READING_METHODS
        if isinstance(parent, cst.Subscript) and parent.value is mention.node:
            above = self.scopes.parents[id(parent)]
            return not isinstance(above, (cst.AssignTarget, cst.AugAssign, cst.Del, cst.AnnAssign))
        return not mention.bound and isinstance(parent, _READING_PARENTS)

    # Blocks: runs of statements. All cells of a module are one run.

    def _blocks(self, node: cst.CSTNode) -> Iterator[tuple[int, cst.CSTNode]]:
        """The runs of statements that a node is in, each with its statement there."""
        below = node
        for above in self.scopes.above(node):
            if isinstance(above, (cst.IndentedBlock, cst.SimpleStatementSuite)):
                yield id(above), below
            elif isinstance(above, cst.Module):
                yield 0, below
            below = above

    def _block(self, node: cst.CSTNode) -> int:
        return next(self._blocks(node), (0, node))[0]

    def _holder(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The compound statement whose block a node's statement is in."""
        blocks = (cst.IndentedBlock, cst.SimpleStatementSuite)
        block = next((each for each in self.scopes.above(node) if isinstance(each, blocks)), None)
        return None if block is None else self.scopes.parents[id(block)]

    def _deferred(self, use: Mention) -> bool:
        """Whether a use runs later than the scope that its name belongs to."""
        scope, owner = use.scope, self.scopes.owner(use)
        while scope is not owner and scope.parent is not None:
            if scope.deferred and not self._starts_docstring(use, scope):
                return True
            scope = scope.parent
        return False

    def _starts_docstring(self, use: Mention, scope: object) -> bool:
        return use.text.docstring and scope is use.scope and use.scope.parent is self.scopes.top


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
