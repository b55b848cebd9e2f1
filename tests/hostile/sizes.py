"""Modules that are far too large, each by its number of units."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from tests.hostile.notebooks import CODE, notebook

PROSE = CODE | {"cell_type": "markdown"}
IMAGE = {"output_type": "display_data", "metadata": {}, "data": {"image/png": ""}}


@dataclass(frozen=True, slots=True)
class Large:
    """A kind of large module: its suffix, its text by size, the size that the issue names."""

    suffix: str
    text: Callable[[int], str]
    size: int


def script(text: Callable[[int], str], size: int) -> Large:
    """A percent script."""
    return Large(".py", text, size)


def code(source: Callable[[int], str], size: int) -> Large:
    """A percent script of one code cell."""
    return Large(".py", lambda n: f"# %%\n{source(n)}\n", size)


def prose(source: Callable[[int], str], size: int) -> Large:
    """A percent script of one markdown cell, commented."""
    return Large(".py", lambda n: f"# %% [markdown]\n{source(n)}\n", size)


def cells(cell: Callable[[int], dict[str, object]], size: int) -> Large:
    """A notebook of many cells."""
    return Large(
        ".ipynb", lambda n: notebook(json.dumps([cell(i) for i in range(n)], indent=1)), size
    )


def _image(n: int) -> dict[str, object]:
    data = {"image/png": "iVBORw0K" * (n // 8)}
    return CODE | {"outputs": [IMAGE | {"data": data}]}


def _same_key(n: int) -> str:
    """A cell's members, one of them many times."""
    return '"source": "a", ' * n + json.dumps(CODE)[1:-1]


M = 1_000_000
LARGE: dict[str, Large] = {
    "a marker with options of 10 MB": script(lambda n: "# %% " + "k=1 " * (n // 4) + "\n", 10 * M),
    "a marker of 10 MB that quotes options": script(
        lambda n: '# %% k="' + "a=b " * (n // 4) + '"\n', 10 * M
    ),
    "a string of 10 MB on one line": code(lambda n: f"x = '{'a' * n}'", 10 * M),
    "a comment of 10 MB on one line": code(lambda n: "# " + "a" * n, 10 * M),
    "quotes of 10 MB on one line": code(lambda n: "# " + "\"'" * (n // 2), 10 * M),
    "open quotes of 10 MB on one line": code(lambda n: "x = " + "''\"" * (n // 3), 10 * M),
    "10 MB of blanks on a line that does not parse": code(lambda n: "x" + " " * n + "y", 10 * M),
    "10 MB of blanks before what does not parse": code(lambda n: "a\n" + " " * n + "y z", 10 * M),
    "a list of 10 MB on one line": code(lambda n: f"x = [{'1,' * (n // 2)}]", 10 * M),
    "a name of 10 MB": code(lambda n: "a" * n + " = 1", 10 * M),
    "a number of 10 MB": code(lambda n: "x = " + "1" * n, 10 * M),
    "a magic of 10 MB": code(lambda n: "!" + "a" * n, 10 * M),
    "magics of 10 MB": code(lambda n: "!ls\n" * (n // 4), 10 * M),
    "directives of 10 MB": code(lambda n: "#| a\n" * (n // 5), 10 * M),
    "prose of 10 MB on one line": prose(lambda n: "# " + "a" * n, 10 * M),
    "a title of 10 MB": script(lambda n: f"# %% {'a ' * (n // 2)}\nx = 1\n", 10 * M),
    "options of 1 MB": script(lambda n: f"# %% {'a=1 ' * (n // 4)}\nx = 1\n", M),
    "equal signs of 1 MB": script(lambda n: f"# %% a{'=' * n}\nx = 1\n", M),
    "a chain of options of 1 MB": script(lambda n: f"# %% {'a=' * (n // 2)}\nx = 1\n", M),
    "options without values of 1 MB": script(lambda n: f"# %% a=1 {'.b ' * (n // 3)}\n", M),
    "an object of 1 MB": script(lambda n: f"# %% {{{''.join(f'{i}' for i in range(n // 7))}\n", M),
    "blanks of 10 MB in a marker": script(lambda n: f"# %%{' ' * n}a\nx = 1\n", 10 * M),
    "blanks of 10 MB before a marker": script(lambda n: f"{' ' * n}# %%\nx = 1\n", 10 * M),
    "fences that nothing closes": prose(lambda n: "# ```a\n" * n, M),
    "fences that close": prose(lambda n: "# ```\n" * n, M),
    "strings that nothing closes": code(lambda n: "'''\n# %%\n" * n + "'''", M),
    "Windows line ends": code(lambda n: "# a\r\n" * n, M),
    "a header that nothing closes": script(lambda n: "# ---\n" + "# a: 1\n" * n, M),
    "100 MB of prose": prose(lambda n: ("# " + "a" * 97 + "\n") * (n // 100), 100 * M),
    "100 MB of data in strings": code(
        lambda n: "x = '''\n" + ("a" * 9_999 + "\n") * (n // 10_000) + "'''", 100 * M
    ),
    "100 MB of images": cells(lambda _: _image(1_000_000), 100),
    "one image of 100 MB": Large(".ipynb", lambda n: notebook(json.dumps([_image(n)])), 100 * M),
    "a million cells": script(lambda n: "# %%\nx = 1\n\n" * n, M),
    "a million cells of prose": script(lambda n: "# %% [markdown]\n# a\n\n" * n, M),
    "a million cells of a notebook": cells(lambda i: CODE | {"id": f"c{i}"}, M),
    "a million cells of prose in a notebook": cells(lambda i: PROSE | {"id": f"c{i}"}, M),
    "a hundred thousand different cells": script(
        lambda n: "".join(f"# %%\nx{i} = {i}\n\n" for i in range(n)), M // 10
    ),
    "a source of a million lines": cells(lambda _: CODE | {"source": ["#\n"] * 1_000}, 1_000),
    "a million keys": Large(
        ".ipynb",
        lambda n: notebook(json.dumps([CODE | {"metadata": {f"k{i}": i for i in range(n)}}])),
        M,
    ),
    "a million times the same key": Large(
        ".ipynb",
        lambda n: notebook(f"[{{{_same_key(n)}}}]"),
        M,
    ),
}
