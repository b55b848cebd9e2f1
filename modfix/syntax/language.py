"""Which cells are Python at all: the kernel's language, and what a cell says of its own.

A cell in R or Julia may well parse as Python (`x = f(1)`), and means something else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from modfix.document.cell import Cell
from modfix.document.document import Document
from modfix.document.header import read_header
from modfix.document.languages import usual_name
from modfix.document.notebook_layout import NotebookLayout

_PYTHON = re.compile(r"i?python[\d.]*|sage.*|xpython|micropython|pyodide.*|", re.IGNORECASE)
_MEMBER = re.compile(r'"(kernelspec|language_info|jupytext)"\s*:\s*(?=\{)')
_LONGEST_HEADER = 200  # lines
# Kernels that notebooks name without their language.
_KERNELS = re.compile(
    r"(?P<R>ir\d*|xr|r)|(?P<julia>julia.*)|(?P<bash>bash)|(?P<java>java|rapaio.*|ijava)|"
    r"(?P<octave>x?octave|matlab.*)|(?P<ruby>ruby.*)|(?P<scala>scala.*|almond)|(?P<cpp>xcpp\d*)|"
    r"(?P<javascript>javascript|node.*|deno|tslab|jslab)|(?P<csharp>\.net-.*)|(?P<sql>xsqlite|sql.*)",
    re.IGNORECASE,
)


def speaks_python(document: Document) -> bool:
    """Whether the cells of a document are Python, unless they say otherwise: its kernel is, or it
    names none."""
    return bool(_PYTHON.fullmatch(kernel_language(document)))


def kernel_language(document: Document) -> str:
    """The language of a document's kernel, "" where it names none."""
    if isinstance(document.layout, NotebookLayout):
        return _of_notebook(document.text, document.layout)
    lines = document.text.split("\n", _LONGEST_HEADER)[:_LONGEST_HEADER]
    if lines[0] == "---":
        return _of_front_matter(lines[1:])
    return (read_header(lines).language or "") if any("jupyter:" in line for line in lines) else ""


def _of_front_matter(lines: list[str]) -> str:
    """That of a text notebook; MyST has the members of `jupyter` at the margin, and Quarto may name
    a kernel alone."""
    if "---" not in lines:
        return ""
    import yaml  # PERF: jupytext, which has read the notebook, needs it too

    try:
        whole = yaml.safe_load("\n".join(lines[: lines.index("---")]))
    except yaml.YAMLError:
        return ""
    jupyter = whole.get("jupyter", whole) if isinstance(whole, dict) else {}
    if isinstance(jupyter, str):
        jupyter = {"kernelspec": {"name": jupyter}}
    return _named(jupyter) if isinstance(jupyter, dict) else ""


def _of_notebook(text: str, layout: NotebookLayout) -> str:
    parts = layout.notebook.parts
    outside = (text[parts[-1].end :], text[: parts[0].start]) if parts else (text,)
    found: dict[str, dict[str, object]] = {}
    for stretch in outside:
        for match in _MEMBER.finditer(stretch):
            try:
                value, _ = json.JSONDecoder().raw_decode(stretch, match.end())
            except (ValueError, RecursionError):
                continue
            found.setdefault(match[1], value)
    return _named(found)


def _named(metadata: Mapping[str, object]) -> str:
    """The language that the metadata of a notebook name: jupytext's word counts first."""
    parts = (metadata.get(key) for key in ("jupytext", "kernelspec", "language_info"))
    jupytext, kernel, info = (part if isinstance(part, dict) else {} for part in parts)
    known = _KERNELS.fullmatch(str(kernel.get("name", "")))
    named = (
        jupytext.get("main_language")
        or kernel.get("language")
        or info.get("name")
        or (known and known.lastgroup)
    )
    return named if isinstance(named, str) else ""


def is_python(cell: Cell) -> bool | None:
    """Whether a code cell says that it is Python, or that it is not; None where it says nothing.

    On a marker line (`# %% language="R"`), in nbformat 3 and for kernels of several languages that
    is `language`, in editors' notebooks `vscode.languageId`.
    """
    named = cell.metadata.get("language")
    for option in cell.marker.options if cell.marker is not None else ():
        if option.key == "language":
            named = option.value
    editor = cell.metadata.get("vscode")
    if isinstance(editor, dict):
        named = editor.get("languageId", named)
    if not isinstance(named, str) or not named:
        return None
    return bool(_PYTHON.fullmatch(usual_name(named)))
