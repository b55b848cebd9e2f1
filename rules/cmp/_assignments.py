"""What a name was assigned last where it is used, and what happened to it since.

Looked for in the same run of statements; the cells of a module are one run.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from ._scopes import Mention, Scopes

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

# The assignment that a use sees, its value, and the mentions that matter in between.
Last = tuple[Mention, cst.BaseExpression, list[Mention]]


class Assignments:
    """The assignments to the names of some texts."""

    def __init__(self, scopes: Scopes) -> None:
        self.scopes = scopes

    def last(self, use: Mention) -> Last | None:
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
                if self.block(each.node) == block and not self._augments(each)
            ]
            if bound:
                return self._since(bound[-1], mentions, use, here)
        return None

    def _since(
        self, bound: Mention, mentions: list[Mention], use: Mention, here: cst.CSTNode
    ) -> Last | None:
        value = self._assigned(bound)
        end = (use.text.cell, use.text.span(here)[1])
        between = [each for each in mentions if bound.place < each.place < end]
        if value is None or any(each.bound and not self._augments(each) for each in between):
            return None
        return bound, value, between

    def _captured(self, mentions: list[Mention]) -> Last | None:
        """A name of an outer scope, read later: bound once, and never changed anywhere."""
        bound = [each for each in mentions if each.bound]
        others = [each for each in mentions if not each.bound]
        if len(bound) != 1 or not all(self.only_reads(each) for each in others):
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

    def only_reads(self, mention: Mention) -> bool:
        """Whether a mention of a list cannot change it."""
        parent = self.scopes.parents[id(mention.node)]
        if isinstance(parent, cst.Arg):
            call = self.scopes.parents[id(parent)]
            reader = isinstance(call, cst.Call) and self.builtin(call.func) in _READERS
            return bool(parent.star) or reader
        if isinstance(parent, cst.Attribute):
            return parent.attr.value in _READING_METHODS
        if isinstance(parent, cst.Subscript) and parent.value is mention.node:
            above = self.scopes.parents[id(parent)]
            return not isinstance(above, (cst.AssignTarget, cst.AugAssign, cst.Del, cst.AnnAssign))
        return not mention.bound and isinstance(parent, _READING_PARENTS)

    def builtin(self, node: cst.BaseExpression) -> str:
        """The name of a builtin that nothing in sight hides, or ""."""
        if not isinstance(node, cst.Name):
            return ""
        owner = self.scopes.owner(self.scopes.mention(node))
        hidden = owner is not self.scopes.top or node.value in owner.bound
        return "" if hidden else node.value

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

    def block(self, node: cst.CSTNode) -> int:
        """A number for the run of statements that a node is in; 0 is the module's."""
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
