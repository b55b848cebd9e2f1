"""Light and Sphinx scripts, Markdown, MyST, R Markdown and Quarto: jupytext's cells with true
lines; edits where nothing is lost, refused with the reason elsewhere."""

from __future__ import annotations

from pathlib import Path

import jupytext
import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modfix.document.document import Document
from modfix.document.edit import Edit, InsertCell, MetadataEdit, RemoveCell, SplitCell, TextEdit
from modfix.errors import ModfixError
from modfix.syntax.mask import cell_language

FORMATS = {
    "light": ("py:light", "m.py"),
    "sphinx": ("py:sphinx", "m.py"),
    "nomarker": ("py:nomarker", "m.py"),
    "markdown": ("md", "m.md"),
    "myst": ("md:myst", "m.md"),
    "rmarkdown": ("Rmd", "m.Rmd"),
    "quarto": ("Rmd", "m.qmd"),  # its code blocks are those of R Markdown
}
CODE = [
    "x = 1",
    "import os\n\n\ndef f():\n\n    return 1",
    "%matplotlib inline\nx = 1",
    "s = '''\n```\ntext\n'''",
    "f()\nx = 2;",
    "# only a comment",
    "x = 1  # a comment\n\n# another",
    "%%bash\nls",
]
PROSE = ["# A title\n\nprose", "* a list\n* of things", "text with `code` and $x$"]


@st.composite
def notebooks(draw: st.DrawFn) -> nbformat.NotebookNode:
    cells = []
    for _ in range(draw(st.integers(1, 5))):
        if draw(st.booleans()):
            tags = draw(st.sampled_from([{}, {"tags": ["a"]}]))
            code = draw(st.sampled_from(CODE))
            cells.append(nbformat.v4.new_code_cell(code, metadata=tags))
        else:
            cells.append(nbformat.v4.new_markdown_cell(draw(st.sampled_from(PROSE))))
    kernel = {"name": "python3", "language": "python", "display_name": "P"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def read(name: str, text: str) -> Document:
    return Document.from_bytes(Path(name), text.encode())


def code_of(cells: list[nbformat.NotebookNode]) -> list[list[str]]:
    return [cell.source.split("\n") for cell in cells if cell.cell_type == "code"]


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=30)
@given(data=st.data())
def test_cells_and_lines_are_true(name: str, data: st.DataObject) -> None:
    fmt, path = FORMATS[name]
    text = jupytext.writes(data.draw(notebooks()), fmt)
    document = read(path, text)
    theirs = jupytext.reads(text, fmt={"extension": "." + fmt.partition(":")[0]}).cells
    theirs = theirs[name == "sphinx" :]
    assert [cell.kind for cell in document.cells] == [cell.cell_type for cell in theirs]
    assert document.to_bytes() == text.encode()
    lines = text.split("\n")
    for cell, their in zip(document.cells, theirs, strict=True):
        if cell.kind != "code":
            continue
        assert bare(cell.source) == bare(their.source)
        other = cell_language(cell.source)
        for offset in [0, *(n + 1 for n, c in enumerate(cell.source) if c == "\n")]:
            line, _, within = document.place(cell.index, offset)
            said = cell.source.split("\n")[within - 1].strip()
            assert said in lines[line - 1] or (other and within == 1)


def bare(source: str) -> list[str]:
    """The lines without the comment signs that jupytext takes off magics."""
    return [line.strip().removeprefix("# ") for line in source.split("\n")]


MARKDOWN = """\
---
jupyter:
  kernelspec:
    name: python3
    display_name: Python 3
---

# Title

```python nbgrader={"grade": false}
def f():
    return 1
```

```bash
ls
```

```python
f()
```
"""
MADE = [
    ([TextEdit(1, 13, 21, "return 2")], "    return 1", "    return 2"),
    ([TextEdit(1, 0, 0, "x = 1\n\n\n")], "def f():\n", "x = 1\n\n\ndef f():\n"),
    ([TextEdit(1, 0, 0, "a\n"), TextEdit(3, 0, 3, "g()")], "f()\n```\n", "g()\n```\n"),
]
REFUSED: list[list[Edit]] = [
    [TextEdit(1, 0, 0, "```\n")],  # ends the block
    [TextEdit(1, 0, 21, 's = """\n```\n')],
    [TextEdit(0, 0, 0, "```python\nx\n```\n")],  # makes a cell
    [TextEdit(2, 0, 0, "x")],  # is no text of the file
    [MetadataEdit(1, "nbgrader", {})],
    [SplitCell(1, 9)],
    [InsertCell(1, "x")],
    [RemoveCell(1)],
    [TextEdit(1, 0, 0, "a\n"), RemoveCell(3)],
]


@pytest.mark.parametrize(("edits", "old", "new"), MADE)
def test_text_in_one_cell_is_changed_in_place(edits: list[Edit], old: str, new: str) -> None:
    document = read("m.md", MARKDOWN)
    assert document.obstacle(edits) == ""
    after = document.edited(document.replacements(edits))
    assert new in after.text and len(after.cells) == len(document.cells)
    assert len(edits) > 1 or after.text == MARKDOWN.replace(old, new)


@pytest.mark.parametrize("edits", REFUSED, ids=str)
def test_what_would_change_more_than_a_cell_is_refused(edits: list[Edit]) -> None:
    reason = read("m.md", MARKDOWN).obstacle(edits)
    assert "changed only inside its code cells" in reason and "jupytext --to" in reason


LIGHT = "# ---\n# jupyter:\n#   jupytext:\n#     formats: ipynb,py:light\n# ---\n\nx = 1\n\ny = 2\n"


def test_in_a_light_script_a_blank_line_begins_a_cell() -> None:
    document = read("m.py", LIGHT)
    assert [cell.source for cell in document.cells] == ["x = 1", "y = 2"]
    assert document.obstacle([TextEdit(0, 5, 5, "\nz = 3")]) == ""
    assert document.obstacle([TextEdit(0, 5, 5, "\n\nz = 3")]) != ""


def test_a_block_of_another_language_stands_on_its_own_lines() -> None:
    head = MARKDOWN[: MARKDOWN.index("# Title")]
    head = head.replace("    name:", "    language: python\n    name:")
    text = f"{head}```R\nlibrary(a)\n\nb\n```\n\nProse of %%R.\n\n```R\nc\n```\n"
    document = read("m.md", text)
    places = [
        document.place(cell.index, offset)[0]
        for cell in document.cells
        for offset in _line_starts(cell.source)
    ]
    lines = text.split("\n")
    said = ["```R", "library(a)", "", "b", "Prose of %%R.", "```R", "c"]
    assert [lines[place - 1] for place in places] == said


def _line_starts(source: str) -> list[int]:
    return [0, *(at + 1 for at, char in enumerate(source) if char == "\n")]


BROKEN = {
    "m.md": "---\njupyter:\n  jupytext: [\n---\n\n```python\nx\n```\n",
    "m.Rmd": "---\njupyter:\n---\n\n```{python a=)}\nx\n```\n",
    "k.md": "---\njupyter:\n  kernelspec:\n    name: x\n---\n\n```python\nx\n```\n",
    "n.md": "---\njupytext:\n  text_representation:\n    extension: .md\n    format_name: myst\n"
    "---\n\n```{code-cell}\n---\na: [\n---\nx\n```\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_jupytext_cannot_read_is_refused_in_one_line(name: str) -> None:
    with pytest.raises(ModfixError) as caught:
        read(name, BROKEN[name])
    message = str(caught.value)
    assert message.startswith(f"{name}: this is not a text notebook") and "\n" not in message
