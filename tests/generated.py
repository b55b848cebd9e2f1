"""Modules made of real code: files of the standard library, cut into cells at random, with
directives, metadata, bare calls, guarded tails, magics and other languages strewn in; as a percent
script and as a notebook."""

from __future__ import annotations

import ast
import json
import random
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from modfix.document.document import Document

FOLDER = Path(sysconfig.get_path("stdlib"))
LARGEST = 60_000  # bytes: larger files show nothing new and take long
MARKERS = [
    "# %%",
    "# %%",
    '# %% nbgrader={{"grade": false, "grade_id": "c{0}", "solution": true}}',
    '# %% nbgrader={{"grade": true, "grade_id": "t{0}", "points": 3}}',
    '# %% {{"nbgrader": {{"grade": true, "grade_id": "t{0}"}}, "tags": []}}',
    '# %% A title tags=["a"]',
]
MAGICS = ["# %matplotlib inline", "# !pip install numpy", "# %timeit f()", "# ?print"]
REAL_MAGICS = ["%matplotlib inline", "!ls {f}", "files = !ls", "%timeit f()", "print?"]
WHOLE_CELLS = ["%%bash\necho {f}", "%%html\n<b>f</b>", "%%writefile a.py\nx = ("]
IMAGE = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBOR" * 50}}
STYLES: list[dict[str, Any]] = [{"indent": 1}, {"indent": 4, "sort_keys": True}, {"indent": None}]


def library_files() -> list[Path]:
    """Files with tests first: they have what most rules look for."""
    found = [p for p in FOLDER.rglob("*.py") if "site-packages" not in p.parts]
    sizes = {path: path.stat().st_size for path in found}
    fitting = sorted(path for path in found if 500 < sizes[path] < LARGEST)
    return sorted(fitting, key=lambda path: "test" not in path.name)


def script(path: Path, rng: random.Random) -> Document | None:
    """A percent script made of a file, or None for one that is no Python (tests of the parser)."""
    try:
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    calls = dict(_callable_functions(tree))
    cuts = {_first_line(node) for node in tree.body if rng.random() < 0.4} | {1}
    lines: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if number in cuts:
            lines += _cell_start(number, rng)
        lines.append(line)
        if number in calls and rng.random() < 0.6:
            lines += ["", calls[number] + rng.choice(["()", "();", "()  # go"])]
    if calls and rng.random() < 0.4:
        tail = [f"    {name}()" for name in list(calls.values())[:2]]
        lines += ["# %%", 'if __name__ == "__main__":', *tail, *rng.choice([[], ["    print(1)"]])]
    newline = rng.choice(["\n", "\n", "\r\n"])
    return Document.from_bytes(Path("m_dev.py"), newline.join(lines).encode())


def generated(path: Path, rng: random.Random) -> str | None:
    """The text of such a script."""
    document = script(path, rng)
    return None if document is None else document.text


def _callable_functions(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.args.args:
            yield node.end_lineno or node.lineno, node.name


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def _cell_start(number: int, rng: random.Random) -> list[str]:
    prose = ["", "# %% [markdown]", "# Some **title** of Sequential", ""]
    export = ["#| export"] if rng.random() < 0.3 else []
    magic = [rng.choice(MAGICS)] if rng.random() < 0.1 else []
    before = prose if number > 1 and rng.random() < 0.2 else []
    return [*before, rng.choice(MARKERS).format(number), *export, *magic]


def notebook(source: Document, rng: random.Random) -> Document:
    """The same module as a notebook, with real magics, outputs and cells in other languages."""
    cells: list[dict[str, Any]] = []
    for cell in source.cells:
        text = cell.source
        if cell.kind == "code" and rng.random() < 0.15:
            text = rng.choice([f"{rng.choice(REAL_MAGICS)}\n{text}", f"%%time\n{text}"])
        cells.append(_json_cell(cell.kind, text, dict(cell.metadata), rng))
        if rng.random() < 0.05:
            cells.append(_json_cell("code", rng.choice(WHOLE_CELLS), {}, rng))
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": rng.choice([4, 5])}
    text = json.dumps(whole, ensure_ascii=rng.random() < 0.5, **rng.choice(STYLES))
    return Document.from_bytes(Path("m_dev.ipynb"), text.encode())


def _json_cell(
    kind: str, text: str, metadata: dict[str, object], rng: random.Random
) -> dict[str, Any]:
    source: Any = text if rng.random() < 0.3 else text.splitlines(keepends=True)
    cell = {"cell_type": kind, "metadata": metadata, "source": source}
    cell["id"] = f"c{rng.randrange(10**9)}"
    if kind == "code":
        outputs = [IMAGE] if rng.random() < 0.2 else []
        cell |= {"execution_count": None, "outputs": outputs}
    return cell
