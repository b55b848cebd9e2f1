"""One fix as a small diff, for a person who is to say yes or no to it."""

from __future__ import annotations

import difflib
import json

import click

from modfix.document.document import Document
from modfix.errors import one_line
from modfix.lint.located import located
from modfix.report.concise import finding_line
from modfix.rule import Finding

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def fix_shown(before: Document, after: Document, finding: Finding) -> str:
    """The finding, what its fix does and how sure it is, and the lines that change."""
    assert finding.fix is not None
    head = finding_line(located(before, [finding])[0])
    what = one_line(f"{finding.fix.message} ({finding.fix.applicability})")
    return "\n".join([head, f"fix: {what}", *_diff(before, after)])


def _diff(before: Document, after: Document) -> list[str]:
    lines = difflib.unified_diff(_lines(before), _lines(after), n=2, lineterm="")
    return [_coloured(line) for line in list(lines)[2:]]  # without the names of the files


def _lines(document: Document) -> list[str]:
    """The lines of a script; of a notebook those of its cells, not those of its JSON."""
    if not document.is_notebook:
        return document.text.split("\n")
    found = []
    for cell in document.cells:
        metadata = json.dumps(dict(cell.metadata), ensure_ascii=False, default=str)
        found += [f"# %% [{cell.kind}] {metadata}", *cell.source.split("\n"), ""]
    return found


def _coloured(line: str) -> str:
    shown = line[:1] + one_line(line[1:].expandtabs())
    colour = _COLOURS.get(line[:1])
    return click.style(shown, fg=colour) if colour else shown
