"""Writes suppressions: a comment, or a tag, that covers each finding and changes nothing else."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from modfix.document.cell import Cell
from modfix.document.document import Document
from modfix.document.edit import Edit, MetadataEdit, TextEdit
from modfix.errors import ModfixError
from modfix.rule import Finding
from modfix.syntax.mask import masked
from modfix.syntax.parse import parse_cell
from modfix.syntax.suppression import TAGS, Suppression, read_suppressions

Place = tuple[int, int | None]  # cell and line in it (None: the whole cell)


OnEdit = Callable[[Document, Edit], None]


def with_suppressions(
    document: Document,
    findings: Sequence[Finding],
    reason: str,
    on_edit: OnEdit = lambda _document, _edit: None,
) -> Document:
    """The document with a suppression for every finding, each as near to its place as can be.

    `on_edit` is called with each edit and the document that it is made in. Raises ModfixError
    where a comment cannot be written in the file's encoding.
    """
    after = document
    for (cell, line), codes in sorted(_by_place(document, findings).items(), reverse=True, key=_at):
        edit, following = _edited(after, _edit(after, cell, line, codes, reason))
        on_edit(after, edit)
        after = following
    return after


def _at(item: tuple[Place, object]) -> tuple[int, int]:
    cell, line = item[0]
    return cell, -1 if line is None else line


def _by_place(document: Document, findings: Iterable[Finding]) -> dict[Place, list[str]]:
    """The codes to suppress in each place. From the last to the first, no place moves another."""
    found: dict[Place, list[str]] = {}
    for finding in findings:
        cell, start = document.cells[finding.cell], finding.start
        of_line = cell.kind == "code" and start is not None and cell.source.strip()
        line = cell.source.count("\n", 0, start) + 1 if of_line and start is not None else None
        codes = found.setdefault((cell.index, line), [])
        if finding.code not in codes:
            codes.append(finding.code)
    return found


def _edit(
    document: Document, index: int, line: int | None, codes: list[str], reason: str
) -> Iterator[Edit]:
    """The edits to try, the best first."""
    cell = document.cells[index]
    text = f"modfix: ignore[{', '.join(codes)}] {reason}".rstrip()
    standing = _standing(document, cell, line)
    if standing is not None:
        yield _widened(standing, codes)
    tag = MetadataEdit(index, TAGS, [*_tags(cell), text])
    if cell.kind != "code" or (line is None and _is_magic(cell.source)):
        yield tag
        return
    if line is not None:
        starts = _line_starts(cell.source)
        end = starts[line] - 1
        yield TextEdit(index, end, end, f"  # {text}")
        first = cell.source[starts[line - 1] : end]
        indent = first[: len(first) - len(first.lstrip())]
        yield TextEdit(index, starts[line - 1], starts[line - 1], f"{indent}# {text}\n")
    head = _head(cell.source)
    below = "\n" if cell.source[head:] else ""
    yield TextEdit(index, head, head, f"# {text}{below}")
    yield tag


def _standing(document: Document, cell: Cell, line: int | None) -> Suppression | None:
    """A suppression that covers the place already, for other codes."""
    for each in read_suppressions(document):
        same = each.cell == cell.index and each.codes and each.tag is None
        if same and (each.scope == "cell" if line is None else each.line == line):
            return each
    return None


def _widened(standing: Suppression, codes: list[str]) -> TextEdit:
    code, start = standing.codes[-1]
    end = start + len(code)
    known = {name for name, _ in standing.codes}
    more = "".join(f", {each}" for each in codes if each not in known)
    return TextEdit(standing.cell, end, end, more)


def _edited(document: Document, edits: Iterator[Edit]) -> tuple[Edit, Document]:
    """The first edit that leaves the document's code as it is, and the document after it."""
    for edit in edits:
        after = document.edited(document.replacements([edit]))
        if _same_code(document, after, edit.cell):  # type: ignore[union-attr]
            _require_writable(after)
            return edit, after
    raise ModfixError("no place for a suppression", where=str(document.path))


def _same_code(before: Document, after: Document, cell: int) -> bool:
    """Whether a cell means the same: the same tree, the same lines of IPython's."""
    if len(before.cells) != len(after.cells):
        return False
    old, new = before.cells[cell].source, after.cells[cell].source
    if old == new:
        return True
    return _meaning(old) == _meaning(new)


def _meaning(source: str) -> object:
    text, hidden = masked(source)
    magics = [source.split("\n")[number - 1] for number in sorted(hidden)]
    parsed = parse_cell(source)
    if hasattr(parsed, "statements"):
        plain: Mapping[str, object] | str = ast.dump(ast.Module(parsed.statements, []))
        return plain, magics
    return [line for line in text.split("\n") if not line.lstrip().startswith("#")]


def _require_writable(document: Document) -> None:
    try:
        document.to_bytes()
    except UnicodeEncodeError as error:
        char = error.object[error.start]
        raise ModfixError(
            f"the reason holds `{char}`, which the file's encoding does not have",
            where=str(document.path),
        ) from None


def _line_starts(source: str) -> list[int]:
    """Where each line begins, and one past the end of the last."""
    starts = [0]
    for line in source.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _is_magic(source: str) -> bool:
    """Whether a cell magic gets the text: a comment would go into its file, its page, its shell."""
    return source[_head(source) :].lstrip().startswith("%%")


def _head(source: str) -> int:
    """The offset behind the directives that must stay first."""
    at = 0
    for line in source.splitlines(keepends=True):
        if not line.lstrip().startswith(("#|", "# |")):
            break
        at += len(line)
    return at


def _tags(cell: Cell) -> list[object]:
    tags = cell.metadata.get(TAGS)
    return list(tags) if isinstance(tags, list) else []
