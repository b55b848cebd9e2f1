"""How a module indents its blocks, for what fixes write into it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from modfix.syntax.module import CodeCell, Module

USUAL = "    "
_BLOCKS = ("function", "class", "block", "guard")
_BLANK = re.compile(r"[ \t]+")
# A head at the left on one line, and the first line of its body.
_HEAD = re.compile(
    r"^(?:async |class |def |for |if |try\b|while |with )[^\n]*:[ \t]*(?:#[^\n]*)?\n+([ \t]+)\S",
    re.MULTILINE,
)
_STEPS = re.compile(rf"^(?:{USUAL})+", re.MULTILINE)


def indentation(module: Module, cell: CodeCell) -> str:
    """One step of indentation as the cell has it, else as the module does, else four spaces."""
    own = next(_steps([cell]), "")
    if own:
        return own
    key = "indentation"
    if key not in module.memo:
        module.memo[key] = next(_steps(module.cells), USUAL)
    found: str = module.memo[key]
    return found


def _steps(cells: Iterable[CodeCell]) -> Iterator[str]:
    """The blank in front of the body of a block at the top level of each cell that has one."""
    for cell in cells:
        if any(statement.kind in _BLOCKS for statement in cell.statements):
            # PERF: nearly every cell has a head on one line, and needs no tree.
            head = _HEAD.search(cell.source)
            yield from [head[1]] if head else _of_bodies(cell)


def _of_bodies(cell: CodeCell) -> Iterator[str]:
    """The blank in front of the body of each block at the top level."""
    for statement in cell.statements:
        body = getattr(statement.plain[0], "body", ()) if statement.kind in _BLOCKS else ()
        for first in body[:1]:
            start = cell.offset(first)
            line = cell.source[cell.source.rfind("\n", 0, start) + 1 : start]
            if _BLANK.fullmatch(line):
                yield line


def reindented(text: str, step: str) -> str:
    """A text that is indented by four spaces a step, by another step; docstrings too."""
    return _STEPS.sub(lambda match: step * (len(match[0]) // len(USUAL)), text)
