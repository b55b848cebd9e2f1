"""A document as a notebook, made by jupytext as `jupytext --to notebook` makes it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from modfix.document.document import Document
from modfix.document.text_formats import READ_AS

if TYPE_CHECKING:
    from nbformat import NotebookNode


class ConversionError(Exception):
    """jupytext cannot read the module; the text says why."""


# What jupytext raises for text that it cannot read; RecursionError for options that nest deeply.
_FAILURES = (ValueError, TypeError, KeyError, AttributeError, RecursionError)


def to_notebook(document: Document) -> NotebookNode:
    """Convert with jupytext; a document that is a notebook is read. Raises ConversionError."""
    # PERF: jsonschema loads this for the check of a format that no notebook has: two seconds.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    import jupytext
    import nbformat
    import yaml

    try:
        notebook: NotebookNode
        if document.is_notebook:
            notebook = nbformat.reads(document.text, as_version=4)
        else:
            notebook = jupytext.reads(document.text, fmt=jupytext_format(document))
    except (*_FAILURES, yaml.YAMLError) as error:
        # Its header is YAML of any shape, and jupytext does not check the shape.
        raise ConversionError(f"{type(error).__name__}: {error}") from error
    return notebook


def jupytext_format(document: Document) -> str | dict[str, str]:
    """What jupytext is told of a document's format; of text that is no script, its suffix."""
    if document.is_python:
        return "py:percent"
    return {"extension": READ_AS[document.path.suffix]}


def kernel_language(notebook: Any) -> str:
    """The language of the kernel that the header names, in lower case; Python by default."""
    kernel = notebook.metadata.get("kernelspec")
    language = kernel.get("language") if isinstance(kernel, dict) else None
    return str(language or "python").lower()
