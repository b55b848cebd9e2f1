"""What stands in the way of explicit models in the container class itself, and what of it stays."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst
from msgspec import Struct

from modfix.syntax.index import dotted_name

from ._chain import is_docstring, plain_body
from ._container_shape import Container
from ._moved_code import walk
from ._scopes import Parents, Place, parents_in

_SPECIAL = frozenset({"__slots__", "__getattr__", "__getattribute__", "__setattr__", "__new__"})
_CHANGES = frozenset(
    {"append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse", "__setitem__"}
)


class Obstacle(Struct, frozen=True):
    """A use that cannot be rewritten, and what the author can do about it."""

    place: Place
    message: str


def changes(parents: Parents, node: cst.CSTNode, *, rebinding: bool = True) -> bool:
    """Whether the list that a node stands for is changed (or, if `rebinding`, replaced)."""
    parent = parents[id(node)]
    above = parents.get(id(parent))
    targets = (cst.AssignTarget, cst.AugAssign, cst.AnnAssign, cst.Del)
    if isinstance(parent, cst.Attribute):
        return parent.attr.value in _CHANGES
    if isinstance(parent, cst.Subscript) and parent.value is node:
        return isinstance(above, targets) and getattr(above, "value", None) is not parent
    if isinstance(parent, cst.AugAssign):
        return parent.target is node
    if isinstance(parent, cst.Arg) and isinstance(above, cst.Call):
        return dotted_name(above.func).rpartition(".")[2] == "shuffle"
    if not rebinding:
        return False
    if isinstance(parent, cst.Element):
        return _unpacked(parents, parent)
    return isinstance(parent, targets) and getattr(parent, "value", None) is not node


def _unpacked(parents: Parents, node: cst.CSTNode) -> bool:
    """Whether an element is one of several targets: `a, model.layers = …`."""
    above: cst.CSTNode | None = node
    while (above := parents.get(id(above))) is not None:
        if not isinstance(above, (cst.Tuple, cst.List, cst.Element, cst.StarredElement)):
            return isinstance(above, cst.AssignTarget)
    return False


def dropped_spans(container: Container) -> Iterator[tuple[int, int]]:
    """The parts of the class that explicit models write anew."""
    cell, body = container.cell, container.node.body.body
    if body and is_docstring(body[0]):
        yield cell.span(body[0])
    for name in container.chains:
        yield cell.span(container.methods[name])
    init = container.methods["__init__"]
    kept = [cell.span(line) for line in kept_lines(container)]
    start, end = cell.span(init)
    for first, last in kept:
        yield start, first
        start = last
    yield start, end


def kept_lines(container: Container) -> list[cst.CSTNode]:
    """The statements of `__init__` beside the one that stores the layers."""
    store = container.store
    lines = plain_body(container.methods["__init__"])
    return [line for line in lines if store is None or line is not store.statement]


def own_obstacles(container: Container) -> Iterator[Obstacle]:
    """What the class itself does that explicit models could not do."""
    cell, node, name = container.cell, container.node, container.name
    at = cell.index, cell.span(node)[0]
    bases = [each for each in node.bases if dotted_name(each.value) != "object"]
    if bases or node.keywords or node.decorators:
        yield Obstacle(at, f"`{name}` has bases or decorators; write its models out by hand")
    if container.store is None or container.store.attribute.startswith("__"):
        yield Obstacle(at, f"`{name}` stores its layers in its own way; write its models by hand")
    passing = [m for n, m in container.methods.items() if n in ("forward", "__call__")]
    chained = [container.methods[n] for n in container.chains]
    for method in passing:
        if method not in chained and any(isinstance(n, cst.For) for n in walk(method)):
            text = f"`{name}.{method.name.value}` does more than chain layers; write it by hand"
            yield Obstacle((cell.index, cell.span(method)[0]), text)
    functions = [each for each in node.body.body if isinstance(each, cst.FunctionDef)]
    if len(functions) != len(container.methods) or not isinstance(node.body, cst.IndentedBlock):
        yield Obstacle(at, f"`{name}` defines a method twice; write its models out by hand")
    yield from _special_parts(container)


def _special_parts(container: Container) -> Iterator[Obstacle]:
    cell, name = container.cell, container.name
    parameter = container.parameter.name.value
    attribute = container.store.attribute if container.store else ""
    for node in walk(container.node):
        if isinstance(node, cst.Name) and node.value in _SPECIAL:
            text = f"`{name}` defines `{node.value}`; write its models out by hand"
            yield Obstacle((cell.index, cell.span(node)[0]), text)
        numbered = isinstance(node, cst.Attribute) and re.fullmatch(r"layer\d+", node.attr.value)
        if numbered or (isinstance(node, cst.Attribute) and _changed_in_class(node, container)):
            text = f"`{name}` changes `.{attribute}`, or has layers of its own; write it by hand"
            yield Obstacle((cell.index, cell.span(node)[0]), text)
    one_line = not isinstance(container.methods["__init__"].body, cst.IndentedBlock)
    for line in kept_lines(container):
        if one_line or any(isinstance(n, cst.Name) and n.value == parameter for n in walk(line)):
            text = f"`{name}.__init__` does more than store its layers; write its models by hand"
            yield Obstacle((cell.index, cell.span(line)[0]), text)


def _changed_in_class(node: cst.Attribute, container: Container) -> bool:
    """Whether `self.layers` is changed in the class, beside being stored."""
    store = container.store
    if store is None or node.attr.value != store.attribute:
        return False
    if any(each is node for each in walk(store.statement)):
        return False
    parents = parents_in(container.node)
    above = parents[id(node)]
    if isinstance(above, cst.Assign):  # another name for the same list
        names = {each.target.value for each in above.targets if isinstance(each.target, cst.Name)}
        same = [n for n in walk(container.node) if isinstance(n, cst.Name) and n.value in names]
        return any(changes(parents, each, rebinding=False) for each in same)
    return changes(parents, node)
