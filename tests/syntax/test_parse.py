"""Cells as trees: what is masked, what is refused, and that nothing kills the process."""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from modfix.syntax.mask import cell_language, masked
from modfix.syntax.module import SyntaxFault
from modfix.syntax.names import name_use
from modfix.syntax.parse import Parsed, parse_cell
from modfix.syntax.spans import node_spans

DEEP: dict[str, Callable[[int], str]] = {
    "parentheses": lambda n: "(" * n + "1" + ")" * n,
    "lists": lambda n: "[" * n + "]" * n,
    "calls": lambda n: "f(" * n + ")" * n,
    "unary": lambda n: "x = " + "-" * n + "1",
    "binary": lambda n: "x = 1" + "+1" * n,
    "attributes": lambda n: "a" + ".b" * n,
    "subscripts": lambda n: "a" + "[0]" * n,
    "or": lambda n: "x = " + "a or " * n + "b",
    "comparisons": lambda n: "x = " + "a < " * n + "b",
    "lambdas": lambda n: "x = " + "lambda: " * n + "1",
    "ternaries": lambda n: "x = " + "1 if a else " * n + "1",
    "elif": lambda n: "if x:\n pass\n" + "elif x:\n pass\n" * n,
    "decorators": lambda n: "@a\n" * n + "def f(): pass",
    "f-strings": lambda n: "x = " + "f'{1}' " * n,
}


@pytest.mark.parametrize("depth", [50, 500, 20_000])
@pytest.mark.parametrize("shape", DEEP)
def test_deep_nesting_is_read_or_refused(shape: str, depth: int) -> None:
    text = DEEP[shape](depth)
    parsed = parse_cell(text)
    if isinstance(parsed, SyntaxFault):
        assert depth > 50 and parsed.message
        return
    start, end = node_spans(parsed.tree)[id(parsed.tree.body[0])]
    assert text[start:end].strip() and text[end:].strip() == ""
    name_use(parsed.tree.body[0])


def test_deep_trees_are_placed_in_several_threads_at_once() -> None:
    """As the grades of modules that are verified side by side need it."""
    parsed = parse_cell(DEEP["attributes"](500))
    assert isinstance(parsed, Parsed)
    often, usual, limit = 1e-5, sys.getswitchinterval(), sys.getrecursionlimit()
    sys.setswitchinterval(often)
    try:
        with ThreadPoolExecutor(4) as threads:
            every = list(threads.map(node_spans, [parsed.tree] * 60))
    finally:
        sys.setswitchinterval(usual)
    assert all(spans == every[0] for spans in every)
    assert sys.getrecursionlimit() == limit  # as it was for everybody


@pytest.mark.parametrize(
    ("source", "hidden"),
    [
        ("%matplotlib inline\nx = 1", {1}),
        ("!pip install a \\\n  b\nx = 1", {1, 2}),
        ("files = !ls\nfor f in files:\n    !cat {f}", {1, 3}),
        ("x = %timeit -o f()\nx?", {1, 2}),
        ("?print\nprint??", {1, 2}),
        ("%%time\nx = 1", {1}),
        ("x = (1\n  % 2)", set()),
        ('s = """\n%s\n!x\n"""', set()),
        ("await f()", set()),
    ],
)
def test_lines_of_ipython_are_masked_and_only_those(source: str, hidden: set[int]) -> None:
    parsed = parse_cell(source)
    assert isinstance(parsed, Parsed)
    assert parsed.masked_lines == hidden
    assert len(parsed.text) == len(source)


@pytest.mark.parametrize(
    ("source", "language"),
    [("%%bash\nls", "bash"), ("%%writefile a.py\nx =", "writefile"), ("%%time\nx = 1", "")],
)
def test_cells_in_another_language_are_known(source: str, language: str) -> None:
    assert cell_language(source) == language


def test_masking_keeps_every_offset() -> None:
    source = "a = 1\n  !ls -l\nb = %x\n%y \\\nz"
    text, _ = masked(source)
    assert [len(line) for line in text.split("\n")] == [len(line) for line in source.split("\n")]


@pytest.mark.parametrize(
    ("source", "message", "offset"),
    [
        ("x = 1\nif x\n", "expected ':'", 10),
        ("def f(:\n", "invalid syntax", 6),
        ("x = '\0'", "null bytes", 0),
    ],
)
def test_a_fault_says_what_and_where(source: str, message: str, offset: int) -> None:
    fault = parse_cell(source)
    assert isinstance(fault, SyntaxFault)
    assert message in fault.message and fault.offset == offset
