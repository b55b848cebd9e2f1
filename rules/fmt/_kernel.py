"""The language of the kernel that a module names."""

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


def kernel_languages(module: Module) -> Iterator[re.Match[str]]:
    """Where `language` stands in the kernelspec of a header or a notebook, as the group `name`."""
    pattern = _IN_JSON if module.document.is_notebook else _IN_HEADER
    return outside_matches(module, pattern)
