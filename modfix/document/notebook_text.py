"""A script's cell as the notebook beside it holds it, and back: comments, quotes and magics.

The rules are jupytext's (`cell_reader.BaseCellReader.extract_content`, `magics.uncomment_magic`):
markdown stands in comments or in one triple-quoted string, magics and the lines of cells in other
languages are commented out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from modfix.document.cell import Cell
from modfix.document.header import without_jupyter
from modfix.document.marker_options import as_mapping
from modfix.document.quoting import QuoteTracker

_MAGIC = re.compile(r"^\s*(# |#)*%%?%?[a-zA-Z]")
_SHELL = re.compile(r"^\s*(?:(?:# |#)+\s*)?[?!]\s*[A-Za-z.~$\\/{}]")
_COMMAND = re.compile(
    r"^(# |#)*(cat|cd|cp|mv|rm|rmdir|mkdir|copy|ddir|echo|ls|ldir|ren)($|\s$|\s[^=,])"
)
_HELP = re.compile(r"^\s*(# )*\S*\?\s*$")
_ASSIGNED = re.compile(r"^(# |#)*\s*[a-zA-Z_][a-zA-Z_$0-9]*\s*=\s*(%%?%?|!)[a-zA-Z]")
_FORMS = (_MAGIC, _SHELL, _ASSIGNED, _HELP, _COMMAND)
_ESCAPED_START = re.compile(r"^(# |#)+(# ?)\+")
_NOT_ESCAPED = re.compile(r"#\s*noescape")
_QUOTES = tuple(prefix + 3 * quote for prefix in ("", "r", "R") for quote in "\"'")


class NotebookText(Struct, frozen=True):
    """The lines of a cell in the notebook; `lead` is how many more the cell has before them.

    (Negative where the notebook has one more, the `%%bash` of a cell in another language.)
    """

    lines: tuple[str, ...]
    lead: int = 0


def notebook_text(cell: Cell) -> NotebookText:
    """What stands in the notebook for a cell of a percent script; blank lines at its end left out.

    For a notebook's own cell use `own_text`.
    """
    lines = cell.source.split("\n")
    if cell.kind != "code":
        return _prose(cell, lines)
    options = as_mapping(cell.marker.options) if cell.marker else {}
    language, active = options.get("language"), active_in_script(cell.metadata)
    other = isinstance(language, str) and language != "python"
    if active and not other:
        return NotebookText(tuple(_ended(_without_escapes(lines))))
    quoted = None if active else _quoted_text(cell)
    text = quoted or NotebookText(tuple(_ended(list(map(uncommented, lines)))))
    if not other:
        return text
    head = f"%%{language} {options.get('magic_args', '')}".rstrip()
    return NotebookText((head, *text.lines), text.lead - 1)


def own_text(cell: Cell) -> NotebookText:
    """The lines of a notebook's own cell, blank ones at its end left out."""
    return NotebookText(tuple(_ended(cell.source.split("\n"))))


def script_lines(lines: Sequence[str], like: Cell) -> list[str]:
    """Markdown lines as a script writes them: as the cell `like` does, in quotes or comments."""
    text = like.source.strip()
    mark = next((each for each in _QUOTES if text.startswith(each)), None)
    if like.kind == "code" or mark is None:
        return [f"# {line}" if line else "#" for line in lines]
    own_line = text.startswith(mark + "\n")
    body = "\n".join(lines)
    return (f"{mark}\n{body}\n{mark[-3:]}" if own_line else f"{mark}{body}{mark[-3:]}").split("\n")


def uncommented(line: str) -> str:
    """A line without its comment mark and the blank after it."""
    if line.startswith("# "):
        return line[2:]
    return line[1:] if line.startswith("#") else line


def active_in_script(metadata: Mapping[str, object]) -> bool:
    """jupytext's `is_active(".py", …)` of a code cell: one that is not is commented out."""
    run = metadata.get("run_control")
    if isinstance(run, dict) and run.get("frozen") is True:
        return False
    tags = metadata.get("tags")
    for tag in tags if isinstance(tags, list) else ():
        if isinstance(tag, str) and tag.startswith("active-"):
            return "py" in tag.split("-")
    active = metadata.get("active")
    return "py" in re.split(r"[.,]", active) if isinstance(active, str) else True


def is_header(cell: Cell) -> bool:
    """Whether a script's cell is its header, a raw cell in the notebook."""
    return cell.kind == "raw" and cell.marker is None and cell.source.startswith("#")


def _prose(cell: Cell, lines: list[str]) -> NotebookText:
    if is_header(cell):
        return NotebookText(tuple(_ended(without_jupyter(lines))))
    if (quoted := _quoted_text(cell)) is not None:
        return quoted
    if cell.kind == "raw" and "active" in cell.metadata and active_in_script(cell.metadata):
        return NotebookText(tuple(_ended(lines)))
    return NotebookText(tuple(_ended(list(map(uncommented, lines)))))


def _quoted_text(cell: Cell) -> NotebookText | None:
    """The text of a cell that stands in one string."""
    content = cell.source.strip()
    for mark in _QUOTES:
        end = mark[-3:]
        if len(content) >= len(mark) + 3 and content.startswith(mark) and content.endswith(end):
            return _quoted(cell.source, content, mark)
    return None


def _quoted(source: str, content: str, mark: str) -> NotebookText:
    inner = content[len(mark) : -3]
    lead = source[: source.index(content)].count("\n")
    if inner.startswith("\n"):
        inner, lead = inner[1:], lead + 1
    return NotebookText(tuple(_ended(inner.split("\n"))), lead)


def _without_escapes(lines: list[str]) -> list[str]:
    quotes, found, continued = QuoteTracker(), [], False
    for line in lines:
        escaped = not quotes.quote and (continued or _is_magic(line))
        continued = escaped and line.rstrip().endswith("\\")
        found.append(unescaped(line) if escaped or _is_escaped_start(line, quotes) else line)
        quotes.read(line)
    return found


def unescaped(line: str) -> str:
    """A line without the comment mark that stands behind its indentation."""
    text = line.lstrip()
    return line[: len(line) - len(text)] + uncommented(text)


def _is_magic(line: str) -> bool:
    """Whether a line is one of IPython's, commented out or not."""
    return any(form.match(line) for form in _FORMS) and not _NOT_ESCAPED.search(line)


def _is_escaped_start(line: str, quotes: QuoteTracker) -> bool:
    return not quotes.quote and bool(_ESCAPED_START.match(line))


def _ended(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines.pop()
    return lines
