"""IPython lines, hidden from the parser without moving a character.

A cell that is valid Python is never touched: `%` at the start of a continued line is arithmetic.
Only when it does not parse are the lines that IPython would take replaced, each by an expression
and a comment of the same length, so that offsets in tree and text stay equal. Which lines those
are is IPython's judgement (`core/inputtransformer2.py`): the first token of a logical line, a
question mark at its end, or what follows its `=`.
"""

from __future__ import annotations

import re
from itertools import pairwise

from modfix.syntax.logical_lines import LogicalLines, line_starts

_MAYBE = re.compile(r"^[ \t]*[%!?,;/]|\?[ \t]*$|=[ \t]*[%!]", re.MULTILINE)
_ESCAPED = re.compile(r"[ \t]*(?=[%!?,;/])")
_HELP = re.compile(r"%{0,2}(?!\d)[\w*]+(\.(?!\d)[\w*]+|\[-?[0-9]+\])*\?\??$")
_LONGEST_NAME = 500  # characters that are looked at: a search from each takes their square
_MAGIC_VALUE = re.compile(r"\s*(%\s*[^\W\d]|!)")
_COMMENTED = re.compile(r"^[ \t]*#+[ \t]*(%{1,3}[A-Za-z]|[?!][ \t]*[A-Za-z.~$\\/{}])", re.MULTILINE)
_WHOLE = re.compile(r"\s*(#[ \t]*)?%%[^\s%]")
_CELL_MAGIC = re.compile(r"\s*%%([^\s?]+)(?=\s|$)")
# Cell magics whose body runs as the module's own Python. (`%%python` starts another one.)
_PYTHON_MAGICS = frozenset(
    ["capture", "debug", "lprun", "memit", "mprun", "prun", "time", "timeit"]
)
# Magics that people call without the `%`, as IPython allows in a cell of one line.
_BARE = re.compile(
    r"(pip|conda|mamba|uv|cd|ls|ll|pwd|cat|cp|mv|rm|mkdir|rmdir|man|more|less|time|timeit|run|"
    r"load|load_ext|reload_ext|matplotlib|pylab|autoreload|config|env|set_env|who|whos|reset|"
    r"store|pinfo|pinfo2|pdoc|psource|pfile|history|alias|bookmark|precision|prun|debug|pdb)\b"
)


def cell_language(source: str) -> str:
    """The magic that makes a cell something else than Python of the module (`bash`), or ""."""
    match = _CELL_MAGIC.match(source) if "%%" in source else None
    return "" if match is None or match[1] in _PYTHON_MAGICS else match[1]


def masked(source: str) -> tuple[str, frozenset[int]]:
    """The source with IPython's lines replaced, and the numbers (from 1) of those lines."""
    if not _MAYBE.search(source):
        return _bare_masked(source)
    starts = [*line_starts(source), len(source)]
    lines = [source[at:end] for at, end in pairwise(starts)]
    state, hidden = LogicalLines(), set[int]()
    continued = False
    for number, whole in enumerate(lines):
        line = whole.rstrip("\r\n")
        if continued:
            shown = "#" * len(line)
        elif state.fresh and (start := _magic_start(line, state)) >= 0:
            shown = _placeholder(line, start)
        else:
            state.read(line)
            continue
        lines[number] = shown + whole[len(line) :]
        hidden.add(number + 1)
        continued = line.endswith("\\")
    return "".join(lines), frozenset(hidden)


def _magic_start(line: str, state: LogicalLines) -> int:
    """The offset at which IPython's part of a logical line begins, or -1."""
    match = _ESCAPED.match(line)
    if match is not None:
        return match.end()
    code = line[: state.comment_start(line)].rstrip()
    if code == line.rstrip() and code.endswith("?") and _HELP.search(code[-_LONGEST_NAME:]):
        return len(line) - len(line.lstrip())
    value = state.assigned_value(line)
    match = None if value < 0 else _MAGIC_VALUE.match(line, value)
    return -1 if match is None else match.start(1)


def _placeholder(line: str, start: int) -> str:
    return line[:start] + "0" + "#" * (len(line) - start - 1)


def _bare_masked(source: str) -> tuple[str, frozenset[int]]:
    """A cell that is one line with a magic's name in front: `pip install numpy`."""
    start = len(source) - len(source.lstrip())
    if "\n" in source.strip() or not _BARE.match(source, start):
        return source, frozenset()
    end = len(source.rstrip())
    line = source.count("\n", 0, start) + 1
    return source[:start] + _placeholder(source[start:end], 0) + source[end:], frozenset({line})


def ipython_lines(source: str) -> tuple[tuple[str, bool], ...]:
    """The lines of a cell that only IPython understands, and whether each rules the whole cell.

    A cell in another language is all one. Magics that jupytext has commented out count, too.
    """
    if not _MAYBE.search(source) and not _COMMENTED.search(source):
        return ()
    if cell_language(source):
        return ((source, True),)
    hidden = masked(source)[1]
    starts = [*line_starts(source), len(source)]
    lines = [source[at:end].rstrip("\r\n") for at, end in pairwise(starts)]
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    return tuple(
        (line, number == first and rules_whole_cell(line))
        for number, line in enumerate(lines)
        if number + 1 in hidden or _COMMENTED.match(line)
    )


def rules_whole_cell(source: str) -> bool:
    """Whether a cell magic, commented out or not, is the first line of a cell."""
    return bool(_WHOLE.match(source))
