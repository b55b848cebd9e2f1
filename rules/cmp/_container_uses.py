"""Every use of a container class: the calls that can be rewritten, and what stands in the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from modfix.rule import CodeCell, Module
from modfix.syntax.index import dotted_name
from modfix.syntax.spans import node_spans

from ._container_shape import Container, is_docstring, plain_body
from ._docstring_examples import docstring_texts, unreadable_examples
from ._layer_counts import MOST, Elements, LayerCounts
from ._moved_code import walk
from ._scopes import Mention, Parents, Place, Scopes, Text, parents_in

_BY_NAME = frozenset({"getattr", "setattr", "hasattr", "delattr"})
_SPECIAL = frozenset({"__slots__", "__getattr__", "__getattribute__", "__setattr__", "__new__"})
_CHANGES = frozenset(
    {"append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse", "__setitem__"}
)


@dataclass(frozen=True)
class Site:
    """A call of the container, and the layers that it hands over."""

    mention: Mention
    call: cst.Call
    layers: Elements


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A use that cannot be rewritten, and what the author can do about it."""

    place: Place
    message: str


@dataclass(frozen=True)
class Uses:
    """All uses of a container; `reads_layers` says that its attribute is read from outside."""

    scopes: Scopes
    sites: tuple[Site, ...]
    obstacles: tuple[Obstacle, ...]
    reads_layers: bool


def find_uses(module: Module, container: Container) -> Uses:
    """Look through all code cells of a module, docstring examples included."""
    scopes = Scopes(_texts(module))
    search = _Search(module, container, scopes)
    obstacles = sorted(set(search.obstacles()), key=lambda each: each.place)
    return Uses(scopes, tuple(search.sites), tuple(obstacles), search.reads_layers)


def _texts(module: Module) -> Iterator[Text]:
    seen: set[int] = set()
    for cell in module.cells:
        if cell.tree is None:
            continue
        yield _cell_text(cell, copied=id(cell.tree) in seen)
        seen.add(id(cell.tree))
        yield from docstring_texts(cell)


def _cell_text(cell: CodeCell, copied: bool) -> Text:
    """A cell's code. Cells of equal source share one tree, and a node must be in one place."""
    assert cell.tree is not None
    if not copied:
        return Text(cell.index, cell.tree, cell.span)
    tree = cell.tree.deep_clone()
    spans = node_spans(tree)
    return Text(cell.index, tree, lambda node: spans[id(node)])


class _Search:
    """One look through the texts for one container."""

    def __init__(self, module: Module, container: Container, scopes: Scopes) -> None:
        self.module, self.container, self.scopes = module, container, scopes
        self.counts = LayerCounts(scopes)
        self.name = container.name
        self.attribute = container.store.attribute if container.store else ""
        self.sites: list[Site] = []
        self.reads_layers = False
        self.dropped = list(dropped_spans(container))

    def obstacles(self) -> Iterator[Obstacle]:
        """Yield what stands in the way; fills `sites` and `reads_layers`."""
        yield from own_obstacles(self.container)
        for mention in self.scopes.mentions(self.scopes.top, self.name):
            yield from self._use(mention)
        for text in self.scopes.texts:
            for node in walk(text.tree):
                if isinstance(node, cst.Attribute) and node.attr.value == self.attribute:
                    yield from self._attribute(text, node)
                elif isinstance(node, cst.SimpleString):
                    yield from self._string(text, node)
        for cell in self.module.cells:
            yield from self._unread(cell)

    def _inside(self, place: Place) -> bool:
        statement = self.container.statement
        return place[0] == statement.cell and statement.start <= place[1] < statement.end

    def _dropped(self, place: Place) -> bool:
        """Whether a place is in a part of the class that is written anew."""
        return self._inside(place) and any(a <= place[1] < b for a, b in self.dropped)

    def _use(self, mention: Mention) -> Iterator[Obstacle]:
        parent = self.scopes.parents[id(mention.node)]
        if self._inside(mention.place):
            own = mention.bound or self._dropped(mention.place)
            if not own:
                text = f"`{self.name}` is used inside of itself; move that use out of the class"
                yield Obstacle(mention.place, text)
        elif isinstance(parent, cst.Call) and parent.func is mention.node:
            yield from self._call(mention, parent)
        else:
            yield Obstacle(mention.place, self._why(mention, parent))

    def _call(self, mention: Mention, call: cst.Call) -> Iterator[Obstacle]:
        layers = self._layers(call)
        if isinstance(layers, str):
            yield Obstacle(mention.place, layers)
        else:
            self.sites.append(Site(mention, call, layers))

    def _layers(self, call: cst.Call) -> Elements | str:
        """The layers of a call, or why they cannot be named."""
        name = self.name
        if not call.args:
            return f"`{name}()` has no layers; build the model where its layers are known"
        if any(arg.keyword is not None or arg.star == "**" for arg in call.args):
            return f"this call of `{name}` uses keyword arguments; hand over the layers alone"
        if not self.container.starred and not self._one_list(call):
            return f"this call of `{name}` does not hand over a list; write its layers as a list"
        found = (
            self.counts.of_arguments(call)
            if self.container.starred
            else self.counts.elements(call.args[0].value)
        )
        if found is None:
            return (
                f"how many layers this `{name}` gets cannot be told (or more than {MOST}); "
                "write them out, or build the list in plain sight"
            )
        if not found or any(isinstance(each, cst.Ellipsis) for each in found):
            return f"this `{name}` has no layers to name; write them out"
        return found

    def _one_list(self, call: cst.Call) -> bool:
        """Whether the one argument is a list, and the container may not share it with others."""
        only, store = call.args[0], self.container.store
        if len(call.args) != 1 or only.star or store is None:
            return False
        return store.kind != "as is" or isinstance(only.value, (cst.List, cst.ListComp))

    def _why(self, mention: Mention, parent: cst.CSTNode) -> str:
        name = self.name
        if mention.bound or isinstance(parent, cst.NameItem):
            return f"`{name}` is defined or declared again here; give this one another name"
        if any(isinstance(above, cst.Annotation) for above in self.scopes.above(mention.node)):
            return f"this annotation names `{name}`; annotate with `Any`, or leave it out"
        holder = self.scopes.parents.get(id(parent))
        if isinstance(holder, cst.ClassDef) and isinstance(parent, cst.Arg):
            return f"`{holder.name.value}` inherits from `{name}`; write its layers out in it"
        if self._asks_for_type(mention.node):
            return f"this asks for `{name}`; ask for what a model can do, `hasattr(model, …)`"
        if isinstance(parent, cst.Attribute):
            return f"this reads from the class `{name}` itself; read from a model instead"
        return f"`{name}` is passed on as a value; use an explicit model class there"

    def _asks_for_type(self, node: cst.CSTNode) -> bool:
        calls = [each for each in self.scopes.above(node) if isinstance(each, cst.Call)]
        return bool(calls) and dotted_name(calls[0].func) in ("isinstance", "issubclass")

    def _attribute(self, text: Text, node: cst.Attribute) -> Iterator[Obstacle]:
        """A read of `model.layers`, or a change of it, outside of the class."""
        place = text.cell, text.span(node)[0]
        if self._inside(place) or self._own_layers(node):
            return
        self.reads_layers = True
        changed = changes(self.scopes.parents, node) or self._alias_changes(node)
        if changed:
            what = f"`.{self.attribute}` of a model may be changed here"
            yield Obstacle(place, f"{what}; build a new model from the layers instead")

    def _own_layers(self, node: cst.Attribute) -> bool:
        """Whether it is `self.layers` of another class."""
        own = isinstance(node.value, cst.Name) and node.value.value == "self"
        return own and any(isinstance(above, cst.ClassDef) for above in self.scopes.above(node))

    def _alias_changes(self, node: cst.Attribute) -> bool:
        """Whether `layers = model.layers` gives the list a name under which it is changed."""
        assign = self.scopes.parents[id(node)]
        if not isinstance(assign, cst.Assign):
            return False
        for target in assign.targets:
            if isinstance(target.target, cst.Name):
                alias = self.scopes.mention(target.target)
                found = self.scopes.mentions(self.scopes.owner(alias), alias.node.value)
                after = [each.node for each in found if each.place > alias.place]
                if any(changes(self.scopes.parents, each, rebinding=False) for each in after):
                    return True
        return False

    def _string(self, text: Text, node: cst.SimpleString) -> Iterator[Obstacle]:
        place = text.cell, text.span(node)[0]
        value, parent = node.raw_value, self.scopes.parents[id(node)]
        if value and value == self.attribute and isinstance(parent, cst.Arg):
            yield from self._attribute_by_name(place, parent)
        if not re.search(rf"\b{re.escape(self.name)}\b", value) or self._dropped(place):
            return
        if any(isinstance(above, cst.Annotation) for above in self.scopes.above(node)):
            why = "this annotation names it"
        elif value == self.name and self._names_the_class(parent):
            why = "this string names it"
        else:
            return
        yield Obstacle(place, f"`{self.name}` would be gone but {why}; change or remove the string")

    def _attribute_by_name(self, place: Place, argument: cst.Arg) -> Iterator[Obstacle]:
        call = self.scopes.parents[id(argument)]
        called = dotted_name(call.func) if isinstance(call, cst.Call) else ""
        if called not in _BY_NAME or self._dropped(place):
            return
        self.reads_layers = True
        if called in ("setattr", "delattr"):
            message = (
                f"`{called}` changes `.{self.attribute}` of a model; build a new model instead"
            )
            yield Obstacle(place, message)

    def _names_the_class(self, parent: cst.CSTNode) -> bool:
        above = self.scopes.parents.get(id(parent))
        if isinstance(parent, cst.Arg):
            return isinstance(above, cst.Call) and dotted_name(above.func) in _BY_NAME
        if isinstance(parent, cst.Index):
            return True
        if isinstance(parent, (cst.Comparison, cst.ComparisonTarget)):
            return True
        return isinstance(parent, cst.Element) and self._in_exports(parent)

    def _in_exports(self, node: cst.CSTNode) -> bool:
        for above in self.scopes.above(node):
            if isinstance(above, (cst.Assign, cst.AugAssign, cst.AnnAssign)):
                targets = (
                    [each.target for each in above.targets]
                    if isinstance(above, cst.Assign)
                    else [above.target]
                )
                return any(dotted_name(target) == "__all__" for target in targets)
        return False

    def _unread(self, cell: CodeCell) -> Iterator[Obstacle]:
        """Mentions in what is not read as Python: broken cells and examples, IPython's lines."""
        if self.name not in cell.source:
            return
        word = re.compile(rf"\b{re.escape(self.name)}\b")
        if cell.tree is None:
            hit = word.search(cell.source)
            if cell.fault is not None and hit:
                text = f"this cell names `{self.name}` and does not parse; mend it first"
                yield Obstacle((cell.index, hit.start()), text)
            return
        code = cell.tree.code
        for hit in word.finditer(cell.source) if code != cell.source else ():
            if code[hit.start() : hit.end()] != self.name:
                text = f"an IPython line names `{self.name}`; write the model as plain Python"
                yield Obstacle((cell.index, hit.start()), text)
        for place in unreadable_examples(cell, self.name):
            if not self._dropped(place):
                text = f"this example names `{self.name}` and is not Python; mend it first"
                yield Obstacle(place, text)


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
