"""What runs when a cell runs: its own code, and that of the module's functions that it names.

A function counts as called where its name is read, so that `for test in [test_a, test_b]: test()`
and `run(test_a)` call what they mean to. Nothing is evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import libcst as cst
from msgspec import Struct
from msgspec.structs import replace

from modfix.rule import CodeCell, Module, Statement
from modfix.syntax.index import dotted_name, is_main_test
from modfix.syntax.nodes import children

from ._catching import CATCHING, STUB, caught_names, escapes, last_name

_TOLD = (cst.Assert, cst.Raise, cst.Call, cst.Name)


class Run(Struct, frozen=True):
    """A node that runs, and how.

    `outer` are the names of the module that the function around it reads (None: it stands at the
    top level); `caught` is the `try` or `with` that swallows what it raises, `stub` one that does
    so with the stub's NotImplementedError only; `sometimes` says that it stands under a condition;
    `site` is the node of the first cell that leads to it.
    """

    node: cst.CSTNode
    cell: CodeCell
    site: cst.CSTNode
    outer: frozenset[str] | None = None
    caught: cst.CSTNode | None = None
    stub: cst.CSTNode | None = None
    sometimes: bool = False

    def names_module(self, name: str) -> bool:
        """Whether a name read here is the module's."""
        return self.outer is None or name in self.outer


def executed(module: Module, cell: CodeCell, enters: Callable[[Statement], bool]) -> Iterator[Run]:
    """The asserts, raises, calls and reads of names that run with a cell, in order.

    `enters` says of a function or class that the code names whether to follow it.
    """
    seen: set[tuple[int, bool, bool]] = set()
    stack = [Run(s.node, cell, s.node) for s in reversed(cell.statements)]
    while stack:
        run = stack.pop()
        if isinstance(run.node, _TOLD):
            yield run
        inner = list(_INNER.get(type(run.node), _generic)(run))
        if isinstance(run.node, cst.Name) and run.names_module(run.node.value):
            inner += _entered(module, run, enters, seen)
        stack.extend(reversed(inner))


def _entered(
    module: Module,
    run: Run,
    enters: Callable[[Statement], bool],
    seen: set[tuple[int, bool, bool]],
) -> Iterator[Run]:
    assert isinstance(run.node, cst.Name)
    found = definition_before(module, run.node.value, run.cell.index)
    if found is None or not enters(found):
        return
    key = (id(found.node), run.caught is not None, run.stub is not None)
    if key in seen:
        return
    seen.add(key)
    outer = found.reads | found.later
    body = found.node.body  # type: ignore[attr-defined]  # FunctionDef or ClassDef
    cell = module.cell(found.cell)
    yield replace(run, node=body, cell=cell, outer=outer)


def definition_before(module: Module, name: str, cell: int) -> Statement | None:
    """The function or class that a name stands for in a cell, or None where it is anything else."""
    every = module.definitions.get(name, ())
    before = [s for s in every if s.cell <= cell] or list(every)
    last = before[-1] if before else None
    return last if last is not None and last.name == name else None


def _generic(run: Run) -> Iterator[Run]:
    return (replace(run, node=child) for child in children(run.node))


def _nothing(run: Run) -> Iterator[Run]:
    return iter(())


def _value(run: Run) -> Iterator[Run]:
    yield replace(run, node=run.node.value)  # type: ignore[attr-defined]


def _target(run: Run) -> Iterator[Run]:
    """An assignment's target: a name is bound there, not read."""
    stack = [run.node.target]  # type: ignore[attr-defined]
    while stack:
        node = stack.pop()
        if isinstance(node, (cst.Tuple, cst.List)):
            stack += [element.value for element in node.elements]
        elif isinstance(node, (cst.Attribute, cst.Subscript)):
            yield replace(run, node=node)


def _targeted(run: Run) -> Iterator[Run]:
    """For, AnnAssign, a comprehension's `for`, `:=`: a target and other parts."""
    yield from _target(run)
    target = run.node.target  # type: ignore[attr-defined]
    for child in children(run.node):
        if child is not target and not isinstance(child, cst.Annotation):
            yield replace(run, node=child)


def _with(run: Run) -> Iterator[Run]:
    assert isinstance(run.node, cst.With)
    inner = run
    for item in run.node.items:
        yield replace(run, node=item.item)
        call = item.item
        if isinstance(call, cst.Call) and dotted_name(call.func).endswith("suppress"):
            inner = _caught(inner, run.node, [last_name(argument.value) for argument in call.args])
    yield replace(inner, node=run.node.body)


def _try(run: Run) -> Iterator[Run]:
    assert isinstance(run.node, (cst.Try, cst.TryStar))
    inner = run
    for handler in run.node.handlers:
        if not escapes(handler.body):
            inner = _caught(inner, run.node, caught_names(handler))
    yield replace(inner, node=run.node.body)
    for handler in run.node.handlers:
        yield replace(run, node=handler.body, sometimes=True)
    for part in (run.node.orelse, run.node.finalbody):
        if part is not None:
            yield replace(run, node=part.body)


def _caught(run: Run, node: cst.CSTNode, names: Sequence[str]) -> Run:
    if any(name in CATCHING for name in names):
        return replace(run, caught=run.caught or node)
    return replace(run, stub=run.stub or node) if STUB in names else run


def _if(run: Run) -> Iterator[Run]:
    assert isinstance(run.node, cst.If)
    yield replace(run, node=run.node.test)
    sometimes = run.sometimes or not is_main_test(run.node.test)
    yield replace(run, node=run.node.body, sometimes=sometimes)
    if run.node.orelse is not None:
        yield replace(run, node=run.node.orelse, sometimes=True)


def _function(run: Run) -> Iterator[Run]:
    """A definition runs its decorators and defaults; one inside of a function may be called."""
    assert isinstance(run.node, cst.FunctionDef)
    for decorator in run.node.decorators:
        yield replace(run, node=decorator.decorator)
    params = run.node.params
    for param in (*params.posonly_params, *params.params, *params.kwonly_params):
        if param.default is not None:
            yield replace(run, node=param.default)
    if run.outer is not None:
        yield replace(run, node=run.node.body, sometimes=True)


def _class(run: Run) -> Iterator[Run]:
    assert isinstance(run.node, cst.ClassDef)
    for decorator in run.node.decorators:
        yield replace(run, node=decorator.decorator)
    yield replace(run, node=run.node.body)


def _lambda(run: Run) -> Iterator[Run]:
    assert isinstance(run.node, cst.Lambda)
    yield replace(run, node=run.node.body)


def _as_name(run: Run) -> Iterator[Run]:
    return iter(())


_INNER: dict[type[cst.CSTNode], Callable[[Run], Iterator[Run]]] = {
    cst.Attribute: _value,
    cst.Arg: _value,
    cst.AssignTarget: _target,
    cst.For: _targeted,
    cst.AnnAssign: _targeted,
    cst.CompFor: _targeted,
    cst.NamedExpr: _targeted,
    cst.With: _with,
    cst.Try: _try,
    cst.TryStar: _try,
    cst.If: _if,
    cst.FunctionDef: _function,
    cst.ClassDef: _class,
    cst.Lambda: _lambda,
    cst.Import: _nothing,
    cst.ImportFrom: _nothing,
    cst.Global: _nothing,
    cst.Nonlocal: _nothing,
}
