"""The language of the kernel that a module names, and of its cells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from modfix.rule import Module

from ._outside import outside_matches

_IN_HEADER = re.compile(
    r"^(#?[ \t]*)kernelspec:[ \t]*\n(?:\1[ \t]+(?!language:).*\n)*?"
    r"\1[ \t]+language:[ \t]*([\"']?)(?P<name>[^\"'\n]*?)\2[ \t]*$",
    re.MULTILINE,
)
_IN_JSON = re.compile(r'"kernelspec"\s*:\s*\{[^{}]*?"language"\s*:\s*"(?P<name>[^"\\]*)"')
# Where else a file says what its cells are in: jupytext's header, a notebook's own metadata.
_CELLS_IN_HEADER = re.compile(
    r"^#?[ \t]+main_language:[ \t]*([\"']?)(?P<name>[^\"'\n]*?)\1[ \t]*$"
    r"|^jupyter:[ \t]*(?P<info>ir|julia[-\w.]*)[ \t]*$",  # Quarto's kernel
    re.MULTILINE,
)
_CELLS_IN_JSON = re.compile(
    r'"main_language"\s*:\s*"(?P<name>[^"\\]*)"'
    r'|"language_info"\s*:\s*\{(?:[^{}]|\{[^{}]*\})*?"name"\s*:\s*"(?P<info>[^"\\]*)"'
)
_PYTHON = re.compile(r"i?python[\d.]*|sage.*|xpython|", re.IGNORECASE)


def kernel_languages(module: Module) -> Iterator[re.Match[str]]:
    """Where `language` stands in the kernelspec of a header or a notebook, as the group `name`."""
    pattern = _IN_JSON if module.document.is_notebook else _IN_HEADER
    return outside_matches(module, pattern)


def speaks_python(module: Module) -> bool:
    """Whether the cells are Python's: the kernel is, or no language is named."""
    text = module.document.text
    if "language" not in text and "jupyter:" not in text:
        return True
    return all(_PYTHON.fullmatch(name) for name in _languages(module))


def _languages(module: Module) -> Iterator[str]:
    yield from (match["name"] for match in kernel_languages(module))
    pattern = _CELLS_IN_JSON if module.document.is_notebook else _CELLS_IN_HEADER
    for match in outside_matches(module, pattern):
        yield match["name"] if match["info"] is None else match["info"]
