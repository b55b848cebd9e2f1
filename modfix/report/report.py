"""What there is to report, and the formats in which it can be: one a file, imported when asked."""

from __future__ import annotations

import importlib
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from modfix.lint.checked import Located

if TYPE_CHECKING:
    from modfix.document.document import Document

# Each is a file of this folder with a function `render(report: Report) -> str`.
FORMATS = {
    "concise": "concise",
    "full": "full",
    "grouped": "grouped",
    "json": "json_array",
    "json-lines": "json_lines",
    "github": "github",
    "gitlab": "gitlab",
    "junit": "junit",
    "sarif": "sarif",
    "rdjson": "rdjson",
}
WITH_CHANGES = frozenset({"json", "json-lines", "sarif", "rdjson"})  # they carry what fixes change


@dataclass(frozen=True)
class Report:
    """The findings of a run, the modules that were checked, and how many findings are known.

    `read` gives the document of a path, for formats that show its text. `colour` says whether
    the output takes colours.
    """

    findings: Sequence[Located]
    modules: Sequence[str]
    read: Callable[[str], Document]
    known: int = 0
    fixed: int = 0
    statistics: bool = False
    documents: dict[str, Document] = field(default_factory=dict)

    def document(self, path: str) -> Document:
        """The document of a finding, read once."""
        if path not in self.documents:
            self.documents[path] = self.read(path)
        return self.documents[path]

    @cached_property
    def by_path(self) -> dict[str, list[Located]]:
        """The findings of each module that has any, in order."""
        found: dict[str, list[Located]] = {}
        for each in self.findings:
            found.setdefault(each.path, []).append(each)
        return found

    @cached_property
    def fingerprints(self) -> list[str]:
        """One for each finding: the same as long as rule, file and text are, never twice.

        Of equal findings the second has another one, for GitLab takes equal ones for one.
        """
        import hashlib  # PERF: it loads OpenSSL

        seen: Counter[tuple[str, str]] = Counter()
        found = []
        for each in self.findings:
            key = (relative(each.path), each.anchor)
            seen[key] += 1
            text = "\0".join([*key, str(seen[key])])
            found.append(hashlib.sha256(text.encode(errors="replace")).hexdigest()[:32])
        return found


def render(report: Report, name: str) -> str:
    """A report in one of the `FORMATS`, without a final newline."""
    module = importlib.import_module(f"modfix.report.{FORMATS[name]}")
    text: str = module.render(report)
    return text


def relative(path: str) -> str:
    """A path from the current folder, with `/`: what services that show annotations expect."""
    whole = Path(os.path.abspath(path))  # noqa: PTH100  (a link keeps its own name)
    here = Path.cwd()
    return (whole.relative_to(here) if whole.is_relative_to(here) else whole).as_posix()


def cell_words(each: Located) -> str:
    """`cell 3 `test-add`, line 2`; the marker has no line."""
    name = f" `{each.cell_id}`" if each.cell_id else ""
    line = f", line {each.cell_line}" if each.cell_line else ""
    return f"cell {each.cell_index}{name}{line}"


def in_notebook(each: Located) -> bool:
    """Whether a finding lies in an `.ipynb`, whose lines nobody sees."""
    return each.path.endswith(".ipynb")


def told(each: Located) -> str:
    """The message; for a notebook with the cell, whose place the line of the JSON does not tell."""
    return f"{each.message} ({cell_words(each)})" if in_notebook(each) else each.message
