"""What a function does after a solution region, and whether it depends on the solution."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from modfix.nbgrader.regions import Region
from modfix.rule import CodeCell
from modfix.syntax.plain_names import plain_name_use

from ._stub_indents import solution_start

_DEEP = (
    ast.Call,
    ast.BinOp,
    ast.Compare,
    ast.BoolOp,
    ast.Subscript,
    ast.ListComp,
    ast.DictComp,
    ast.SetComp,
    ast.GeneratorExp,
    ast.IfExp,
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def leaking(cell: CodeCell, region: Region, others: Sequence[Region]) -> ast.stmt | None:
    """The first statement behind a region in its function that gives the solution away, or None:
    one that is never reached, or a result that is computed without it."""
    block = _block_around(cell, region)
    inside = [node for node in block if _within(cell, node, region)]
    after = [
        node
        for node in block
        if cell.offset(node) > region.end and not any(_within(cell, node, o) for o in others)
    ]
    if not inside or not after:
        return None
    if isinstance(inside[-1], (ast.Return, ast.Raise)):
        return next((node for node in after if not _gives_nothing(node)), None)
    return _computed_anew(inside, after)


def _block_around(cell: CodeCell, region: Region) -> Sequence[ast.stmt]:
    """The statements of the block in a function that a region's first line of code belongs to."""
    code = solution_start(cell.source, region)
    found: Sequence[ast.stmt] = ()
    block = [node for s in cell.statements for node in s.plain] if code >= 0 else []
    in_function = False
    while block:
        if in_function:
            found = block
        around = next((node for node in block if _holds(cell, node, code)), None)
        in_function = in_function or isinstance(around, _FUNCTIONS)
        blocks = [] if around is None else _blocks(around)
        block = next((each for each in blocks if any(_holds(cell, n, code) for n in each)), [])
    return found


def _holds(cell: CodeCell, node: ast.stmt, offset: int) -> bool:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    start = cell.offset(decorators[0]) - 1 if decorators else cell.offset(node)
    return start <= offset < cell.place(node)[1]


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The blocks of a compound statement."""
    for name in ("body", "orelse", "finalbody"):
        yield getattr(node, name, [])
    for name in ("handlers", "cases"):
        for each in getattr(node, name, ()):
            yield each.body


def _within(cell: CodeCell, node: ast.stmt, region: Region) -> bool:
    start, end = cell.place(node)
    return region.start <= start and end <= region.end


def _computed_anew(inside: Sequence[ast.stmt], after: Sequence[ast.stmt]) -> ast.stmt | None:
    """The first statement of a result that depends on nothing in the region."""
    touched = {name for node in inside for name in (*_bound(node), *_changed(node))}
    fresh: set[str] = set()
    first: ast.stmt | None = None
    for node in after:
        use = plain_name_use([node])
        read = use.reads | use.later
        if read & touched or not isinstance(node, (ast.Return, ast.Assign, ast.AnnAssign)):
            touched |= use.binds | set(_changed(node))
            continue
        computes = _computes(node) or bool(read & fresh)
        if not isinstance(node, ast.Return):
            fresh |= use.binds if computes else set()
            first = first or (node if computes else None)
        elif computes:
            return first or node
    return None


def _bound(node: ast.stmt) -> frozenset[str]:
    return plain_name_use([node]).binds


def _changed(node: ast.stmt) -> Iterator[str]:
    """Names of objects that a statement may change: `a.b = …`, `a[0] += …`, `a.add(…)`, `f(a)`."""
    for each in ast.walk(node):
        if isinstance(each, ast.Assign):
            for target in each.targets:
                yield from _root(target)
        elif isinstance(each, ast.AugAssign):
            yield from _root(each.target)
        elif isinstance(each, ast.Expr) and isinstance(each.value, ast.Call):
            yield from _root(each.value.func)
            for argument in (*each.value.args, *(key.value for key in each.value.keywords)):
                yield from _root(argument)


def _root(node: ast.expr) -> Iterator[str]:
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, (ast.Tuple, ast.List)):
        for element in node.elts:
            yield from _root(element)


def _gives_nothing(node: ast.stmt) -> bool:
    """`pass`, `...`, `return`, `return name`, `raise …`: leftovers that give nothing away."""
    if isinstance(node, (*_FUNCTIONS, ast.ClassDef, ast.Raise)):
        return True
    return not any(_blocks(node)) and not _computes(node)


def _computes(node: ast.stmt) -> bool:
    return any(isinstance(each, _DEEP) for each in ast.walk(node))
