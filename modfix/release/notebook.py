"""A module as the value of an `.ipynb` (format 4), before anything is taken out of it.

A notebook is its own JSON. A percent script is read by jupytext, whose reading of a cell (prose
out of its comments, magics out of theirs) is the one that counts. Nothing is written by it.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from modfix.document.document import Document
from modfix.errors import ModfixError

_PYTHON = {"display_name": "Python 3", "language": "python", "name": "python3"}
_FORMAT = 4
# The text is decoded already, and jupytext takes a script that declares UTF-8 only.
_CODING = re.compile(r"\A((?:#!.*\n)?[ \t\f]*#.*?coding[:=][ \t]*)[-\w.]+")
# What jupytext raises for text that it cannot read; RecursionError for options that nest deeply.
_FAILURES = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
_OF_THE_SCRIPT = ("lines_to_next_cell", "lines_to_end_of_cell_marker")  # jupytext's, on layout


def notebook_value(document: Document) -> dict[str, Any]:
    """The module as a notebook: a plain value that may be changed.

    Raises ModfixError for a notebook of another format than 4, and for a script that jupytext
    cannot read or reads as other cells than we.
    """
    return _own(document) if document.is_notebook else _converted(document)


def kernel_language(value: dict[str, Any]) -> str:
    """The language that nbgrader takes the stubs of (its `preprocessors/clearsolutions.py`)."""
    metadata = value.get("metadata")
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    language = kernel.get("language", "python") if isinstance(kernel, dict) else "python"
    return str(language)


def source_of(cell: dict[str, Any]) -> str:
    """The text of a cell, which may stand as a list of lines."""
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def _own(document: Document) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(document.text)
    if value.get("nbformat") != _FORMAT:
        raise ModfixError(
            f"a notebook of format {value.get('nbformat')} cannot be released",
            where=str(document.path),
            todo="convert it to format 4 first (jupyter nbconvert --to notebook)",
        )
    for each in (value, *value["cells"]):
        if not isinstance(each.get("metadata"), dict):
            each["metadata"] = {}  # it is refused, together with all else that is wrong
    return value


def _converted(document: Document) -> dict[str, Any]:
    # PERF: jsonschema loads this for the check of a format that no notebook has: two seconds.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    import jupytext
    import yaml

    try:
        read = jupytext.reads(_CODING.sub(r"\1utf-8", document.text, 1), fmt="py:percent")
    except (*_FAILURES, yaml.YAMLError) as error:
        what = f"jupytext cannot read it: {type(error).__name__}: {error}"
        raise ModfixError(what, where=str(document.path)) from None
    value: dict[str, Any] = json.loads(json.dumps(read, default=str))
    if len(value["cells"]) != len(document.cells):
        told = f"jupytext reads {len(value['cells'])} cells where modfix reads "
        raise ModfixError(f"{told}{len(document.cells)}", where=str(document.path))
    value["metadata"].pop("jupytext", None)  # it pairs the author's files, not the students'
    value["metadata"].setdefault("kernelspec", dict(_PYTHON))
    value["nbformat_minor"] = max(int(value["nbformat_minor"]), 5)
    for index, cell in enumerate(value["cells"]):
        cell["id"] = f"cell-{index}"  # jupytext's are random
        for key in _OF_THE_SCRIPT:
            cell["metadata"].pop(key, None)
    return value
