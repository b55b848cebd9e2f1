"""Option 1 of the document: a guarded import with a minimal fallback instead of the class."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from modfix.rule import Applicability, Fix, Module, TextEdit
from modfix.syntax.indentation import indentation, reindented
from modfix.syntax.module import SyntaxFault
from modfix.syntax.parse import parse_cell

from ._container_shape import Container
from ._moved_code import block_end, line_start, moved

# The document's replacement to the letter; the names are filled in.
_HEAD = """\
# Import Sequential from milestone helpers if available
try:
    from {source} import {imported}
except ImportError:
    # Provide a minimal helper for testing only
"""
_FALLBACK = '''\
    class {name}:
        """Minimal sequential container for module testing only.

        NOTE: This is NOT exported. Students should use explicit layer
        composition in milestones to understand data flow.
        """
        def __init__(self, *layers):
            self.layers = list(layers)

        def forward(self, x):
            for layer in self.layers:
                x = layer.forward(x) if hasattr(layer, 'forward') else layer(x)
            return x

        def __call__(self, x):
            return self.forward(x)

        def parameters(self):
            params = []
            for layer in self.layers:
                if hasattr(layer, 'parameters'):
                    params.extend(layer.parameters())
            return params'''

# Ways to write the fallback's methods; none can do what the fallback cannot.
_SAME = """
def __init__(self, *layers):
    self.layers = list(layers)
def __init__(self, *layers):
    self.layers = [*layers]
def forward(self, x):
    for layer in self.layers:
        x = layer.forward(x) if hasattr(layer, 'forward') else layer(x)
    return x
def forward(self, x):
    for layer in self.layers:
        if hasattr(layer, 'forward'):
            x = layer.forward(x)
        else:
            x = layer(x)
    return x
def forward(self, x):
    for layer in self.layers:
        x = layer.forward(x)
    return x
def __call__(self, x):
    return self.forward(x)
def parameters(self):
    params = []
    for layer in self.layers:
        if hasattr(layer, 'parameters'):
            params.extend(layer.parameters())
    return params
def parameters(self):
    params = []
    for layer in self.layers:
        if hasattr(layer, 'parameters'):
            params += layer.parameters()
    return params
def parameters(self):
    params = []
    for layer in self.layers:
        params.extend(layer.parameters())
    return params
def parameters(self):
    return [param for layer in self.layers for param in layer.parameters()]
"""

# Comments that are no remark on the class: regions of nbgrader, an interpreter, an encoding.
_NOT_ABOUT_CODE = re.compile(r"\b(BEGIN|END) [A-Z]{3,}|^#!|coding[:=]", re.MULTILINE)


def import_fix(module: Module, container: Container, source: str, imported: str) -> Fix:
    """The fix that replaces a class by a guarded import of `imported` from `source`.

    Safe where the fallback does what the class did; otherwise the class's own body is the
    fallback and the fix is unsafe, because what is imported may do less. Only shown for a class
    that takes one list: its calls would have to change.
    """
    name = container.name
    alias = imported if name == imported else f"{imported} as {name}"
    step = indentation(module, container.cell)
    head = reindented(_HEAD.format(source=source, imported=alias), step)
    start, end = whole_lines(container)
    same = _does_the_same(container)
    if same:
        body = reindented(_FALLBACK.format(name=name), step)
    else:
        first = line_start(container.cell.source, container.statement.start)
        body = moved(container.cell, first, end, "", step)
    edit = TextEdit(container.cell.index, start, end, head + body)
    grade = Applicability.SAFE if same else Applicability.UNSAFE
    if not container.starred:  # what is imported takes layers, these calls hand over a list
        grade = Applicability.DISPLAY
    return Fix(f"Import `{name}` from {source}, with a fallback for testing", (edit,), grade)


def whole_lines(container: Container) -> tuple[int, int]:
    """The lines of a container, the comments directly above and at its end included."""
    source, statement = container.cell.source, container.statement
    start = statement.lead
    for match in _NOT_ABOUT_CODE.finditer(source, start, statement.start):
        start = source.index("\n", match.end()) + 1
    return start, block_end(source, statement.end)


def _does_the_same(container: Container) -> bool:
    """Whether a class has only the document's methods, and these do what the document's do."""
    statement, tree = container.statement, container.cell.tree
    assert tree is not None
    parsed = parse_cell(tree.code[statement.start : statement.end])
    node = None if isinstance(parsed, SyntaxFault) else parsed.statements[0]
    if not isinstance(node, ast.ClassDef):
        return False
    plain_bases = all(isinstance(b, ast.Name) and b.id == "object" for b in node.bases)
    if not plain_bases or node.keywords or node.decorator_list:
        return False
    same = set(_dumps(ast.parse(_SAME).body))
    return all(each in same for each in _dumps(_without_docstring(node.body)))


def _dumps(body: list[ast.stmt]) -> Iterator[str]:
    """Statements as text that is equal where functions differ only in names and annotations."""
    for node in body:
        if isinstance(node, ast.FunctionDef):
            node.body, node.returns = _without_docstring(node.body), None
        yield ast.dump(_Plain().visit(node))


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0]
    text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return body[1:] if text else body


class _Plain(ast.NodeTransformer):
    """Numbers the names that a function binds and drops its annotations."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(self.names.setdefault(node.arg, f"name{len(self.names)}"))

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        node.generators = [self.visit(each) for each in node.generators]
        node.elt = self.visit(node.elt)
        return node

    def visit_Name(self, node: ast.Name) -> ast.Name:
        if isinstance(node.ctx, ast.Store):
            self.names.setdefault(node.id, f"name{len(self.names)}")
        return ast.Name(self.names.get(node.id, node.id), node.ctx)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return node
        return self.visit_Assign(ast.Assign([node.target], node.value))

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        return ast.Assign([self.visit(each) for each in node.targets], self.visit(node.value))
