"""From the URI of a document to the path of a module."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from modfix.lint.module_file import is_module_suffix

UNTITLED = "untitled"
_SUFFIXES = {"python": ".py", "markdown": ".md", "rmd": ".Rmd", "quarto": ".qmd"}


def file_path(uri: str) -> Path | None:
    """The path of a `file:` URI, whatever bytes its name has; None for every other."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        return None
    return Path(os.fsdecode(unquote_to_bytes(parts.path)))


def module_path(uri: str, language: str, root: Path) -> Path | None:
    """The path that a document is checked as, or None for what is no module of ours.

    A document that has no file yet lies in `root`, with a suffix for its language; what comes from
    elsewhere (the old side of a comparison, say) is left alone.
    """
    path = file_path(uri)
    if path is None and urlsplit(uri).scheme == UNTITLED:
        path = root / os.fsdecode(unquote_to_bytes(urlsplit(uri).path))
        if not is_module_suffix(path):
            path = path.with_name(path.name + _SUFFIXES.get(language, ""))
    return path if path is not None and is_module_suffix(path) else None


def is_on_disk(uri: str) -> bool:
    """Whether the document is one of the file system, so that others stand beside it."""
    return file_path(uri) is not None
