"""Repairs of percent scripts by the NBG and SYS rules alone, and what is read from the result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jupytext
from nbformat import NotebookNode
from nbgrader.nbgraderformat.v3 import MetadataValidatorV3

from modfix.config import settings_from
from modfix.document.document import Document
from modfix.fix.rounds import Repair, repair
from modfix.lint.registry import make_rules
from modfix.rule import Applicability

SETTINGS = settings_from({}, where="tests")


def repaired(
    text: str, *codes: str, path: str = "17_compression/compression_dev.py", unsafe: bool = False
) -> Repair:
    """Repair a script with the rules whose codes begin so."""
    wanted = codes or ("NBG1",)
    rules = [rule for rule in make_rules(SETTINGS.rules) if rule.code.startswith(wanted)]
    document = Document.from_bytes(Path(path), text.encode())
    return repair(
        document,
        rules,
        SETTINGS,
        lambda finding: (
            finding.fix is not None and (unsafe or finding.fix.applicability is Applicability.SAFE)
        ),
    )


def markers(text: str) -> list[str]:
    """The marker lines of the code cells."""
    document = Document.from_bytes(Path("a_dev.py"), text.encode())
    return [c.marker.text for c in document.cells if c.kind == "code" and c.marker is not None]


def metadata(text: str) -> list[dict[str, Any]]:
    """The nbgrader metadata of each code cell."""
    document = Document.from_bytes(Path("a_dev.py"), text.encode())
    return [dict(cell.nbgrader or {}) for cell in document.cells if cell.kind == "code"]


def ids(text: str) -> list[str]:
    """The ids of the code cells."""
    return [entry.get("grade_id", "") for entry in metadata(text)]


def sources(text: str) -> list[str]:
    """The sources of the code cells."""
    document = Document.from_bytes(Path("a_dev.py"), text.encode())
    return [cell.source for cell in document.cells if cell.kind == "code"]


def accepted_notebook(text: str) -> NotebookNode:
    """What jupytext makes of a script; nbgrader's own validator must accept it."""
    notebook = jupytext.reads(text, fmt="py:percent")
    MetadataValidatorV3().validate_nb(notebook)
    return notebook
