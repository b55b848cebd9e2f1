"""Option 2 of the document: models that name their layers, instead of a container.

There is one class for each number of layers. It takes the layers as named parameters, so that a
call changes nothing but its callee: what is evaluated, in which order, and every comment stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from modfix.rule import (
    Applicability,
    Edit,
    Fix,
    InsertCell,
    Module,
    RemoveCell,
    Statement,
    TextEdit,
)
from modfix.syntax.index import dotted_name

from ._container_shape import Container
from ._container_uses import Site, Uses
from ._guarded_import import whole_lines
from ._layer_counts import Element
from ._model_writer import NUMBERS, Model, ModelWriter
from ._moved_code import line_end
from ._scopes import Mention, Scopes

_HEAD = "# Models with named layers instead of a container: `forward` shows how data flows in them."
_PRIVATE = "# Not exported: only the tests and examples of this notebook use them."
_EXPORTED = "# Exported, because exported code of this notebook builds them."


def explicit_fix(module: Module, container: Container, uses: Uses, taken: set[str]) -> Fix:
    """The fix that rewrites all calls and replaces the class by the models that they need.

    The names of the models join `taken`, so that no two fixes choose the same. Unsafe where no
    call is in sight: somebody else may use the class.
    """
    models = _models(module, uses, taken)
    edits: list[Edit] = []
    for site in uses.sites:
        edits += _call_edits(container, site, models[len(site.layers)].name)
    classes = [ModelWriter(container, uses, model).text() for model in models.values()]
    edits += _replacement(module, container, uses, classes)
    grade = Applicability.SAFE if uses.sites else Applicability.UNSAFE
    message = f"Write the models that `{container.name}` builds as classes with named layers"
    return Fix(message, tuple(edits), grade)


def words(module: Module) -> set[str]:
    """Every word in the code of a module: no new name may be one of them."""
    return {word for cell in module.cells for word in re.findall(r"\w+", cell.source)}


def _models(module: Module, uses: Uses, taken: set[str]) -> dict[int, Model]:
    models: dict[int, Model] = {}
    for count in sorted({len(site.layers) for site in uses.sites}):
        sites = [site for site in uses.sites if len(site.layers) == count]
        layers = [layer for site in sites for layer in site.layers]
        forwards = all(_has_forward(module, uses, layer) for layer in layers)
        models[count] = Model(_free_name(count, taken), count, forwards)
        taken.add(models[count].name)
    return models


def _free_name(count: int, taken: set[str]) -> str:
    plain = f"{NUMBERS[count]}LayerModel" if count < len(NUMBERS) else f"Model{count}Layers"
    names = [plain, f"Plain{plain}", *(f"{plain}{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def _has_forward(module: Module, uses: Uses, layer: Element) -> bool:
    """Whether a layer is visibly made by a class, of this module with `forward`, or imported."""
    if not isinstance(layer, cst.Call):
        return False
    bound = _bindings(uses.scopes, layer.func)
    parents = [uses.scopes.parents[id(each.node)] for each in bound]
    if not parents or not dotted_name(layer.func).rpartition(".")[2][0].isupper():
        return False
    if all(isinstance(parent, (cst.ImportAlias, cst.AsName)) for parent in parents):
        return True
    return len(parents) == 1 and "forward" in _methods(parents[0])


def _bindings(scopes: Scopes, node: cst.BaseExpression) -> list[Mention]:
    """Where the first name of `a.b.c` is bound."""
    while isinstance(node, cst.Attribute):
        node = node.value
    if not isinstance(node, cst.Name):
        return []
    owner = scopes.owner(scopes.mention(node))
    return [each for each in scopes.mentions(owner, node.value) if each.bound]


def _methods(node: cst.CSTNode) -> set[str]:
    body = node.body.body if isinstance(node, cst.ClassDef) else ()
    return {each.name.value for each in body if isinstance(each, cst.FunctionDef)}


def _call_edits(container: Container, site: Site, name: str) -> Iterator[TextEdit]:
    """Another callee; the one list of a container that takes a list is unpacked."""
    text = site.mention.text
    yield TextEdit(text.cell, *text.span(site.call.func), name)
    if not container.starred:
        start, _ = text.span(site.call.args[0])
        yield TextEdit(text.cell, start, start, "*")


def _replacement(
    module: Module, container: Container, uses: Uses, classes: list[str]
) -> Iterator[Edit]:
    """What becomes of the class: its place is taken, or the models get the next cell."""
    cell, statement = container.cell, container.statement
    start, end = whole_lines(container)
    exported = any(not s.mention.text.docstring and _exported(module, s) for s in uses.sites)
    note = _EXPORTED if exported else _PRIVATE
    code = "\n\n\n".join(["\n".join([_HEAD, note, classes[0]]), *classes[1:]]) if classes else ""
    head = "#| export\n" if exported else ""
    alone = len(cell.statements) == 1
    no_cells = len(module.document.cells) == 1 and cell.cell.marker is None
    if code and (alone or no_cells or _needed_here(module, container)):
        yield TextEdit(cell.index, start, end, (head if alone and not cell.exported else "") + code)
        if alone and not exported:
            yield from _unexported(container)
        return
    if alone and not cell.directives:
        yield RemoveCell(cell.index)
        return
    yield TextEdit(cell.index, *_without_gap(cell.source, start, end), "")
    if code:
        yield InsertCell(statement.cell, head + code)


def _exported(module: Module, site: Site) -> bool:
    """Whether exported code holds the call. A test that shares an exported cell is not to be in
    the package (NBG103 gives it a cell of its own), so it does not count."""
    index, offset = site.mention.place
    cell = module.cell(index)
    holder = next((s for s in cell.statements if s.start <= offset < s.end), None)
    name = holder.name if holder is not None else ""
    return cell.exported and not (module.is_test(name) or module.is_demo(name))


def _unexported(container: Container) -> Iterator[TextEdit]:
    for directive in container.cell.directives:
        if directive.exports:
            end = min(line_end(container.cell.source, directive.end) + 1, container.statement.lead)
            yield TextEdit(container.cell.index, directive.start, end, "")


def _without_gap(source: str, start: int, end: int) -> tuple[int, int]:
    """The lines to delete: with the blank lines below, at the end of a cell those above."""
    rest = source[end:]
    if not rest.strip():
        return len(source[:start].rstrip()), len(source)
    return start, end + len(rest) - len(rest.lstrip("\n"))


def _needed_here(module: Module, container: Container) -> bool:
    """Whether what runs below the class, in its own cell, comes to a use of it."""
    statement = container.statement
    below = [s for s in container.cell.statements if s.number > statement.number]
    seen: set[str] = set()
    names = {name for each in below for name in each.reads | _bodies_later(each)}
    while names - seen:
        fresh = names - seen
        seen |= fresh
        defined = [d for name in fresh for d in module.definitions.get(name, ()) if d != statement]
        names |= {name for d in defined for name in d.reads | d.later}
    return container.name in seen


def _bodies_later(statement: Statement) -> frozenset[str]:
    """What a statement's functions read: only definitions are sure not to call them."""
    return frozenset() if statement.kind in ("function", "class") else statement.later
