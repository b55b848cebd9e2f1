"""Fixes that cannot be made without loss: shown with the reason, never made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modfix.document.document import Document
from modfix.document.edit import Edit, InsertCell, MetadataEdit, RemoveCell, SplitCell, TextEdit
from modfix.lint.possible import MAGICS, made_possible
from modfix.rule import Applicability, Finding, Fix, Severity
from tests.course import modfix

# A cell, an edit of it, and whether the edit leaves IPython's lines alone.
CASES: list[tuple[str, Edit, bool]] = [
    ("%ls\nx = 1", TextEdit(0, 4, 9, "y = 2"), True),
    ("%ls\nx = 1", TextEdit(0, 0, 0, "import os\n"), True),
    ("%ls\nx = 1", TextEdit(0, 3, 3, "\ny = 2"), True),
    ("%ls\nx = 1", TextEdit(0, 0, 0, "    "), False),
    ("%ls\nx = 1", TextEdit(0, 0, 4, ""), False),
    ("%ls\nx = 1", TextEdit(0, 3, 9, ""), True),
    ("!a\n!b", TextEdit(0, 0, 5, "!b\n!a"), False),
    ("%%time\nx = 1", TextEdit(0, 0, 0, "import os\n"), False),
    ("%%time\nx = 1\ny = 2", SplitCell(0, 13), False),
    ("%ls\nx = 1\ny = 2", SplitCell(0, 10), True),
    ("%%bash\nls", TextEdit(0, 7, 9, "ll"), False),
    ("%%bash\nls", MetadataEdit(0, "nbgrader", {}), True),
    ("%%bash\nls", RemoveCell(0), False),
    ("%%bash\nls", InsertCell(0, "x = 1"), True),
    ("for x in y:\n    !echo {x}\n    z = 1", TextEdit(0, 30, 35, "w = 2"), True),
    ("for x in y:\n    !echo {x}\n    z = 1", TextEdit(0, 12, 16, "        "), False),
    ("# %ls\nx = 1", TextEdit(0, 0, 6, ""), False),
    ("# %%time\nx = 1\ny = 2", SplitCell(0, 15), False),
    ("# !pip install a\nx = 1", TextEdit(0, 0, 0, "    "), False),
    ("# a comment\nx = 1", TextEdit(0, 0, 12, ""), True),
]


@pytest.mark.parametrize(("source", "edit", "possible"), CASES)
def test_lines_of_ipython_stay(source: str, edit: Edit, possible: bool) -> None:
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": source, "outputs": []}
    text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    document = Document.from_bytes(Path("m.ipynb"), text.encode())
    finding = Finding("A1", "a", Severity.ERROR, "a", 0, fix=Fix("a", (edit,)))
    [found] = made_possible([finding], document)
    assert found.fix is not None
    assert (found.fix.applicability is Applicability.SAFE) is possible
    assert found.fix.obstacle == ("" if possible else MAGICS)


MD = """\
---
jupyter:
  jupytext:
    formats: md
---

```python
#| default_exp a
def test_f():
    assert 1

test_f()
```
"""


def test_what_is_refused_in_markdown_is_said_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "m.md"
    path.write_text(MD)
    checked = modfix("check", path.name, "--select", "NBG101,RUN101", cwd=tmp_path)
    assert checked.stdout.splitlines()[-1] == (
        "Found 2 errors in 1 module (1 fixable with `modfix fix --write`)."
    )
    options = ("--select", "NBG101,RUN101", "--write", "--no-verify")
    fixed = modfix("fix", path.name, *options, cwd=tmp_path)
    assert fixed.returncode == 1
    assert fixed.stderr == (
        "m.md: 1 repair of NBG101 not made: a notebook in this text format is changed only inside "
        "its code cells; convert it with `jupytext --to py:percent`, repair that and convert it "
        "back\n"
    )
    assert path.read_text() == MD.replace(
        "test_f()\n```", 'if __name__ == "__main__":\n    test_f()\n```'
    )
