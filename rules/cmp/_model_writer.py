"""The text of a model with named layers, made of the container that it replaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from ._chain import Chain, is_docstring
from ._container_class import kept_lines
from ._container_shape import Container
from ._container_uses import Uses
from ._moved_code import line_end, line_start, moved, walk

NUMBERS = ("", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
_WIDTH = 88


@dataclass(frozen=True)
class Model:
    """One class to be: how many layers it has, and whether each surely has a `forward`."""

    name: str
    count: int
    forwards: bool


class ModelWriter:
    """Writes one model as text, with the methods of the container."""

    def __init__(self, container: Container, uses: Uses, model: Model) -> None:
        self.container, self.uses, self.model = container, uses, model
        self.cell, self.source = container.cell, container.cell.source
        first = self.cell.span(container.node.body.body[0])[0]
        inner = self.source[line_start(self.source, first) : first]
        self.outer = container.indent
        self.unit = inner.removeprefix(self.outer)
        self.layers = [f"layer{number}" for number in range(1, model.count + 1)]

    def text(self) -> str:
        """The class."""
        count = _counted(self.model.count)
        head = f'class {self.model.name}:\n{self.unit}"""A model of {count}, called in order."""'
        return "\n\n".join([head, *self._parts()])

    def _parts(self) -> Iterator[str]:
        body = self.container.node.body.body
        for node in body[1:] if is_docstring(body[0]) else body:
            name = node.name.value if isinstance(node, cst.FunctionDef) else ""
            if name == "__init__":
                yield self._init()
                if self._needs_list():
                    yield self._list()
            elif name in self.container.chains and isinstance(node, cst.FunctionDef):
                yield self._flow(node, self.container.chains[name])
            else:
                yield self._carried(node)

    def _carried(self, node: cst.CSTNode) -> str:
        """A part of the class as it stands, with the comments above it."""
        start, end = self.cell.span(node)
        start = line_start(self.source, start)
        while start > 0 and self._is_comment(line_start(self.source, start - 1)):
            start = line_start(self.source, start - 1)
        return moved(self.cell, start, line_end(self.source, end), self.outer, "")

    def _is_comment(self, start: int) -> bool:
        return self.source[start : line_end(self.source, start)].strip().startswith("#")

    def _init(self) -> str:
        parameter, store = self.container.parameter, self.container.store
        annotation = parameter.annotation if self.container.starred else None
        kind = f": {self.cell.text_of(annotation.annotation)}" if annotation else ""
        names = ["self", *(f"{layer}{kind}" for layer in self.layers)]
        kept = kept_lines(self.container)
        init = self.container.methods["__init__"]
        own = [f"{2 * self.unit}self.{layer} = {layer}" for layer in self.layers]
        lines = [_wrapped(f"{self.unit}def __init__(", names, "):", (self.unit, self.unit))]
        for line in init.body.body:
            if store is not None and line is store.statement:
                lines += own
            elif line in kept:
                lines.append(self._carried(line))
        return "\n".join(lines)

    def _needs_list(self) -> bool:
        """Whether anything still reads the list of layers: other code, or a method carried over."""
        new = {"__init__", *self.container.chains}
        kept = [each for name, each in self.container.methods.items() if name not in new]
        inside = [*kept, *kept_lines(self.container)]
        attribute = self.container.store.attribute if self.container.store else ""
        return self.uses.reads_layers or any(
            isinstance(each, cst.Attribute) and each.attr.value == attribute
            for node in inside
            for each in walk(node)
        )

    def _list(self) -> str:
        store = self.container.store
        assert store is not None
        names, inner = [f"self.{layer}" for layer in self.layers], 2 * self.unit
        left, right = "[", "]"
        if store.kind == "tuple" or (store.kind == "as is" and self.container.starred):
            left, right = "(", ",)" if len(names) == 1 else ")"
        lines = [
            f"{self.unit}@property",
            f"{self.unit}def {store.attribute}(self):",
            f'{inner}"""The layers in order."""',
            _wrapped(f"{inner}return {left}", names, right, (inner, self.unit)),
        ]
        return "\n".join(lines)

    def _flow(self, method: cst.FunctionDef, chain: Chain) -> str:
        """A method that hands its input from one named layer to the next."""
        bare = method.with_changes(
            body=cst.IndentedBlock([cst.SimpleStatementLine([cst.Pass()])]), leading_lines=()
        )
        header = cst.Module([]).code_for_node(bare).rstrip().removesuffix("pass").rstrip()
        inner = 2 * self.unit
        lines = [f"{self.unit}{header}", *self._docstring(method)]
        lines += [f"{inner}{self.cell.text_of(line)}" for line in chain.before]
        lines += [f"{inner}{chain.data} = {self._step(chain, layer)}" for layer in self.layers]
        return "\n".join([*lines, f"{inner}return {chain.data}"])

    def _docstring(self, method: cst.FunctionDef) -> Iterator[str]:
        first = method.body.body[0]
        if is_docstring(first) and self.container.name not in self.cell.text_of(first):
            yield self._carried(first)

    def _step(self, chain: Chain, layer: str) -> str:
        """What one layer does, as the loop said it; a plain `forward` where that is certain."""
        named = f"self.{layer}"
        if chain.test is None or chain.other is None:
            return self._renamed(chain.step, chain.layer, named)
        test = self.cell.text_of(chain.test)
        asks = re.fullmatch(rf"hasattr\({re.escape(chain.layer)}, *['\"]forward['\"]\)", test)
        if asks and self.model.forwards:
            return f"{named}.forward({chain.data})"
        parts = (chain.step, chain.test, chain.other)
        step, test, other = (self._renamed(part, chain.layer, named) for part in parts)
        return f"{step} if {test} else {other}"

    def _renamed(self, node: cst.CSTNode, old: str, new: str) -> str:
        start, end = self.cell.span(node)
        spans = [
            self.cell.span(n) for n in walk(node) if isinstance(n, cst.Name) and n.value == old
        ]
        text, at = "", start
        for first, last in spans:
            text, at = text + self.source[at:first] + new, last
        return text + self.source[at:end]


def _wrapped(head: str, items: list[str], tail: str, depth: tuple[str, str]) -> str:
    """`head item, item tail` on one line, or one item a line where that is too long; `depth` is the
    indentation of the head and one step more."""
    line = f"{head}{', '.join(items)}{tail}"
    if len(line) <= _WIDTH:
        return line
    indent, step = depth
    lines = [f"{indent}{step}{item}," for item in items]
    return "\n".join([head, *lines, f"{indent}{tail.lstrip(',')}"])


def _counted(count: int) -> str:
    word = NUMBERS[count].lower() if count < len(NUMBERS) else str(count)
    return f"{word} layer{'' if count == 1 else 's'}"
