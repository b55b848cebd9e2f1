"""Odd files, by a name: each made in a folder, whose module it then is."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.hostile.notebooks import CODE, nested, notebook

OBJECT = '{"a":'
Make = Callable[[Path], Path]


def of(data: str | bytes, name: str = "m.py") -> Make:
    """A file of these bytes."""
    return partial(_written, data if isinstance(data, bytes) else data.encode(), name)


def _written(data: bytes, name: str, folder: Path) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def cells(*values: Any) -> Make:
    """A notebook of these cells."""
    return of(notebook(json.dumps(values)), "m.ipynb")


def code(**members: Any) -> Make:
    """A notebook of one code cell with these members."""
    return cells(CODE | {"source": "print(1)"} | members)


def raw(members: str) -> Make:
    """A notebook of one code cell with these members, as they stand."""
    return of(notebook(f'[{{"cell_type": "code", {members}}}]'), "m.ipynb")


def whole(text: str) -> Make:
    """A notebook of this text."""
    return of(text, "m.ipynb")


def envelope(**members: Any) -> Make:
    """An empty notebook with these members."""
    return whole(notebook("[]", **members))


def link(target: str, name: str = "m.py") -> Make:
    """A symbolic link."""
    return lambda folder: _made((folder / name), lambda path: path.symlink_to(target))


def pipe(name: str) -> Make:
    """A FIFO."""
    return lambda folder: _made(folder / name, os.mkfifo)


def _made(path: Path, make: Callable[[Path], Any]) -> Path:
    make(path)
    return path


def _deep(opening: str, closing: str = "", depth: int = 5_000) -> Make:
    return of(f"# %%\nx = {opening * depth}1{closing * depth}\n")


ODD: dict[str, Make] = {
    "plain": of("# %%\ndef test_a():\n    assert 1\n\ntest_a()\n"),
    "empty": of(""),
    "a null byte": of("# %%\nx = 1\0\n"),
    "a null byte far on": of("# %%\nx = 1\n" + "#a\n" * 5_000 + "\0\n"),
    "Latin-1": of(b"# %%\nx = '\xe9'\n"),
    "half a surrogate pair": of(b"# %%\nx = '\xed\xa0\x80'\n"),
    "UTF-16": of("# %%\nx = 1\n".encode("utf-16")),
    "an unknown encoding": of("# -*- coding: nonsense -*-\n# %%\nx = 1\n"),
    "UTF-7": of("# coding: utf-7\n# %%\nx = '+2AA-'\nprint(1)\n"),
    "rot13": of("# coding: rot13\n# %%\nx = 1\n"),
    "a header that is no YAML": of("# ---\n# jupyter: [\n# ---\n# %%\nprint(1)\n"),
    "Markdown with such a header": of("---\njupyter: [\n---\n```python\nprint(1)\n```\n", "m.md"),
    "options that nest": of('# %% a={"b": ' + '{"b": ' * 5_000 + "\nprint(1)\n"),
    "parentheses that nest": _deep("(", ")"),
    "lists that nest": _deep("[", "]", 150),
    "signs that nest": _deep("-"),
    "sums that nest": of("# %%\nx = 1" + "+1" * 20_000 + "\nprint(x)\n"),
    "attributes that nest": of("# %%\nx = a" + ".b" * 5_000 + "\n"),
    "branches that nest": of("# %%\nif a: pass\n" + "elif a: pass\n" * 3_000),
    "a JSON bomb": whole("[" * 100_000),
    "metadata that nest": raw(f'"source": "", "metadata": {nested(100_000, OBJECT, "}")}'),
    "a number that is too long": raw(f'"source": "", "metadata": {{"a": {"1" * 10_000}}}'),
    "keys that are there twice": raw(
        '"source": "print(1)", "source": ["print(2)"], "metadata": {}, '
        '"metadata": {"nbgrader": {"grade": true, "grade": false}}'
    ),
    "an escaped surrogate": raw('"metadata": {}, "outputs": [], "source": "print(\'\\ud800\')"'),
    "no source": cells({"cell_type": "code", "metadata": {}}),
    "a source that is a number": code(source=3),
    "a source of other than strings": code(source=["print(1)", 2, None]),
    "metadata that are a list": code(metadata=[1]),
    "metadata that are null": code(metadata=None),
    "nbgrader's metadata as a list": code(metadata={"nbgrader": [1]}),
    "tags that are an object": code(metadata={"tags": {"a": 1}}),
    "a kind that is a number": code(cell_type=3),
    "an id that is a number": code(id=3),
    "cells that are numbers": cells(1, 2),
    "cells that are an object": whole(notebook("{}")),
    "a format in words": envelope(nbformat="4"),
    "a newer format": envelope(nbformat=5),
    "metadata that are a number": envelope(metadata=3),
    "a kernel that is a list": whole(
        notebook(json.dumps([CODE]), metadata={"kernelspec": [1], "jupytext": 3})
    ),
    "an empty notebook file": whole(""),
    "a notebook that is null": whole("null"),
    "a pipe": pipe("p.py"),
    "a pipe for a notebook": pipe("p.ipynb"),
    "a link to a device": link("/dev/zero"),
    "a link to itself": link("m.py"),
    "a link to nothing": link("nowhere.py"),
    "a folder of that name": lambda folder: _made(folder / "m.py", Path.mkdir),
    "nothing": lambda folder: folder / "gone.py",
    "a name of two lines": of("# %%\nprint(1)\n", "new\nline.py"),
}  # fmt: skip
