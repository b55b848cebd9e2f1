"""New cells of a notebook, in its own format."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from modfix.document.json_style import source_lines
from modfix.document.notebook import Notebook


def new_cell_value(
    notebook: Notebook, kind: str, source: str, metadata: Mapping[str, object], origin: str
) -> dict[str, object]:
    """A cell as JSON, its keys in the order in which nbformat writes them; `origin` tells
    edits with the same source apart."""
    lines = source_lines(source)
    value: dict[str, object] = {"cell_type": kind, "metadata": dict(metadata)}
    if (notebook.major, notebook.minor) >= (4, 5):
        value["id"] = _fresh_id(notebook, source, origin)
    if notebook.major == 3 and kind == "code":
        value |= {"collapsed": False, "input": lines, "language": "python", "outputs": []}
    else:
        value["source"] = lines
    if notebook.major >= 4 and kind == "code":
        value |= {"execution_count": None, "outputs": []}
    return dict(sorted(value.items()))


def _fresh_id(notebook: Notebook, source: str, origin: str) -> str:
    """An id that the notebook does not have; the same edit gives the same id."""
    taken = {cell.notebook_id for cell in notebook.cells}
    number = 0
    while True:
        name = hashlib.sha256(
            f"{origin}:{number}:{source}".encode("utf-8", "surrogatepass")
        ).hexdigest()[:8]
        if name not in taken:
            return name
        number += 1
