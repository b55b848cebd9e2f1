"""What runs when a cell runs: its own code, and that of the module's functions that it names.

A function counts as called where its name is read, so that `for test in [test_a, test_b]: test()`
and `run(test_a)` call what they mean to. Nothing is evaluated.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from modfix.rule import CodeCell, Module, Statement
from modfix.syntax.plain_nodes import children, dotted_name
from modfix.syntax.reading import is_main_test

from ._catching import CATCHING, STUB, caught_names, escapes, last_name

_TOLD = (ast.Assert, ast.Raise, ast.Call, ast.Name)


class Run(Struct, frozen=True):
    """A node that runs, and how.

    `outer` are the names of the module that the function around it reads (None: it stands at the
    top level); `caught` is the `try` or `with` that swallows what it raises, `stub` one that does
    so with the stub's NotImplementedError only; `sometimes` says that it stands under a condition;
    `site` is the statement of the first cell that leads to it.
    """

    node: ast.AST
    cell: CodeCell
    site: Statement
    outer: frozenset[str] | None = None
    caught: ast.stmt | None = None
    stub: ast.stmt | None = None
    sometimes: bool = False

    def names_module(self, name: str) -> bool:
        """Whether a name read here is the module's."""
        return self.outer is None or name in self.outer


def executed(module: Module, cell: CodeCell, enters: Callable[[Statement], bool]) -> Iterator[Run]:
    """The asserts, raises, calls and reads of names that run with a cell, in order.

    `enters` says of a function or class that the code names whether to follow it.
    """
    seen: set[tuple[int, bool, bool]] = set()
    for site in cell.statements:
        stack = [Run(node, cell, site) for node in reversed(site.plain)]
        while stack:
            run = stack.pop()
            if isinstance(run.node, _TOLD):
                yield run
            inner = list(_INNER.get(type(run.node), _generic)(run, run.node))
            if isinstance(run.node, ast.Name) and run.names_module(run.node.id):
                inner += _entered(module, run, run.node.id, enters, seen)
            stack.extend(reversed(inner))


def _entered(
    module: Module,
    run: Run,
    name: str,
    enters: Callable[[Statement], bool],
    seen: set[tuple[int, bool, bool]],
) -> Iterator[Run]:
    found = definition_before(module, name, run.cell.index)
    if found is None or not enters(found):
        return
    definition: Any = found.plain[0]  # of a function or a class
    key = (id(definition), run.caught is not None, run.stub is not None)
    if key in seen:
        return
    seen.add(key)
    cell, outer = module.cell(found.cell), found.reads | found.later
    for node in definition.body:
        yield replace(run, node=node, cell=cell, outer=outer)


def definition_before(module: Module, name: str, cell: int) -> Statement | None:
    """The function or class that a name stands for in a cell, or None where it is anything else."""
    every = module.definitions.get(name, ())
    before = [s for s in every if s.cell <= cell] or list(every)
    last = before[-1] if before else None
    return last if last is not None and last.name == name else None


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
    """For, AnnAssign, a comprehension's `for`, `:=`: a target and other parts."""
    yield from _target(run, node.target)
    left_out = node.target, getattr(node, "annotation", None)
    yield from _each(run, (each for each in children(node) if each not in left_out))


def _with(run: Run, node: ast.With | ast.AsyncWith) -> Iterator[Run]:
    inner = run
    for item in node.items:
        call = item.context_expr
        yield replace(run, node=call)
        if isinstance(call, ast.Call) and dotted_name(call.func).endswith("suppress"):
            inner = _caught(inner, node, [last_name(argument) for argument in call.args])
    yield from _each(inner, node.body)


def _try(run: Run, node: ast.Try | ast.TryStar) -> Iterator[Run]:
    inner = run
    for handler in node.handlers:
        if not escapes(handler.body):
            inner = _caught(inner, node, caught_names(handler))
    yield from _each(inner, node.body)
    for handler in node.handlers:
        yield from _each(replace(run, sometimes=True), handler.body)
    yield from _each(run, (*node.orelse, *node.finalbody))


def _caught(run: Run, node: ast.stmt, names: Sequence[str]) -> Run:
    if any(name in CATCHING for name in names):
        return replace(run, caught=run.caught or node)
    return replace(run, stub=run.stub or node) if STUB in names else run


def _if(run: Run, node: ast.If) -> Iterator[Run]:
    yield replace(run, node=node.test)
    sometimes = run.sometimes or not is_main_test(node.test)
    yield from _each(replace(run, sometimes=sometimes), node.body)
    yield from _each(replace(run, sometimes=True), node.orelse)


def _function(run: Run, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Run]:
    """A definition runs its decorators and defaults; one inside of a function may be called."""
    yield from _each(run, (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults))
    if run.outer is not None:
        yield from _each(replace(run, sometimes=True), node.body)


def _class(run: Run, node: ast.ClassDef) -> Iterator[Run]:
    return _each(run, (*node.decorator_list, *node.body))


def _lambda(run: Run, node: ast.Lambda) -> Iterator[Run]:
    yield replace(run, node=node.body)


_INNER: dict[type[ast.AST], Callable[[Run, Any], Iterator[Run]]] = {
    ast.Assign: _assign,
    ast.For: _targeted,
    ast.AsyncFor: _targeted,
    ast.AnnAssign: _targeted,
    ast.comprehension: _targeted,
    ast.NamedExpr: _targeted,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.If: _if,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Lambda: _lambda,
    ast.Import: _nothing,
    ast.ImportFrom: _nothing,
}
