"""What a container class looks like: it stores its `*layers` and chains them in a loop.

Two measures: under a name that the standard forbids a class that roughly does so is a container;
under any other name it must do exactly that, and say that it is about layers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import libcst as cst

from modfix.rule import CodeCell, Module, Statement
from modfix.syntax.index import dotted_name

from ._moved_code import walk

StoredAs = Literal["list", "tuple", "as is"]
_LAYER_WORDS = frozenset({"layers", "_layers", "modules", "blocks", "submodules", "sublayers"})
_LAYER_METHODS = frozenset({"forward", "parameters"})
_PASSING = ("forward", "__call__")
_MISSING = frozenset({"ImportError", "ModuleNotFoundError"})


@dataclass(frozen=True)
class Store:
    """The statement of `__init__` that keeps the layers in an attribute."""

    statement: cst.CSTNode
    attribute: str
    kind: StoredAs


@dataclass(frozen=True)
class Chain:
    """The loop in which a method hands its input from layer to layer.

    `layer` is the variable of the loop, `data` the one that is handed on; `step` is what one layer
    does, `test` and `other` are there where it depends (`step if test else other`).
    """

    before: tuple[cst.SimpleStatementLine, ...]
    layer: str
    data: str
    step: cst.Call
    test: cst.BaseExpression | None = None
    other: cst.Call | None = None


@dataclass(frozen=True)
class Container:
    """A container class; `statement` is the class or the guarded import that holds it.

    `store` and the chain of a method are None where they do more than the plain shape.
    """

    cell: CodeCell
    statement: Statement
    node: cst.ClassDef
    parameter: cst.Param
    starred: bool
    store: Store | None
    methods: Mapping[str, cst.FunctionDef]
    chains: Mapping[str, Chain]

    @property
    def name(self) -> str:
        """The name of the class."""
        return self.node.name.value

    @property
    def guarded(self) -> bool:
        """Whether it is the fallback of an import."""
        return self.statement.node is not self.node

    @property
    def indent(self) -> str:
        """The indentation of the line of the class."""
        start, _ = self.cell.span(self.node)
        before = self.cell.source[:start]
        return before[before.rfind("\n") + 1 :] if self.guarded else ""


def containers(module: Module, names: Collection[str], *, guarded: bool) -> Iterator[Container]:
    """The containers at the top level of the cells; also the fallbacks of imports if `guarded`."""
    for statement in module.statements:
        if not _may_hold_container(module, statement):
            continue
        node = statement.node
        if guarded and isinstance(node, cst.Try):
            node = _fallback(node) or node
        if not isinstance(node, cst.ClassDef):
            continue
        found = _container(module.cell(statement.cell), statement, node, names)
        if found is not None:
            yield found


def _may_hold_container(module: Module, statement: Statement) -> bool:
    """Whether the text of a statement has a class with a constructor and a loop in it."""
    if statement.kind not in ("class", "block"):
        return False
    text = module.cell(statement.cell).source[statement.start : statement.end]
    return "class " in text and "def __init__" in text and "for " in text


def _fallback(node: cst.Try) -> cst.ClassDef | None:
    """The class of `try: from … import Name` / `except ImportError: class Name`, nothing more."""
    if len(node.handlers) != 1 or node.orelse or node.finalbody or len(node.body.body) != 1:
        return None
    handler, line = node.handlers[0], node.body.body[0]
    kind = handler.type.value if isinstance(handler.type, cst.Name) else ""
    only = handler.body.body[0] if len(handler.body.body) == 1 else None
    if kind not in _MISSING or not isinstance(only, cst.ClassDef):
        return None
    return only if isinstance(line, cst.SimpleStatementLine) and _imports(line, only) else None


def _imports(line: cst.SimpleStatementLine, defined: cst.ClassDef) -> bool:
    first = line.body[0]
    if len(line.body) != 1 or not isinstance(first, cst.ImportFrom):
        return False
    if isinstance(first.names, cst.ImportStar) or len(first.names) != 1:
        return False
    alias = first.names[0]
    bound = alias.asname.name if alias.asname else alias.name
    return isinstance(bound, cst.Name) and bound.value == defined.name.value


def _container(
    cell: CodeCell, statement: Statement, node: cst.ClassDef, names: Collection[str]
) -> Container | None:
    methods = {
        each.name.value: each for each in node.body.body if isinstance(each, cst.FunctionDef)
    }
    init = methods.get("__init__")
    stored = None if init is None else _stored_parameter(init)
    if init is None or stored is None:
        return None
    parameter, starred = stored
    store = _store(init, parameter.name.value)
    passing = {name: each for name, each in methods.items() if name in _PASSING}
    found = {name: _chain(each, store.attribute if store else "") for name, each in passing.items()}
    chains = {name: chain for name, chain in found.items() if chain is not None}
    if node.name.value in names:
        fits = bool(chains) or any(_roughly_chains(each) for each in passing.values())
    else:
        fits = starred and bool(chains) and store is not None
    words = {parameter.name.value, store.attribute if store else ""}
    if not fits or not (_LAYER_WORDS & words or _LAYER_METHODS & methods.keys()):
        return None  # functions called in a row, say, but nothing about layers
    return Container(cell, statement, node, parameter, starred, store, methods, chains)


def _stored_parameter(init: cst.FunctionDef) -> tuple[cst.Param, bool] | None:
    """The parameter of `__init__` that takes the layers, and whether it is `*layers`."""
    params = init.params
    if len(params.posonly_params) or params.star_kwarg or params.kwonly_params:
        return None
    if isinstance(params.star_arg, cst.Param) and len(params.params) == 1:
        return params.star_arg, True
    if len(params.params) == 2 and params.star_arg is cst.MaybeSentinel.DEFAULT:
        return params.params[1], False
    return None


def _store(init: cst.FunctionDef, parameter: str) -> Store | None:
    """The one statement directly in `__init__` that keeps the parameter in an attribute."""
    for line in init.body.body:
        only = _only(line)
        if isinstance(only, (cst.Assign, cst.AnnAssign)) and only.value is not None:
            target = only.target if isinstance(only, cst.AnnAssign) else only.targets[0].target
            path, kind = dotted_name(target), _stored_as(only.value, parameter)
            if path.startswith("self.") and path.count(".") == 1 and kind is not None:
                return Store(line, path.removeprefix("self."), kind)
    return None


def _stored_as(value: cst.BaseExpression, parameter: str) -> StoredAs | None:
    if isinstance(value, cst.Name) and value.value == parameter:
        return "as is"
    if isinstance(value, cst.Call) and len(value.args) == 1:
        given, called = value.args[0], dotted_name(value.func)
        if given.star or not _is_name(given.value, parameter):
            return None
        return "list" if called == "list" else "tuple" if called == "tuple" else None
    if isinstance(value, (cst.List, cst.Tuple)) and len(value.elements) == 1:
        only = value.elements[0]
        if isinstance(only, cst.StarredElement) and _is_name(only.value, parameter):
            return "list" if isinstance(value, cst.List) else "tuple"
    return None


def _only(line: cst.CSTNode) -> cst.CSTNode | None:
    """The one small statement of a line, also where it stands behind a colon."""
    if isinstance(line, cst.BaseSmallStatement):
        return line
    if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1:
        return line.body[0]
    return None


def _is_name(node: cst.CSTNode, name: str) -> bool:
    return isinstance(node, cst.Name) and node.value == name


def _chain(method: cst.FunctionDef, attribute: str) -> Chain | None:
    """The plain chain: `for layer in self.layers: x = …`, then `return x`, nothing else."""
    body = plain_body(method)
    if method.decorators or method.asynchronous or len(body) < 2:
        return None
    if not isinstance(body[-2], cst.For):
        return None
    *before, loop, last = body
    assert isinstance(loop, cst.For)
    if loop.orelse or loop.asynchronous or dotted_name(loop.iter) != f"self.{attribute}":
        return None
    if not isinstance(loop.target, cst.Name) or len(loop.body.body) != 1:
        return None
    layer, only = loop.target.value, loop.body.body[0]
    found = _branch(only) if isinstance(only, cst.If) else _assignment(only)
    copies = [_copied(line) for line in before]
    if found is None or layer == found[0] or not _returns(last, found[0]) or len(copies) > 1:
        return None
    given = {param.name.value for param in method.params.params[1:]}
    if not set(copies or [(found[0], found[0])]) <= {(found[0], name) for name in given}:
        return None
    step, test, other = _parts(found[1], found[2])
    if step is None or not _hands_on(step, layer, found[0]):
        return None
    if test is not None and (other is None or not _hands_on(other, layer, found[0])):
        return None
    lines = tuple(line for line in before if isinstance(line, cst.SimpleStatementLine))
    return Chain(lines, layer, found[0], step, test, other)


Assigned = tuple[str, cst.BaseExpression, "tuple[cst.BaseExpression, cst.BaseExpression] | None"]


def _assignment(line: cst.CSTNode) -> Assigned | None:
    """Target and value of a line that is one assignment to one name."""
    only = _only(line)
    if not isinstance(only, cst.Assign) or len(only.targets) != 1:
        return None
    target = only.targets[0].target
    return (target.value, only.value, None) if isinstance(target, cst.Name) else None


def _branch(node: cst.If) -> Assigned | None:
    """`if test: x = a` / `else: x = b`, read as `x = a if test else b`."""
    orelse = node.orelse
    if not isinstance(orelse, cst.Else) or len(node.body.body) != 1 or len(orelse.body.body) != 1:
        return None
    yes, no = _assignment(node.body.body[0]), _assignment(orelse.body.body[0])
    if yes is None or no is None or yes[0] != no[0]:
        return None
    return yes[0], yes[1], (node.test, no[1])


def _parts(
    value: cst.BaseExpression, rest: tuple[cst.BaseExpression, cst.BaseExpression] | None
) -> tuple[cst.Call | None, cst.BaseExpression | None, cst.Call | None]:
    if rest is None and isinstance(value, cst.IfExp):
        whole = value
        value, rest = whole.body, (whole.test, whole.orelse)
    step = value if isinstance(value, cst.Call) else None
    if rest is None:
        return step, None, None
    return step, rest[0], rest[1] if isinstance(rest[1], cst.Call) else None


def _hands_on(call: cst.Call, layer: str, data: str) -> bool:
    """Whether a call is `layer(x)` or `layer.forward(x)`."""
    if dotted_name(call.func) not in (layer, f"{layer}.forward") or len(call.args) != 1:
        return False
    only = call.args[0]
    return not only.star and only.keyword is None and _is_name(only.value, data)


def _copied(line: cst.CSTNode) -> tuple[str, str]:
    found = _assignment(line)
    if found is None or not isinstance(found[1], cst.Name):
        return "", ""
    return found[0], found[1].value


def _returns(line: cst.CSTNode, name: str) -> bool:
    only = _only(line)
    return isinstance(only, cst.Return) and only.value is not None and _is_name(only.value, name)


def _roughly_chains(method: cst.FunctionDef) -> bool:
    """Whether some loop calls its own variable with a variable that it sets."""
    for loop in walk(method):
        if not isinstance(loop, cst.For):
            continue
        own = {node.value for node in walk(loop.target) if isinstance(node, cst.Name)}
        for node in walk(loop.body):
            found = _target_and_value(node)
            if found is not None and _calls_own(found[1], own, found[0]):
                return True
    return False


def _target_and_value(node: cst.CSTNode) -> tuple[str, cst.BaseExpression] | None:
    if not isinstance(node, cst.Assign) or len(node.targets) != 1:
        return None
    target = node.targets[0].target
    return (target.value, node.value) if isinstance(target, cst.Name) else None


def _calls_own(value: cst.BaseExpression, own: set[str], data: str) -> bool:
    calls = [node for node in walk(value) if isinstance(node, cst.Call)]
    return any(
        dotted_name(call.func).partition(".")[0] in own and _is_name(arg.value, data)
        for call in calls
        for arg in call.args
    )


def plain_body(method: cst.FunctionDef) -> list[cst.CSTNode]:
    """The statements of a method without its docstring."""
    body: list[cst.CSTNode] = list(method.body.body)
    return body[1:] if body and is_docstring(body[0]) else body


def is_docstring(line: cst.CSTNode) -> bool:
    """Whether a statement is a string and nothing else."""
    only = _only(line)
    return isinstance(only, cst.Expr) and isinstance(
        only.value, (cst.SimpleString, cst.ConcatenatedString)
    )
