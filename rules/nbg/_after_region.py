"""What a function does after a solution region, and whether it depends on the solution."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

import libcst as cst

from modfix.nbgrader.regions import Region
from modfix.rule import CodeCell
from modfix.syntax.names import children, name_use

from ._stub_indents import solution_start

_DEEP = (
    cst.Call,
    cst.BinaryOperation,
    cst.Comparison,
    cst.BooleanOperation,
    cst.Subscript,
    cst.ListComp,
    cst.DictComp,
    cst.SetComp,
    cst.GeneratorExp,
    cst.IfExp,
)


_HOLDERS = (
    cst.BaseCompoundStatement,
    cst.IndentedBlock,
    cst.Else,
    cst.ExceptHandler,
    cst.Finally,
)


def leaking(cell: CodeCell, region: Region, others: Sequence[Region]) -> cst.CSTNode | None:
    """The first statement behind a region in its function that gives the solution away, or None:
    one that is never reached, or a result that is computed without it."""
    block = _block_around(cell, region)
    inside = [node for node in block if _within(cell, node, region)]
    following = bisect_right(block, region.end, key=lambda node: cell.span(node)[0])
    after = [node for node in block[following:] if not _in_one_of(cell, node, others)]
    if not inside or not after:
        return None
    if _small(inside[-1], (cst.Return, cst.Raise)):
        return next((node for node in after if not _gives_nothing(node)), None)
    return _computed_anew(inside, after)


def _block_around(cell: CodeCell, region: Region) -> Sequence[cst.CSTNode]:
    """The statements of the block in a function that a region's first line of code belongs to."""
    code = solution_start(cell.source, region)
    found: Sequence[cst.CSTNode] = ()
    first = bisect_right(cell.statements, code, key=lambda s: s.start) - 1
    at: list[cst.CSTNode] = [cell.statements[first].node] if code >= 0 <= first else []
    in_function = False
    while at:
        node = at.pop()
        start, end = cell.span(node)
        if not start <= code < end:
            continue
        in_function = in_function or isinstance(node, cst.FunctionDef)
        if isinstance(node, cst.IndentedBlock) and in_function:
            found = node.body
        at = [child for child in children(node) if isinstance(child, _HOLDERS)]
    return found


def _in_one_of(cell: CodeCell, node: cst.CSTNode, regions: Sequence[Region]) -> bool:
    """Whether a statement lies in one of some regions, which are in order and apart."""
    number = bisect_right(regions, cell.span(node)[0], key=lambda region: region.start) - 1
    return number >= 0 and _within(cell, node, regions[number])


def _within(cell: CodeCell, node: cst.CSTNode, region: Region) -> bool:
    start, end = cell.span(node)
    return region.start <= start and end <= region.end


def _computed_anew(
    inside: Sequence[cst.CSTNode], after: Sequence[cst.CSTNode]
) -> cst.CSTNode | None:
    """The first statement of a result that depends on nothing in the region."""
    touched = {name for node in inside for name in (*name_use(node).binds, *_changed(node))}
    fresh: set[str] = set()
    first: cst.CSTNode | None = None
    for node in after:
        use = name_use(node)
        read = use.reads | use.later
        if read & touched or not _small(node, (cst.Return, cst.Assign, cst.AnnAssign)):
            touched |= use.binds | set(_changed(node))
            continue
        computes = any(isinstance(each, _DEEP) for each in _every(node)) or bool(read & fresh)
        if not _small(node, (cst.Return,)):
            fresh |= use.binds if computes else set()
            first = first or (node if computes else None)
        elif computes:
            return first or node
    return None


def _changed(node: cst.CSTNode) -> Iterator[str]:
    """Names of objects that a statement may change: `a.b = …`, `a[0] += …`, `a.add(…)`, `f(a)`."""
    for each in _every(node):
        if isinstance(each, (cst.AssignTarget, cst.AugAssign)):
            yield from _root(each.target)
        elif isinstance(each, cst.Expr) and isinstance(each.value, cst.Call):
            yield from _root(each.value.func)
            for argument in each.value.args:
                yield from _root(argument.value)


def _root(node: cst.CSTNode) -> Iterator[str]:
    while isinstance(node, (cst.Attribute, cst.Subscript)):
        node = node.value
    if isinstance(node, cst.Name):
        yield node.value
    elif isinstance(node, (cst.Tuple, cst.List)):
        for element in node.elements:
            yield from _root(element.value)


def _gives_nothing(node: cst.CSTNode) -> bool:
    """`pass`, `...`, `return`, `return name`, `raise …`: leftovers that give nothing away."""
    if not isinstance(node, cst.SimpleStatementLine):
        return isinstance(node, (cst.FunctionDef, cst.ClassDef))
    return not any(isinstance(each, _DEEP) for each in _every(node)) or _small(node, (cst.Raise,))


def _small(node: cst.CSTNode, kinds: tuple[type[cst.CSTNode], ...]) -> bool:
    return isinstance(node, cst.SimpleStatementLine) and isinstance(node.body[-1], kinds)


def _every(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    stack = [node]
    while stack:
        at = stack.pop()
        yield at
        stack.extend(children(at))
