"""Which of jupytext's other text formats a file is in: light and Sphinx scripts, Markdown, MyST,
R Markdown, Quarto. Its header says so, or its suffix."""

from __future__ import annotations

import re

# The suffix under which jupytext reads a suffix. Quarto's code blocks are those of R Markdown, so
# its program, which jupytext would run, is not needed.
READ_AS = {
    ".md": ".md",
    ".markdown": ".markdown",
    ".Rmd": ".Rmd",
    ".rmd": ".Rmd",
    ".qmd": ".Rmd",
    ".myst": ".myst",
    ".mystnb": ".mystnb",
    ".mnb": ".mnb",
}
_OTHER_SCRIPTS = frozenset({"bare", "light", "nomarker", "sphinx"})

_FORMAT = re.compile(r"^#\s+format_name\s*:\s*['\"]?([\w-]+)", re.MULTILINE)
_FORMATS = re.compile(r"^#\s+formats\s*:.*\bpy:([\w-]+)", re.MULTILINE)
_SCRIPT_HEADER = re.compile(r"(?:#.*\n){0,9}?# ?---[ \t]*\n((?:#.*\n)*?)# ?---[ \t]*(?:\n|$)")
_FRONT_MATTER = re.compile(r"\s*(?:<!--\s*)?---[ \t]*\n(.*?)^---[ \t]*$", re.MULTILINE | re.DOTALL)
_JUPYTEXT = re.compile(r"^\s*(jupytext|kernelspec)\s*:", re.MULTILINE)
_QUARTO = re.compile(r"^jupyter\s*:", re.MULTILINE)
_CODE = re.compile(r"^(```+|~~~+)\s*\{?(python|ipython|code-cell)", re.MULTILINE)


def script_format(text: str) -> str:
    """The format that the header of a `.py` file names, if it is another than percent, or ""."""
    header = _SCRIPT_HEADER.match(text) if "format" in text else None
    if header is None:
        return ""
    named = _FORMAT.search(header[1]) or _FORMATS.search(header[1])
    return named[1] if named is not None and named[1] in _OTHER_SCRIPTS else ""


def says_notebook(text: str, suffix: str) -> bool:
    """Whether the header of a Markdown file says that it is a notebook."""
    header = _FRONT_MATTER.match(text)
    if header is None:
        return False
    quarto = suffix == ".qmd" and _QUARTO.search(header[1])
    return bool(quarto or _JUPYTEXT.search(header[1]))


def holds_code(text: str) -> bool:
    """Whether a Markdown file has a block of Python that jupytext takes for a cell."""
    return bool(_CODE.search(text))
