"""The release as an `.ipynb`: our own JSON, in the form in which Jupyter writes it."""

from __future__ import annotations

import json
import re

from modfix.release.student import StudentVersion

_INDENT = re.compile(r"[{\[]\r?\n( +|\t+)")


def notebook_release(version: StudentVersion) -> bytes:
    """The bytes of the students' notebook: UTF-8, indented as the instructor's (else by one)."""
    match = _INDENT.search(version.document.text) if version.document.is_notebook else None
    indent = match[1] if match else " "
    value = version.notebook()
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    if any("\ud800" <= char <= "\udfff" for char in text):  # half a pair: only an escape can say it
        text = json.dumps(value, indent=indent)
    return f"{text}\n".encode()
