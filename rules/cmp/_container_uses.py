"""Every use of a container class: the calls that can be rewritten, and what stands in the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from modfix.rule import CodeCell, Module
from modfix.syntax.index import dotted_name
from modfix.syntax.spans import node_spans

from ._container_class import Obstacle, changes, dropped_spans, own_obstacles
from ._container_shape import Container
from ._docstring_examples import docstring_texts, unreadable_examples
from ._layer_counts import MOST, Elements, LayerCounts
from ._moved_code import walk
from ._scopes import Mention, Place, Scopes, Text

_BY_NAME = frozenset({"getattr", "setattr", "hasattr", "delattr"})


@dataclass(frozen=True)
class Site:
    """A call of the container, and the layers that it hands over."""

    mention: Mention
    call: cst.Call
    layers: Elements


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
            runs = (s for s in cell.statements if s.kind == "magic" and self.name in s.reads)
            for statement in runs:  # `%run -i`
                text = f"a script that may use `{self.name}` runs here in the module's own names"
                yield Obstacle((cell.index, statement.start), text)
            return
        word = re.compile(rf"\b{re.escape(self.name)}\b")
        if cell.tree is None:
            hit = word.search(cell.source)
            if hit and cell.mentions:
                why = "is not Python" if cell.fault is None else "does not parse"
                text = f"this cell names `{self.name}` and {why}; mend it first"
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
