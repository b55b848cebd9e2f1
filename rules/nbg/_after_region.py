"""What a function does after a solution region, and whether it depends on the solution."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from modfix.nbgrader.regions import Region
from modfix.rule import CodeCell
from modfix.syntax.index import dotted_name
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


# What stands above a region and gives no name to work with: texts, comments, the function's own.
_NO_NAMES = re.compile(
    r"\"\"\".*?\"\"\"|'''.*?'''|\"[^\"\n]*\"|'[^'\n]*'|#[^\n]*|\bdef\s+\w+", re.DOTALL
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
    one that is never reached, a result that is computed without it, or one that is computed of
    names that only the region has."""
    blocks = _blocks_around(cell, region)
    block = blocks[-1] if blocks else ()
    inside = [node for node in block if _within(cell, node, region)]
    after = [
        node
        for each in reversed(blocks)
        for node in each
        if cell.span(node)[0] > region.end and not any(_within(cell, node, o) for o in others)
    ]
    if not inside or not after:
        return None
    if _small(inside[-1], (cst.Return, cst.Raise)) and after[0] in block:
        return next((node for node in after if not _gives_nothing(node)), None)
    above = _NO_NAMES.sub("", cell.source[cell.span(blocks[0][0])[0] : region.start])
    found = _computed_of_its_own(inside, after, above), _computed_anew(inside, after)
    return min(filter(None, found), key=lambda node: cell.span(node)[0], default=None)


def _blocks_around(cell: CodeCell, region: Region) -> list[Sequence[cst.CSTNode]]:
    """The blocks around a region's first line of code, from the innermost function's on. The first
    one is that function itself."""
    code = solution_start(cell.source, region)
    found: list[Sequence[cst.CSTNode]] = []
    at: list[cst.CSTNode] = [s.node for s in cell.statements] if code >= 0 else []
    while at:
        node = at.pop()
        start, end = cell.span(node)
        if not start <= code < end:
            continue
        if isinstance(node, cst.FunctionDef):
            found = [(node,)]
        if isinstance(node, cst.IndentedBlock) and found:
            found.append(node.body)
        at = [child for child in children(node) if isinstance(child, _HOLDERS)]
    return found


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


def _computed_of_its_own(
    inside: Sequence[cst.CSTNode], after: Sequence[cst.CSTNode], above: str
) -> cst.CSTNode | None:
    """The first statement that computes something of names that only the region binds: students
    see none of them above it, so that it is no frame to fill in."""
    own = {name for node in inside for name in name_use(node).binds}
    own = {name for name in own if not re.search(rf"\b{re.escape(name)}\b", above)}
    for node in after:
        if any(_computes_of(each, own) for each in _results(node)):
            return node
        own |= name_use(node).binds if name_use(node).reads & own else set()
    return None


def _results(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """What the assignments and returns of a statement, and of those in it, come to."""
    for each in _every(node):
        if isinstance(each, (cst.Return, cst.Assign, cst.AnnAssign)) and each.value is not None:
            yield each.value
        elif isinstance(each, cst.AugAssign):
            yield each


def _computes_of(root: cst.CSTNode, own: set[str]) -> bool:
    deep = (each for each in _every(root) if isinstance(each, (*_DEEP, cst.AugAssign)))
    return any(name_use(each).reads & own and not _only_wraps(each) for each in deep)


def _only_wraps(node: cst.CSTNode) -> bool:
    """`float(total)`, `np.array(rows)`, `Tensor(data)`: what was computed in another type."""
    if not isinstance(node, cst.Call):
        return False
    name = dotted_name(node.func).rpartition(".")[2]
    plain = all(isinstance(each.value, (cst.Name, *_ATOMS)) for each in node.args)
    return plain and (name in _TYPES or name[:1].isupper())


_ATOMS = (cst.Integer, cst.Float, cst.SimpleString)
_TYPES = frozenset({"array", "asarray", "bool", "dict", "float", "int", "list", "print", "set"}) | {
    "str",
    "tuple",
}


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
