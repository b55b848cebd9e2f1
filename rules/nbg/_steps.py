"""What runs with one node of a tree: its parts, in order, without what never runs."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from modfix.rule import CodeCell, Statement
from modfix.syntax.plain_nodes import children, dotted_name
from modfix.syntax.reading import is_main_test

from ._catching import CATCHING, STUBS, caught_names, escapes, expected_names, last_name
from ._dead_code import Values, alive, is_empty, leaves, truth


class Run(Struct, frozen=True):
    """A node that runs, and how.

    `outer` are the names of the module that the function around it reads (None: it stands at the
    top level); `caught` is the `try` or `with` that swallows what it raises, `stub` one that does
    so with the stub's NotImplementedError only; `sometimes` says that it stands under a condition;
    `site` is the statement of the first cell that leads to it. `values` are the module's names
    that stand for a literal; `takes` says that a function around it takes arguments, which may be
    anything; `uncalled` are the functions in the definition around it that nothing calls.
    """

    node: ast.AST
    cell: CodeCell
    site: Statement
    outer: frozenset[str] | None = None
    caught: ast.stmt | None = None
    stub: ast.stmt | None = None
    sometimes: bool = False
    values: Values = {}
    takes: bool = False
    uncalled: frozenset[str] = frozenset()

    def names_module(self, name: str) -> bool:
        """Whether a name read here is the module's."""
        return self.outer is None or name in self.outer


def steps(run: Run) -> Iterator[Run]:
    """The parts of a node that run with it."""
    return _INNER.get(type(run.node), _generic)(run, run.node)


def _each(run: Run, nodes: Iterable[ast.AST | None]) -> Iterator[Run]:
    return (replace(run, node=node) for node in nodes if node is not None)


def _generic(run: Run, node: ast.AST) -> Iterator[Run]:
    return _each(run, children(node))


def _nothing(run: Run, node: ast.AST) -> Iterator[Run]:
    return iter(())


def _target(run: Run, target: ast.expr) -> Iterator[Run]:
    """An assignment's target: a name is bound there, not read."""
    stack = [target]
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Tuple, ast.List)):
            stack += node.elts
        elif isinstance(node, ast.Starred):
            stack.append(node.value)
        elif isinstance(node, (ast.Attribute, ast.Subscript)):
            yield replace(run, node=node)


def _assign(run: Run, node: ast.Assign) -> Iterator[Run]:
    for target in node.targets:
        yield from _target(run, target)
    yield replace(run, node=node.value)


def _targeted(run: Run, node: Any) -> Iterator[Run]:
    """AnnAssign, a comprehension's `for`, `:=`: a target and other parts."""
    yield from _target(run, node.target)
    left_out = node.target, getattr(node, "annotation", None)
    yield from _each(run, (each for each in children(node) if each not in left_out))


def _assert(run: Run, node: ast.Assert) -> Iterator[Run]:
    """Of an assertion that is always true nothing counts; a tuple is told of by Python itself."""
    if isinstance(node.test, ast.Tuple) or not truth(node.test, run.values):
        yield from _generic(run, node)


def _for(run: Run, node: ast.For | ast.AsyncFor) -> Iterator[Run]:
    never = is_empty(node.iter, run.values)
    if not never:
        yield from _target(run, node.target)
    yield replace(run, node=node.iter)
    if not never:
        yield from _each(run, alive(node.body))
    yield from _each(run, alive(node.orelse))


def _while(run: Run, node: ast.While) -> Iterator[Run]:
    yield replace(run, node=node.test)
    if truth(node.test, run.values) is not False:
        yield from _each(run, alive(node.body))
    yield from _each(run, alive(node.orelse))


def _comprehension(run: Run, node: Any) -> Iterator[Run]:
    first = node.generators[0].iter
    yield from (replace(run, node=first),) if is_empty(first, run.values) else _generic(run, node)


def _both(run: Run, node: ast.BoolOp) -> Iterator[Run]:
    """`False and f()` and `True or f()` do not come to `f()`."""
    decides = isinstance(node.op, ast.Or)
    for each in node.values:
        yield replace(run, node=each)
        if truth(each, run.values) is decides:
            return


def _choice(run: Run, node: ast.IfExp) -> Iterator[Run]:
    yield replace(run, node=node.test)
    decided = truth(node.test, run.values)
    if decided is not False:
        yield replace(run, node=node.body)
    if decided is not True:
        yield replace(run, node=node.orelse)


def _with(run: Run, node: ast.With | ast.AsyncWith) -> Iterator[Run]:
    inner = run
    for item in node.items:
        call = item.context_expr
        if isinstance(call, ast.Call) and any(n in STUBS for n in expected_names(call)):
            inner = replace(inner, stub=inner.stub or node)
            continue
        yield replace(run, node=call)
        if isinstance(call, ast.Call) and dotted_name(call.func).endswith("suppress"):
            inner = _caught(inner, node, [last_name(argument) for argument in call.args])
    yield from _each(inner, alive(node.body))


def _try(run: Run, node: ast.Try | ast.TryStar) -> Iterator[Run]:
    inner = run
    for handler in node.handlers:
        if not escapes(handler.body):
            inner = _caught(inner, node, caught_names(handler))
    if any(map(leaves, node.finalbody)):
        inner = replace(inner, caught=inner.caught or node)
    yield from _each(inner, alive(node.body))
    for handler in node.handlers:
        yield from _each(replace(run, sometimes=True), alive(handler.body))
    yield from _each(run, alive(node.orelse))
    yield from _each(run, alive(node.finalbody))


def _caught(run: Run, node: ast.stmt, names: Sequence[str]) -> Run:
    if any(name in CATCHING for name in names):
        return replace(run, caught=run.caught or node)
    return replace(run, stub=run.stub or node) if any(n in STUBS for n in names) else run


def _if(run: Run, node: ast.If) -> Iterator[Run]:
    yield replace(run, node=node.test)
    decided = truth(node.test, run.values)
    sometimes = run.sometimes or not is_main_test(node.test)
    if decided is not False:
        yield from _each(replace(run, sometimes=sometimes), alive(node.body))
    if decided is not True:
        yield from _each(replace(run, sometimes=True), alive(node.orelse))


def _function(run: Run, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Run]:
    """A definition runs its decorators and defaults; one inside of a function may be called."""
    yield from _each(run, (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults))
    if run.outer is not None and node.name not in run.uncalled:
        yield from _each(replace(run, sometimes=True), alive(node.body))


def _class(run: Run, node: ast.ClassDef) -> Iterator[Run]:
    return _each(run, (*node.decorator_list, *node.body))


def _lambda(run: Run, node: ast.Lambda) -> Iterator[Run]:
    yield replace(run, node=node.body)


def _case(run: Run, node: ast.match_case) -> Iterator[Run]:
    yield from _each(run, (node.pattern, node.guard))
    yield from _each(run, alive(node.body))


_INNER: dict[type[ast.AST], Callable[[Run, Any], Iterator[Run]]] = {
    ast.Assign: _assign,
    ast.Assert: _assert,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.BoolOp: _both,
    ast.IfExp: _choice,
    ast.AnnAssign: _targeted,
    ast.comprehension: _targeted,
    ast.NamedExpr: _targeted,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.If: _if,
    ast.match_case: _case,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Lambda: _lambda,
    ast.Import: _nothing,
    ast.ImportFrom: _nothing,
}
