"""Reads what a cell's source says: its statements, their places and names, from CPython's tree."""

from __future__ import annotations

import ast
import bisect
import re
from collections.abc import Iterator, Sequence

from modfix.syntax.effects import called_name, effects_of
from modfix.syntax.facts import SourceFacts, StatementFacts, StatementKind
from modfix.syntax.mask import cell_language
from modfix.syntax.module import SyntaxFault
from modfix.syntax.parse import Plain, parse_plain
from modfix.syntax.places import Places
from modfix.syntax.plain_names import plain_name_use
from modfix.syntax.scopes import NameUse

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)
_JOINED = re.compile(r"(?:[ \t\f]|\\\n)*;(?:[ \t\f]|\\\n)*")  # `a; b` is one line


def read_source(source: str) -> tuple[SourceFacts, Plain | None]:
    """What a cell's source says, and CPython's tree of it if it has one."""
    if is_foreign(source):
        return SourceFacts(foreign=True), None
    plain = parse_plain(source)
    if isinstance(plain, SyntaxFault):
        from modfix.syntax.mentions import runs_indented

        if runs_indented(source):
            return SourceFacts(foreign=True), None
        return SourceFacts(fault=plain.message or "invalid syntax", fault_at=plain.offset), None
    return read_statements(plain, source), plain


def read_statements(plain: Plain, source: str) -> SourceFacts:
    """The facts of a source that parses."""
    return SourceFacts(
        _Reader(plain, source).statements(plain.statements), bool(plain.masked_lines)
    )


def lines_of(plain: Plain) -> dict[tuple[int, ...], tuple[ast.stmt, ...]]:
    """CPython's statements of each statement, by its path (see `modfix.syntax.trees`)."""
    reader = _Reader(plain, plain.text)
    found: dict[tuple[int, ...], tuple[ast.stmt, ...]] = {}
    for number, line in enumerate(reader.joined(plain.statements)):
        found[number,] = tuple(line)
        if isinstance(line[0], ast.If) and is_main_test(line[0].test):
            for inner, below in enumerate(reader.joined(line[0].body)):
                found[number, inner] = tuple(below)
    return found


def is_foreign(source: str) -> bool:
    """Whether a cell is in another language than Python (`%%bash`)."""
    return "%%" in source and bool(cell_language(source))


class _Reader:
    """Reads the statements of one source."""

    def __init__(self, plain: Plain, source: str) -> None:
        self.source = source
        self.text = plain.text
        self.masked = plain.masked_lines
        self.places = Places(plain.text)
        self.lines = self.places.lines

    def statements(self, nodes: Sequence[ast.stmt]) -> tuple[StatementFacts, ...]:
        """The facts of each line; `a; b` is one statement, as it is for LibCST."""
        return tuple(self._statement(line) for line in self.joined(nodes))

    def joined(self, nodes: Sequence[ast.stmt]) -> Iterator[list[ast.stmt]]:
        """The statements that stand on one logical line, together."""
        line: list[ast.stmt] = []
        for node in nodes:
            if line and not self._continues(line[-1], node):
                yield line
                line = []
            line.append(node)
        if line:
            yield line

    def _continues(self, node: ast.stmt, following: ast.stmt) -> bool:
        """Whether only a semicolon parts two statements."""
        last = node.end_lineno or node.lineno
        if following.lineno != last and not self.lines[last - 1].rstrip("\r\n").endswith("\\"):
            return False
        between = self.text[self.places.end(node) : self.places.start(following)]
        return _JOINED.fullmatch(between) is not None

    def _statement(self, line: list[ast.stmt]) -> StatementFacts:
        first = line[0]
        start = self._start(first)
        names = self._names(line)
        kind = "magic" if first.lineno in self.masked else self._kind(line)
        call, plain = _called(first) if kind == "call" else ("", False)
        return StatementFacts(
            kind=kind,
            start=start,
            end=self._last(line[-1]),
            lead=self._lead(start),
            binds=names.binds,
            reads=names.reads,
            later=names.later,
            name=first.name if isinstance(first, _DEFINITIONS) else "",
            decorators=_decorators(first) if isinstance(first, _DEFINITIONS) else (),
            takes_arguments=isinstance(first, _FUNCTIONS) and _takes_arguments(first.args),
            call=call,
            plain_call=plain,
            effects=effects_of(line),
            body=self.statements(first.body) if kind == "guard" else (),  # type: ignore[attr-defined]
        )

    def _names(self, line: list[ast.stmt]) -> NameUse:
        """The names that a statement uses, with those that IPython's lines in it mention."""
        names = plain_name_use(line)
        if not self.masked:
            return names
        first, last = line[0], line[-1]
        inside = self.masked.intersection(range(first.lineno, (last.end_lineno or last.lineno) + 1))
        if not inside:
            return names
        from modfix.syntax.mentions import with_mentions

        return with_mentions(names, self.source, inside, later=isinstance(first, _FUNCTIONS))

    def _kind(self, line: list[ast.stmt]) -> StatementKind:
        first = line[0]
        if len(line) > 1:
            return "other"
        if isinstance(first, ast.If) and is_main_test(first.test):
            return "guard" if not first.orelse and self._is_indented(first) else "block"
        return _KINDS.get(type(first)) or _kind_of_expression(first)

    def _is_indented(self, node: ast.If) -> bool:
        """Whether the body of a guard stands on lines of its own."""
        head = self.text[self.places.end(node.test) : self.places.start(node.body[0])]
        return "\n" in head.partition(":")[2].replace("\\\n", "")

    def _start(self, first: ast.stmt) -> int:
        decorators: list[ast.expr] = getattr(first, "decorator_list", [])
        if decorators:
            return self.text.rindex("@", 0, self.places.start(decorators[0]))
        return self.places.start(first)

    def _last(self, node: ast.stmt) -> int:
        """The end of a statement; one that ends with a line of IPython's ends with that line."""
        line = node.end_lineno or node.lineno
        if line not in self.masked:
            return self.places.end(node)
        while line + 1 in self.masked and self.lines[line].startswith("#"):
            line += 1  # what a backslash continues is hidden as a comment
        return self.places.starts[line - 1] + len(self.lines[line - 1].rstrip())

    def _lead(self, start: int) -> int:
        """Where the comments directly above begin; directives are the cell's, not a statement's."""
        line = bisect.bisect_right(self.places.starts, start) - 1
        while line > 0:
            above = self.lines[line - 1].strip()
            if not above.startswith("#") or above.replace(" ", "").startswith("#|"):
                break
            line -= 1
        return self.places.starts[line]


_KINDS: dict[type[ast.AST], StatementKind] = {
    ast.FunctionDef: "function",
    ast.AsyncFunctionDef: "function",
    ast.ClassDef: "class",
    ast.Import: "import",
    ast.ImportFrom: "import",
    ast.Assign: "assign",
    ast.AnnAssign: "assign",
    ast.AugAssign: "assign",
    ast.If: "block",
    ast.For: "block",
    ast.AsyncFor: "block",
    ast.While: "block",
    ast.With: "block",
    ast.AsyncWith: "block",
    ast.Try: "block",
    ast.TryStar: "block",
    ast.Match: "block",
}


def _decorators(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> tuple[str, ...]:
    return tuple(called_name(each).rpartition(".")[2] for each in node.decorator_list)


def _takes_arguments(args: ast.arguments) -> bool:
    """Whether a function cannot be called without arguments."""
    positional = len(args.posonlyargs) + len(args.args)
    return positional > len(args.defaults) or None in args.kw_defaults


def _kind_of_expression(node: ast.stmt) -> StatementKind:
    value = node.value if isinstance(node, ast.Expr) else None
    if isinstance(value, ast.Call):
        return "call"
    is_text = isinstance(value, ast.Constant) and isinstance(value.value, str | bytes)
    return "string" if is_text else "other"


def _called(node: ast.stmt) -> tuple[str, bool]:
    """The dotted name of a call statement ("" for what is no chain of names), if it is `f()`."""
    assert isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    call = node.value
    inner = call.func
    while isinstance(inner, ast.Attribute):
        inner = inner.value
    name = called_name(call) if isinstance(inner, ast.Name) else ""
    return name, not call.args and not call.keywords


def is_main_test(test: ast.expr) -> bool:
    """Whether an expression is `__name__ == "__main__"`, either way round."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return False
    if not isinstance(test.ops[0], ast.Eq):
        return False
    sides = (test.left, test.comparators[0])
    names = [side.id for side in sides if isinstance(side, ast.Name)]
    texts = [side.value for side in sides if isinstance(side, ast.Constant)]
    return names == ["__name__"] and texts == ["__main__"]
