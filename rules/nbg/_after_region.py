"""What a function does after a solution region, and whether it depends on the solution."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from modfix.nbgrader.regions import Region
from modfix.rule import CodeCell
from modfix.syntax.plain_names import plain_name_use
from modfix.syntax.plain_nodes import dotted_name

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
# What stands above a region and gives no name to work with: texts, comments, the function's own.
_NO_NAMES = re.compile(
    r"\"\"\".*?\"\"\"|'''.*?'''|\"[^\"\n]*\"|'[^'\n]*'|#[^\n]*|\bdef\s+\w+", re.DOTALL
)


def leaking(cell: CodeCell, region: Region, others: Sequence[Region]) -> ast.stmt | None:
    """The first statement behind a region in its function that gives the solution away, or None:
    one that is never reached, a result that is computed without it, or one that is computed of
    names that only the region has."""
    blocks = _blocks_around(cell, region)
    block = blocks[-1] if blocks else ()
    inside = [node for node in block if _within(cell, node, region)]
    after = [
        node
        for each in reversed(blocks)
        for node in each[bisect_right(each, region.end, key=cell.offset) :]
        if not _in_one_of(cell, node, others)
    ]
    if not inside or not after:
        return None
    if isinstance(inside[-1], (ast.Return, ast.Raise)) and after[0] in block:
        return next((node for node in after if not _gives_nothing(node)), None)
    above = _NO_NAMES.sub("", cell.source[cell.offset(blocks[0][0]) : region.start])
    found = _computed_of_its_own(inside, after, above), _computed_anew(inside, after)
    return min(filter(None, found), key=cell.offset, default=None)


def _blocks_around(cell: CodeCell, region: Region) -> list[Sequence[ast.stmt]]:
    """The blocks around a region's first line of code, from the innermost function's on. The first
    one is that function itself."""
    code = solution_start(cell.source, region)
    found: list[Sequence[ast.stmt]] = []
    first = bisect_right(cell.statements, code, key=lambda s: s.start) - 1
    block = list(cell.statements[first].plain) if code >= 0 <= first else []
    while block:
        around = next((node for node in block if _holds(cell, node, code)), None)
        if isinstance(around, _FUNCTIONS):
            found = [(around,)]
        blocks = [] if around is None else _blocks(cell, around)
        block = next((each for each in blocks if each and _spans(cell, each, code)), [])
        if block and found:
            found.append(block)
    return found


def _holds(cell: CodeCell, node: ast.stmt, offset: int) -> bool:
    start, end = cell.place(node)
    return start <= offset < end


def _spans(cell: CodeCell, block: Sequence[ast.stmt], offset: int) -> bool:
    """Whether a block holds an offset, the decorators of its first statement too."""
    decorators: list[ast.expr] = getattr(block[0], "decorator_list", [])
    start = cell.offset(decorators[0]) - 1 if decorators else cell.offset(block[0])
    return start <= offset < cell.place(block[-1])[1]


def _blocks(cell: CodeCell, node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The blocks of a compound statement, those of its `elif`s too."""
    yield getattr(node, "body", [])
    last: list[ast.stmt] = getattr(node, "orelse", [])
    if isinstance(node, ast.If) and last and cell.source.startswith("elif", cell.offset(last[0])):
        yield from _blocks(cell, last[0])
    else:
        yield last
    yield getattr(node, "finalbody", [])
    for name in ("handlers", "cases"):
        for each in getattr(node, name, ()):
            yield each.body


def _in_one_of(cell: CodeCell, node: ast.stmt, regions: Sequence[Region]) -> bool:
    """Whether a statement lies in one of some regions, which are in order and apart."""
    number = bisect_right(regions, cell.offset(node), key=lambda region: region.start) - 1
    return number >= 0 and _within(cell, node, regions[number])


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
        told = read & touched or _reads_clock(node)
        if told or not isinstance(node, (ast.Return, ast.Assign, ast.AnnAssign)):
            touched |= use.binds | set(_changed(node))
            continue
        computes = _computes(node) or bool(read & fresh)
        if not isinstance(node, ast.Return):
            fresh |= use.binds if computes else set()
            first = first or (node if computes else None)
        elif computes:
            return first or node
    return None


def _reads_clock(node: ast.stmt) -> bool:
    """Whether a statement measures what the region took."""
    calls = (each for each in ast.walk(node) if isinstance(each, ast.Call))
    return any(dotted_name(each.func).rpartition(".")[2] in _CLOCKS for each in calls)


def _computed_of_its_own(
    inside: Sequence[ast.stmt], after: Sequence[ast.stmt], above: str
) -> ast.stmt | None:
    """The first statement that computes something of names that only the region binds: students
    see none of them above it, so that it is no frame to fill in."""
    own = {name for node in inside for name in _bound(node)}
    own = {name for name in own if not re.search(rf"\b{re.escape(name)}\b", above)}
    for node in after:
        if any(_computes_of(each, own) for each in _results(node)):
            return node
        use = plain_name_use([node])
        own |= use.binds if use.reads & own else set()
    return None


def _results(node: ast.stmt) -> Iterator[ast.AST]:
    """What the assignments and returns of a statement, and of those in it, come to."""
    for each in ast.walk(node):
        if isinstance(each, (ast.Return, ast.Assign, ast.AnnAssign)) and each.value is not None:
            yield each.value
        elif isinstance(each, ast.AugAssign):
            yield each


def _computes_of(root: ast.AST, own: set[str]) -> bool:
    deep = (each for each in ast.walk(root) if isinstance(each, (*_DEEP, ast.AugAssign)))
    return any(plain_name_use([each]).reads & own and not _only_wraps(each) for each in deep)


def _only_wraps(node: ast.AST) -> bool:
    """`float(np.squeeze(total))`, `round(mean, 2)`, `Tensor(data)`: what was computed, in another
    form."""
    if not isinstance(node, ast.Call):
        return False
    name = dotted_name(node.func).rpartition(".")[2]
    given = (*node.args, *(each.value for each in node.keywords))
    plain = (_is_plain(each) or _only_wraps(each) for each in given)
    return all(plain) and (name in _TYPES or name[:1].isupper())


def _is_plain(node: ast.expr) -> bool:
    return isinstance(node.value if isinstance(node, ast.Starred) else node, _ATOMS)


_CLOCKS = frozenset({"default_timer", "monotonic", "now", "perf_counter", "process_time", "time"})
_ATOMS = (ast.Name, ast.Constant)
_TYPES = frozenset({"array", "asarray", "bool", "dict", "float", "int", "list", "print", "set"}) | {
    "round",
    "squeeze",
    "str",
    "tuple",
}


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
    return not hasattr(node, "body") and not isinstance(node, ast.Match) and not _computes(node)


def _computes(node: ast.stmt) -> bool:
    return any(isinstance(each, _DEEP) for each in ast.walk(node))
