"""Cells with nbgrader metadata, alike as a percent script and a notebook, and what rules find."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions

from modfix.config import settings_from
from modfix.document.document import Document
from modfix.lint.registry import make_rules
from modfix.lint.run import lint
from modfix.rule import Finding

SETTINGS = settings_from({}, where="tests")
RULES = [rule for rule in make_rules(SETTINGS.rules) if rule.code.startswith("NBG")]
Kind = Literal["code", "markdown", "raw"]
Flags = dict[str, bool] | None

SOLUTION: Flags = {"grade": False, "solution": True, "locked": False, "task": False}
TEST: Flags = {"grade": True, "solution": False, "locked": True, "task": False}
MANUAL: Flags = {"grade": True, "solution": True, "locked": False, "task": False}
READ_ONLY: Flags = {"grade": False, "solution": False, "locked": True, "task": False}
TASK: Flags = {"grade": False, "solution": False, "locked": True, "task": True}


@dataclass(frozen=True)
class Made:
    """A cell to write: its text, its flags (None: no metadata at all) and its kind."""

    source: str
    flags: Flags = None
    kind: Kind = "code"


def metadata(flags: Flags, number: int) -> dict[str, Any]:
    """Complete metadata of schema 3 with these flags; {} for none."""
    if flags is None:
        return {}
    points = {"points": 5} if flags["grade"] or flags["task"] else {}
    entry = {**flags, "grade_id": f"cell-{number}", "schema_version": 3, **points}
    return {"nbgrader": dict(sorted(entry.items()))}


def script(*cells: Made) -> Document:
    """The cells as a percent script."""
    return Document.from_bytes(Path("made_dev.py"), "\n".join(_percent(cells)).encode())


def _percent(cells: tuple[Made, ...]) -> list[str]:
    texts = []
    for number, cell in enumerate(cells):
        kind = "" if cell.kind == "code" else f" [{cell.kind}]"
        options = "".join(f" {k}={json.dumps(v)}" for k, v in metadata(cell.flags, number).items())
        text = cell.source if cell.kind == "code" else f'"""\n{cell.source}\n"""'
        texts.append(f"# %%{kind}{options}\n{text}\n")
    return texts


def notebook_node(*cells: Made) -> NotebookNode:
    """The cells as a notebook."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    new = {
        "code": nbformat.v4.new_code_cell,
        "markdown": nbformat.v4.new_markdown_cell,
        "raw": nbformat.v4.new_raw_cell,
    }
    made = [
        new[cell.kind](cell.source, metadata=metadata(cell.flags, number))
        for number, cell in enumerate(cells)
    ]
    return nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": kernel})


def notebook(*cells: Made) -> Document:
    """The notebook as we read it."""
    text = nbformat.writes(notebook_node(*cells))
    return Document.from_bytes(Path("made.ipynb"), text.encode())


def found(document: Document) -> list[tuple[str, int, int]]:
    """What the NBG rules find: code, cell, and line in the cell (0: its marker)."""
    findings = lint(document, RULES, SETTINGS)
    return [(each.code, each.cell, _line(document, each)) for each in findings]


def _line(document: Document, finding: Finding) -> int:
    if finding.start is None:
        return 0
    cell = document.cells[finding.cell]
    quoted = cell.kind != "code" and cell.source.startswith('"""\n')
    return cell.source.count("\n", 0, finding.start) + (0 if quoted else 1)


def released(node: NotebookNode) -> list[str] | str:
    """The sources that nbgrader's preprocessors leave, or the words with which one refuses."""
    for preprocessor in (ClearSolutions(), ClearHiddenTests(), ClearMarkScheme()):
        preprocessor.log.disabled = True  # it tells of the refusal, with the cell
        try:
            node, _ = preprocessor.preprocess(node, {})
        except RuntimeError as error:
            return " ".join(str(error).split())
    return [cell.source for cell in node.cells]
