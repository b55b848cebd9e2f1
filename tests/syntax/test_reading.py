"""What CPython's tree says of a cell and what LibCST's says are the same."""

import ast
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import libcst as cst
import pytest

from modfix.document.document import Document
from modfix.lint.run import lint
from modfix.rule import Finding, Rule
from modfix.settings import Settings
from modfix.syntax.index import read_module
from modfix.syntax.module import CodeCell, Module, Statement, SyntaxFault
from modfix.syntax.names import name_use
from modfix.syntax.trees import TreeFault

_LIBRARY = Path(sysconfig.get_paths()["stdlib"])
_FILES = ("argparse", "dataclasses", "enum", "functools", "typing", "inspect", "turtle")

LINES = [
    ("a; b; c", ["other"]),
    ("a; \\\n b\nc", ["other", "other"]),
    ("a \\\n ; b;\nc", ["other", "other"]),
    ("a  # ; b\nc", ["other", "other"]),
    ("x = 1; y = 2\nf()", ["other", "call"]),
    ("'a' 'b'\nf'{x}'\nb'c'", ["string", "other", "string"]),
    ("if __name__ == '__main__':\n    f(); g()\n    h()", ["guard"]),
    ('if "__main__" == __name__:  # so: here\n    f()', ["guard"]),
    ("if __name__ == '__main__': f()", ["block"]),
    ("if __name__ == '__main__': \\\n f()", ["block"]),
    ("if __name__ == '__main__':\n    f()\nelse:\n    g()", ["block"]),
    ("%matplotlib inline\nimport a", ["magic", "import"]),
    ("@a.b(\n  c)\n@d\nclass A: pass", ["class"]),
    ("# é\n@d\nasync def f(): pass\nz: int\nz += 1", ["function", "assign", "assign"]),
    ("f()(1)\na[0].b(2)\na.b(3)", ["call", "call", "call"]),
    ("match x:\n    case [a, *b, {'k': c, **d}] as e:\n        pass", ["block"]),
]


@pytest.mark.parametrize(("source", "kinds"), LINES)
def test_statements_are_the_lines_of_libcst(source: str, kinds: list[str]) -> None:
    module = _module(source)
    assert [statement.kind for statement in module.statements] == kinds
    _compare(module.cells[0])


@pytest.mark.parametrize("name", _FILES)
def test_the_two_trees_of_long_files_agree(name: str) -> None:
    _compare(_module((_LIBRARY / f"{name}.py").read_text(encoding="utf-8")).cells[0])


@pytest.mark.long
def test_the_two_trees_of_every_file_of_the_library_agree() -> None:
    for path in sorted(_LIBRARY.glob("*.py")):
        module = _module(path.read_text(encoding="utf-8"))
        for cell in module.cells:
            if cell.parses:
                _compare(cell)


class _Reader(Rule):
    """Reads the tree of every cell; one is as if LibCST could not read it."""

    code, name = "TST001", "reads-trees"

    def check(self, module: Module) -> Iterator[Finding]:
        for cell in module.cells:
            if cell.parses and "unreadable" in cell.source:
                raise TreeFault(cell.source, SyntaxFault("LibCST cannot read it", 0))
            yield self.at(cell.cell, cell.fault.message if cell.fault else "read")


def test_a_cell_without_a_tree_is_a_cell_with_a_fault() -> None:
    text = "# %%\nx = 1\n\n# %%\nunreadable = 1\n\n# %%\nunreadable = 1\n"
    document = Document.from_bytes(Path("m.py"), text.encode())
    found = lint(document, [_Reader()], Settings())
    assert [each.message for each in found] == ["read", *["LibCST cannot read it"] * 2]


def _module(source: str) -> Module:
    text = source.replace("# %%", "#")
    return read_module(Document.from_bytes(Path("m.py"), text.encode()), Settings(), {})


def _compare(cell: CodeCell) -> None:
    try:
        tree = cell.tree
    except TreeFault:
        return
    assert tree is not None and len(tree.body) == len(cell.statements)
    for node, statement in zip(tree.body, cell.statements, strict=True):
        assert statement.node is node
        _compare_statement(cell, statement)
        for number, inner in enumerate(statement.body):
            assert inner.node is node.body.body[number]  # type: ignore[union-attr, index]
            _compare_statement(cell, inner, inside=True)


def _compare_statement(cell: CodeCell, statement: Statement, *, inside: bool = False) -> None:
    use, where = name_use(statement.node), cell.source[statement.start : statement.end]
    told = statement.binds, statement.reads, statement.later
    assert cell.masked or (use.binds, use.reads, use.later) == told, where
    assert isinstance(statement.node, cst.SimpleStatementLine) or len(statement.plain) == 1
    if isinstance(statement.node, cst.SimpleStatementLine):
        assert len(statement.plain) == len(statement.node.body), where
    start, end = cell.span(statement.node)
    decorated = bool(getattr(statement.node, "decorators", ()))
    assert decorated or not cell.source[start : statement.start].strip(), where
    assert where.startswith("@") == decorated
    assert cell.source[statement.end : end].strip(" ;\\\n") == "" or end <= statement.end
    if not cell.masked and not inside:
        assert ast.dump(ast.parse(where)) == ast.dump(ast.Module(list(statement.plain), []))


PLACED = [
    "f(1)\nx = [g(é), h ( 'ü', k(1) ) ]",
    "é = 1; ü = f(é)\n(f(1)\n  (2))",
    "@d(1)\nasync def f(a=g(1)):\n\tawait h('é' +\n  k(2))",
    "%timeit f()\nx = (y\n     .z(1))",
]


@pytest.mark.parametrize("source", [*PLACED, (_LIBRARY / "argparse.py").read_text()])
def test_the_place_of_a_node_is_where_its_text_stands(source: str) -> None:
    cell = _module(source).cells[0]
    nodes = [each for statement in cell.statements for each in statement.plain]
    calls = [n for node in nodes for n in ast.walk(node) if isinstance(n, ast.Call)]
    assert calls
    for node in calls:
        start, end = cell.place(node)
        read = ast.parse(f"({source[start:end]}\n)", mode="eval").body
        assert ast.dump(read) == ast.dump(node) and cell.offset(node) == start
