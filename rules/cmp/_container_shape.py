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

from ._chain import Chain, is_name, only_statement, plain_chain, roughly_chains

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
    attribute = store.attribute if store else ""
    found = {name: plain_chain(each, attribute) for name, each in passing.items()}
    chains = {name: chain for name, chain in found.items() if chain is not None}
    if node.name.value in names:
        fits = bool(chains) or any(roughly_chains(each) for each in passing.values())
    else:
        fits = starred and bool(chains) and store is not None
    words = {parameter.name.value, attribute}
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
        only = only_statement(line)
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
        if given.star or not is_name(given.value, parameter):
            return None
        return "list" if called == "list" else "tuple" if called == "tuple" else None
    if isinstance(value, (cst.List, cst.Tuple)) and len(value.elements) == 1:
        only = value.elements[0]
        if isinstance(only, cst.StarredElement) and is_name(only.value, parameter):
            return "list" if isinstance(value, cst.List) else "tuple"
    return None
