"""What runs with one node of a tree: its parts, in order, without what never runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import libcst as cst
from msgspec import Struct
from msgspec.structs import replace

from modfix.rule import CodeCell
from modfix.syntax.index import dotted_name, is_main_test
from modfix.syntax.names import children

from ._catching import CATCHING, STUBS, caught_names, escapes, expected_names, last_name
from ._dead_code import Values, alive, is_empty, leaves, truth


class Run(Struct, frozen=True):
    """A node that runs, and how.

    `outer` are the names of the module that the function around it reads (None: it stands at the
    top level); `caught` is the `try` or `with` that swallows what it raises, `stub` one that does
    so with the stub's NotImplementedError only; `sometimes` says that it stands under a condition;
    `site` is the node of the first cell that leads to it. `values` are the module's names that
    stand for a literal; `takes` says that a function around it takes arguments, which may be
    anything; `uncalled` are the functions in the definition around it that nothing calls.
    """

    node: cst.CSTNode
    cell: CodeCell
    site: cst.CSTNode
    outer: frozenset[str] | None = None
    caught: cst.CSTNode | None = None
    stub: cst.CSTNode | None = None
    sometimes: bool = False
    values: Values = {}
    takes: bool = False
    uncalled: frozenset[str] = frozenset()

    def names_module(self, name: str) -> bool:
        """Whether a name read here is the module's."""
        return self.outer is None or name in self.outer


def steps(run: Run) -> Iterator[Run]:
    """The parts of a node that run with it."""
    return _INNER.get(type(run.node), _generic)(run)


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


def _assert(run: Run) -> Iterator[Run]:
    """Of an assertion that is always true nothing counts; a tuple is told of by Python itself."""
    assert isinstance(run.node, cst.Assert)
    test = run.node.test
    if isinstance(test, cst.Tuple) or not truth(test, run.values):
        yield from _generic(run)


def _for(run: Run) -> Iterator[Run]:
    assert isinstance(run.node, cst.For)
    if is_empty(run.node.iter, run.values):
        yield replace(run, node=run.node.iter)
        if run.node.orelse is not None:
            yield replace(run, node=run.node.orelse)
        return
    yield from _targeted(run)


def _while(run: Run) -> Iterator[Run]:
    assert isinstance(run.node, cst.While)
    never = truth(run.node.test, run.values) is False
    yield from (each for each in _generic(run) if not (never and each.node is run.node.body))


def _comprehension(run: Run) -> Iterator[Run]:
    assert isinstance(run.node, cst.BaseComp)
    if is_empty(run.node.for_in.iter, run.values):
        yield replace(run, node=run.node.for_in.iter)
        return
    yield from _generic(run)


def _block(run: Run) -> Iterator[Run]:
    assert isinstance(run.node, cst.IndentedBlock)
    return (replace(run, node=each) for each in alive(run.node.body))


def _both(run: Run) -> Iterator[Run]:
    """`False and f()` and `True or f()` do not come to `f()`."""
    assert isinstance(run.node, cst.BooleanOperation)
    yield replace(run, node=run.node.left)
    decided = truth(run.node.left, run.values)
    if decided is None or decided is not isinstance(run.node.operator, cst.Or):
        yield replace(run, node=run.node.right)


def _choice(run: Run) -> Iterator[Run]:
    assert isinstance(run.node, cst.IfExp)
    yield replace(run, node=run.node.test)
    decided = truth(run.node.test, run.values)
    if decided is not False:
        yield replace(run, node=run.node.body)
    if decided is not True:
        yield replace(run, node=run.node.orelse)


def _with(run: Run) -> Iterator[Run]:
    assert isinstance(run.node, cst.With)
    inner = run
    for item in run.node.items:
        call = item.item
        if isinstance(call, cst.Call) and any(n in STUBS for n in expected_names(call)):
            inner = replace(inner, stub=inner.stub or run.node)
            continue
        yield replace(run, node=call)
        if isinstance(call, cst.Call) and dotted_name(call.func).endswith("suppress"):
            inner = _caught(inner, run.node, [last_name(argument.value) for argument in call.args])
    yield replace(inner, node=run.node.body)


def _try(run: Run) -> Iterator[Run]:
    assert isinstance(run.node, (cst.Try, cst.TryStar))
    inner = run
    for handler in run.node.handlers:
        if not escapes(handler.body):
            inner = _caught(inner, run.node, caught_names(handler))
    last = run.node.finalbody
    if last is not None and any(map(leaves, last.body.body)):
        inner = replace(inner, caught=inner.caught or run.node)
    yield replace(inner, node=run.node.body)
    for handler in run.node.handlers:
        yield replace(run, node=handler.body, sometimes=True)
    for part in (run.node.orelse, run.node.finalbody):
        if part is not None:
            yield replace(run, node=part.body)


def _caught(run: Run, node: cst.CSTNode, names: Sequence[str]) -> Run:
    if any(name in CATCHING for name in names):
        return replace(run, caught=run.caught or node)
    return replace(run, stub=run.stub or node) if any(n in STUBS for n in names) else run


def _if(run: Run) -> Iterator[Run]:
    assert isinstance(run.node, cst.If)
    yield replace(run, node=run.node.test)
    decided = truth(run.node.test, run.values)
    sometimes = run.sometimes or not is_main_test(run.node.test)
    if decided is not False:
        yield replace(run, node=run.node.body, sometimes=sometimes)
    if run.node.orelse is not None and decided is not True:
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
    if run.outer is not None and run.node.name.value not in run.uncalled:
        yield replace(run, node=run.node.body, sometimes=True)


def _class(run: Run) -> Iterator[Run]:
    assert isinstance(run.node, cst.ClassDef)
    for decorator in run.node.decorators:
        yield replace(run, node=decorator.decorator)
    yield replace(run, node=run.node.body)


def _lambda(run: Run) -> Iterator[Run]:
    assert isinstance(run.node, cst.Lambda)
    yield replace(run, node=run.node.body)


_INNER: dict[type[cst.CSTNode], Callable[[Run], Iterator[Run]]] = {
    cst.Attribute: _value,
    cst.Arg: _value,
    cst.AssignTarget: _target,
    cst.Assert: _assert,
    cst.For: _for,
    cst.While: _while,
    cst.ListComp: _comprehension,
    cst.SetComp: _comprehension,
    cst.DictComp: _comprehension,
    cst.GeneratorExp: _comprehension,
    cst.IndentedBlock: _block,
    cst.BooleanOperation: _both,
    cst.IfExp: _choice,
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
