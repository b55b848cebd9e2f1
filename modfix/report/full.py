"""`--output-format full`: each finding with the lines of its cell, as good compilers show them."""

from __future__ import annotations

import click

from modfix.document.cell import Cell
from modfix.errors import one_line
from modfix.lint.checked import Located
from modfix.report.concise import closing, styled_code
from modfix.report.report import Report, cell_words, in_notebook

_BEFORE = 2  # lines shown above the finding
_MOST = 6  # lines of a finding that are shown
_WIDEST = 120  # characters of a line that are shown


def render(report: Report) -> str:
    """A frame for each finding, and the summary."""
    frames = [_frame(report, each) for each in report.findings]
    return "\n".join([*frames, *closing(report)])


def _frame(report: Report, each: Located) -> str:
    document = report.document(each.path)
    cell = document.cells[each.cell_index]
    rows = _marked(each, cell, report) if each.cell_line else _marker_rows(each, cell)
    width = max((len(number) for number, _ in rows), default=1)
    lines = [
        f"{styled_code(each)} {one_line(each.message)}",
        f"{' ' * width}{_blue('-->')} {_place(each)}",
        f"{' ' * width} {_blue('|')}",
        *(f"{_blue(f'{number:>{width}} |')} {text}".rstrip() for number, text in rows),
        f"{' ' * width} {_blue('|')}",
    ]
    if each.fix is not None:
        sure = "" if each.fix.applicability == "safe" else f" ({each.fix.applicability})"
        lines.append(f"{' ' * width} {_blue('=')} fix: {one_line(each.fix.message)}{sure}")
    return "\n".join([*lines, ""])


def _place(each: Located) -> str:
    return f"{one_line(each.path)}:{each.line}:{each.column}, {cell_words(each)}"


def _marker_rows(each: Located, cell: Cell) -> list[tuple[str, str]]:
    """The marker's line, or of a cell without one its first lines."""
    if cell.marker is not None:
        text = _shown(cell.marker.text)
        return [(str(each.line), text), ("", _red("^" * len(text)))]
    lines = cell.source.split("\n")[: _BEFORE + 1]
    return [(str(number), _shown(line)) for number, line in enumerate(lines, 1)]


def _marked(each: Located, cell: Cell, report: Report) -> list[tuple[str, str]]:
    """The lines of a finding with carets below what it means, and some lines before it.

    They have the numbers of the file; of a notebook, whose file nobody reads, those of the cell.
    """
    lines = cell.source.split("\n")
    shift = 0 if in_notebook(each) else each.line - each.cell_line
    first = max(1, each.cell_line - _BEFORE)
    last = min(each.cell_end_line, each.cell_line + _MOST - 1)
    rows: list[tuple[str, str]] = []
    for number in range(first, last + 1):
        line = lines[number - 1]
        rows.append((str(number + shift), _shown(line)))
        carets = _carets(each, number, line)
        if carets:
            rows.append(("", _red(carets)))
    if last < each.cell_end_line:
        rows.append(("", "…"))
    return rows


def _carets(each: Located, number: int, line: str) -> str:
    """Carets below the part of a line that the finding means; of several lines, below the first.

    A finding at a point means the rest of its line.
    """
    if number != each.cell_line:
        return ""
    start, end = each.cell_column - 1, each.cell_end_column - 1
    if each.cell_end_line != each.cell_line or end <= start:
        end = len(line.rstrip())
    lead = _shown(line[:start])
    length = min(max(end - start, 1), _WIDEST - len(lead))
    return f"{' ' * len(lead)}{'^' * length}" if length > 0 else ""


def _shown(line: str) -> str:
    """A line as a terminal can show it, cut where it is too long."""
    text = one_line(line.expandtabs(4))
    return text if len(text) <= _WIDEST else f"{text[:_WIDEST]}…"


def _blue(text: str) -> str:
    return click.style(text, fg="blue", bold=True)


def _red(text: str) -> str:
    return click.style(text, fg="red", bold=True)
