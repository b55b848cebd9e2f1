"""Text of main guards: indenting statements without touching what their strings hold."""

from __future__ import annotations

import io
import tokenize

from modfix.rule import CodeCell, Statement, TextEdit

from ._extent import extent_end, line_end, line_start

GUARD = 'if __name__ == "__main__":'
_STRING_STARTS = {"FSTRING_START", "TSTRING_START"}  # a token each since Python 3.12 and 3.14
_STRING_ENDS = {"FSTRING_END", "TSTRING_END"}


def indented(text: str, step: str) -> str:
    """Whole lines, one step further in; a line that begins inside a string stays."""
    held = _lines_within_strings(text)
    return "\n".join(
        line if number in held or not line.strip() else step + line
        for number, line in enumerate(text.split("\n"), start=1)
    )


def _lines_within_strings(text: str) -> set[int]:
    """The numbers (from 1) of the lines of complete statements that begin inside a string."""
    held: set[int] = set()
    opened: list[int] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        name = tokenize.tok_name[token.type]
        if token.type == tokenize.STRING:
            held.update(range(token.start[0] + 1, token.end[0] + 1))
        elif name in _STRING_STARTS:
            opened.append(token.start[0])
        elif name in _STRING_ENDS:
            held.update(range(opened.pop() + 1, token.end[0] + 1))
    return held


def guarded(cell: CodeCell, first: Statement, last: Statement, step: str) -> TextEdit:
    """Wrap neighbouring statements of a cell into one guard, where they stand.

    `step` is one step of the module's indentation. A guard among them is opened: its statements
    become statements of the one guard.
    """
    start = line_start(cell.source, first.start)
    end = extent_end(cell, last)
    return spaced(cell, start, end, f"{GUARD}\n{_body(cell, first, last, (start, end), step)}")


def _body(
    cell: CodeCell, first: Statement, last: Statement, place: tuple[int, int], step: str
) -> str:
    parts: list[str] = []
    at, end = place
    for statement in cell.statements[first.number : last.number + 1]:
        if statement.kind == "guard":
            begin = line_start(cell.source, statement.start)
            parts += [indented(cell.source[at:begin], step), _guard_body(cell, statement, step)]
            at = extent_end(cell, statement)
    return "".join([*parts, indented(cell.source[at:end], step)])


def _guard_body(cell: CodeCell, guard: Statement, step: str) -> str:
    """The lines of a guard's body at one step of indentation, a comment of its head first."""
    source = cell.source
    head = head_end(cell, guard)
    comment = source[_colon(cell, guard) : head].partition("#")[2]
    first = guard.body[0].start
    depth = first - line_start(source, first)
    lines = source[head + 1 : extent_end(cell, guard)]
    body = "\n".join(
        line if number in _held(lines) else _shifted(line, depth, step)
        for number, line in enumerate(lines.split("\n"), start=1)
    )
    return f"{step}#{comment}\n{body}" if comment else body


def head_end(cell: CodeCell, guard: Statement) -> int:
    """The end of the line on which a guard's body is announced."""
    return line_end(cell.source, _colon(cell, guard))


def _colon(cell: CodeCell, guard: Statement) -> int:
    return cell.source.index(":", guard.start)  # the test of a guard has none


def _held(lines: str) -> set[int]:
    """As `_lines_within_strings`, for an indented block: a head makes it a statement."""
    return {number - 1 for number in _lines_within_strings(f"if 1:\n{lines}")}


def _shifted(line: str, depth: int, step: str) -> str:
    if not line.strip():
        return line
    own = len(line) - len(line.lstrip())
    return step + line[min(own, depth) :]


def spaced(cell: CodeCell, start: int, end: int, block: str) -> TextEdit:
    """Put a block in the place of whole lines, with a blank line between it and other code.

    Where a blank line is added the edit takes in the newline that it stands next to, so that an
    edit of the neighbouring line waits for another round.
    """
    source = cell.source
    above = source[source.rfind("\n", 0, max(start - 1, 0)) + 1 : max(start - 1, 0)]
    below = source[end + 1 : line_end(source, end + 1)]
    if above.strip() and not above.startswith("#"):
        start, block = start - 1, f"\n\n{block}"
    if below.strip():
        end, block = end + 1, f"{block}\n\n"
    return TextEdit(cell.index, start, end, block)
