"""IPython's lines, held against IPython's own transformer: what it can run we can parse, and what
we hide is what it changes."""

from __future__ import annotations

import ast
import json
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from modfix.syntax.mask import cell_language
from modfix.syntax.parse import Parsed, parse_cell

LINES = [
    "x = 1",
    "x = 1;",
    "%matplotlib inline",
    "% time f()",
    "%timeit -n 1 f(x) \\\n  + 2",
    "!pip install a \\\n  b",
    "!!ls",
    "!echo 'it''s (",
    "files = !ls {x}",
    'd["k"] = !ls',
    "a, b = %time f()",
    "t: str = %x y",
    "x = y = %time f()",
    "?print",
    "print??",
    "a.b[0]?",
    "%time?",
    "*int*?",
    ",f a b",
    ";f a b",
    "/f a b",
    "for f in files:\n    !cat {f}\n    %time g(f)",
    "if x:\n    y = !ls\nelse:\n    y?",
    's = """\n%s\n!x\ny?\n"""',
    "s = 'a\\\n%b'",
    "x = (a\n  %b\n  )",
    "x = [1,  # what?\n %y]",
    "x = a \\\n %b",
    "x = {  # (\n}",
    "# %matplotlib inline",
    "# what?",
    "x = 1  # why?",
    "print('?')",
    "f('%s' % x)",
    "await f()",
    "async for x in y:\n    pass",
    "async with a as b:\n    await b",
    "[x async for x in y]",
    "def f():\n    return 1",
    "",
    "   ",
]
FIRST = ["", "", "", "%%time\n", "%%timeit -n 1\n", "%%capture out\n", "\n\n%%prun\n", "# x\n"]


@st.composite
def cells(draw: st.DrawFn) -> str:
    lines = draw(st.lists(st.sampled_from(LINES), max_size=5))
    return draw(st.sampled_from(FIRST)) + "\n".join(lines)


def parses(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except SyntaxError:
            return False
    return True


def as_python(source: str) -> str | None:
    """What IPython makes of a cell (the body of a cell magic that runs Python too), or None."""
    first, _, body = source.lstrip("\n").partition("\n")
    if first.startswith("%%"):
        return as_python(body or "0")
    try:
        return TransformerManager().transform_cell(source)
    except SyntaxError:
        return None


@given(cells())
def test_what_ipython_can_run_is_parsed(source: str) -> None:
    theirs = as_python(source)
    ours = parse_cell(source)
    if theirs is not None and parses(theirs):
        assert isinstance(ours, Parsed), ours
    if isinstance(ours, Parsed):
        assert theirs is not None
        assert [len(line) for line in ours.text.split("\n")] == [
            len(line) for line in source.split("\n")
        ]
        if ours.masked_lines:
            assert theirs.strip() != source.strip()


@pytest.mark.parametrize("source", [line for line in LINES if "await" in line or "async" in line])
def test_await_at_top_level_is_python(source: str) -> None:
    parsed = parse_cell(source)
    assert isinstance(parsed, Parsed) and not parsed.masked_lines
    assert compile(source, "x", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


LANGUAGES = [
    ("%%bash\nls", "bash"),
    ("\n  %%html\n<p>", "html"),
    ("%%writefile a.py\nx =", "writefile"),
    ("%%python\nprint 1", "python"),
    ("%%!\nls", "!"),
    ("%%script bash -e\nls", "script"),
    ("%%R -i x\nprint(x)", "R"),
    ("%%time\nx = 1", ""),
    ("%%capture --no-stderr out\nx = 1", ""),
    ("%%bash?", ""),
    ("# a comment first\n%%bash\nls", ""),
    ("x = 1", ""),
]


@pytest.mark.parametrize(("source", "language"), LANGUAGES)
def test_cells_in_another_language_are_known(source: str, language: str) -> None:
    assert cell_language(source) == language


@pytest.mark.parametrize("source", ["pip install numpy", "\ncd ..\n", "time f()", "ls *.py"])
def test_a_cell_of_one_line_may_leave_out_the_percent_sign(source: str) -> None:
    parsed = parse_cell(source)
    assert isinstance(parsed, Parsed) and len(parsed.masked_lines) == 1
    assert len(parsed.text) == len(source)
    assert not isinstance(parse_cell(f"x = 1\n{source.strip()}"), Parsed), json.dumps(source)
