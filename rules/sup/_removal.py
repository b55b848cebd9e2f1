"""Takes a code, or the whole of it, out of a suppression."""

from __future__ import annotations

from modfix.rule import Edit, MetadataEdit, Module, Suppression, TextEdit
from modfix.syntax.suppression import TAGS


def without(module: Module, suppression: Suppression, code: str) -> tuple[Edit, ...]:
    """The edits that take one code out; with the last one the suppression goes."""
    if len(suppression.codes) == 1:
        return (_removed(module, suppression),)
    if suppression.tag is not None:
        return (_tag_edit(module, suppression, _without_code(module, suppression, code)),)
    names = [name for name, _ in suppression.codes]
    kept = ", ".join(name for name in names if name != code)
    first = suppression.codes[0][1]
    last = suppression.codes[-1][1] + len(names[-1])
    return (TextEdit(suppression.cell, first, last, kept),)


def _removed(module: Module, suppression: Suppression) -> Edit:
    if suppression.tag is not None:
        return _tag_edit(module, suppression, None)
    source = module.document.cells[suppression.cell].source
    start, end = suppression.start, suppression.end
    begin = source.rfind("\n", 0, start) + 1
    if source[begin:start].strip():  # it stands behind something: the line stays
        return TextEdit(suppression.cell, len(source[:start].rstrip()), end, "")
    if end < len(source) and source[end] == "\n":
        end += 1
    elif begin:
        begin -= 1
    return TextEdit(suppression.cell, begin, end, "")


def _tag_edit(module: Module, suppression: Suppression, text: str | None) -> Edit:
    tags = list(_tags(module, suppression))
    assert suppression.tag is not None
    tags[suppression.tag : suppression.tag + 1] = [] if text is None else [text]
    return MetadataEdit(suppression.cell, TAGS, tags)


def _without_code(module: Module, suppression: Suppression, code: str) -> str:
    assert suppression.tag is not None
    text = str(_tags(module, suppression)[suppression.tag])
    names = [name for name, _ in suppression.codes]
    first, last = suppression.codes[0][1], suppression.codes[-1][1] + len(names[-1])
    return text[:first] + ", ".join(name for name in names if name != code) + text[last:]


def _tags(module: Module, suppression: Suppression) -> list[object]:
    tags = module.document.cells[suppression.cell].metadata[TAGS]
    assert isinstance(tags, list)
    return tags
