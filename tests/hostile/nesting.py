"""Sources that nest or chain without end, each by the number of its levels."""

from __future__ import annotations

from collections.abc import Callable

Shape = Callable[[int], str]


def _indented(head: str) -> Shape:
    """Compound statements in one another, at most 1,000: the text grows with the square."""

    def nested(n: int) -> str:
        n = min(n, 1_000)
        return "".join(f"{' ' * i}{head}\n" for i in range(n)) + " " * n + "pass\n"

    return nested


# Of these LibCST makes a tree that is as deep as there are links.
CHAINS: dict[str, Shape] = {
    "unary": lambda n: "x = " + "-" * n + "1",
    "inverted": lambda n: "x = " + "~" * n + "1",
    "not not not": lambda n: "x = " + "not " * n + "1",
    "sums": lambda n: "x = 1" + " + 1" * n,
    "sums and products": lambda n: "x = 1" + "+1*2" * n,
    "powers": lambda n: "x = 1" + "**1" * n,
    "shifts": lambda n: "x = 1" + " >> 1" * n,
    "or": lambda n: "x = " + "a or " * n + "b",
    "or and and": lambda n: "x = " + "a and b or " * n + "b",
    "attributes": lambda n: "a" + ".b" * n,
    "subscripts": lambda n: "a" + "[0]" * n,
    "slices": lambda n: "a" + "[::]" * n,
    "f()()()": lambda n: "f" + "()" * n,
    "methods": lambda n: "f" + ".b()" * n,
    "lambdas": lambda n: "x = " + "lambda: " * n + "1",
    "ternaries": lambda n: "x = " + "1 if a else " * n + "1",
    "elif": lambda n: "if x:\n pass\n" + "elif x:\n pass\n" * n,
    "annotations": lambda n: "x: " + "int | " * n + "int = 1",
    "dotted imports": lambda n: "import a" + ".b" * n,
    "dotted patterns": lambda n: "match x:\n case a" + ".b" * n + ": pass",
    "strings side by side": lambda n: "x = (" + "'a' " * n + "'b')",
    "f-strings side by side": lambda n: "x = (" + "f'{1}' " * n + "'b')",
    "for in a comprehension": lambda n: "[1" + " for a in b" * n + "]",
}
# Flat for CPython and for LibCST.
ROWS: dict[str, Shape] = {
    "comparisons": lambda n: "x = " + "a < " * n + "b",
    "is not": lambda n: "x = " + "a is not " * n + "b",
    "decorators": lambda n: "@a\n" * n + "def f(): pass",
    "if in a comprehension": lambda n: "[1 for a in b" + " if a" * n + "]",
    "patterns": lambda n: "match x:\n case " + "1 | " * n + "2: pass",
    "cases": lambda n: "match x:\n" + " case 1: pass\n" * n,
    "assignments": lambda n: "a = " * n + "1",
    "targets": lambda n: "a, " * n + "b = 1",
    "arguments": lambda n: "f(" + "a, " * n + ")",
    "parameters": lambda n: "def f(" + ", ".join(f"a{i}" for i in range(n)) + "): pass",
    "bases": lambda n: "class A(" + "a, " * n + "): pass",
    "handlers": lambda n: "try: pass\n" + "except A: pass\n" * n,
    "with": lambda n: "with " + "a, " * n + "b: pass",
    "statements on a line": lambda n: "a; " * n,
    "statements": lambda n: "a\n" * n,
    "entries": lambda n: "x = {" + "1: 2, " * n + "}",
    "relative imports": lambda n: "from " + "." * n + " import b",
    "comments": lambda n: "# a\n" * n + "x",
    "blank lines": lambda n: "\n" * n + "x",
    "continued lines": lambda n: "x = 1 " + "\\\n" * n + "\n",
}
# CPython refuses more than 200 brackets and 100 indentations.
BRACKETS: dict[str, Shape] = {
    "parentheses": lambda n: "(" * n + "1" + ")" * n,
    "open parentheses": lambda n: "(" * n,
    "lists": lambda n: "[" * n + "]" * n,
    "dicts": lambda n: "{1:" * n + "1" + "}" * n,
    "sets": lambda n: "{" * n + "1" + "}" * n,
    "tuples": lambda n: "(1, " * n + "1" + ")" * n,
    "calls": lambda n: "f(" * n + ")" * n,
    "keywords": lambda n: "f(a=" * n + "1" + ")" * n,
    "starred": lambda n: "f(" + "*[" * n + "1" + "]" * n + ")",
    "indices": lambda n: "a[" * n + "0" + "]" * n,
    "unary and parentheses": lambda n: "x = " + "-(" * n + "1" + ")" * n,
    "comprehensions": lambda n: "[" * n + "1" + " for a in b]" * n,
    "walrus": lambda n: "(a := " * n + "1" + ")" * n,
    "await": lambda n: "async def f():\n x = " + "await (" * n + "1" + ")" * n,
    "yield": lambda n: "def f():\n x = " + "(yield " * n + "1" + ")" * n,
    "nested annotations": lambda n: "x: " + "list[" * n + "int" + "]" * n + " = 1",
    "decorator calls": lambda n: "@" + "f(" * n + ")" * n + "\ndef g(): pass",
    "list patterns": lambda n: "match x:\n case " + "[" * n + "]" * n + ": pass",
    "class patterns": lambda n: "match x:\n case " + "A(b=" * n + "1" + ")" * n + ": pass",
    "grouped patterns": lambda n: "match x:\n case " + "(1 | " * n + "2" + ")" * n + ": pass",
    "mapping patterns": lambda n: "match x:\n case " + "{1: " * n + "a" + "}" * n + ": pass",
    "brackets in an f-string": lambda n: "x = f'{" + "(" * n + "1" + ")" * n + "}'",
    "fields of an f-string": lambda n: "x = f'" + "{1:" * n + "}" * n + "'",
    "if": _indented("if x:"),
    "def": _indented("def f():"),
    "class": _indented("class A:"),
    "with blocks": _indented("with a:"),
    "for": _indented("for a in b:"),
    "while": _indented("while a:"),
    "try": _indented("try:"),
}
SHAPES = CHAINS | ROWS | BRACKETS
