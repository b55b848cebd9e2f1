"""What a file says of itself outside of its cells: a script's header, a notebook's metadata."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator

from modfix.rule import Module


def outside_matches(module: Module, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """The matches of a pattern in a script's header, or in a notebook's text beside its cells."""
    text, cells = module.document.text, module.document.cells
    if not module.document.is_notebook:
        yield from pattern.finditer(text, 0, _header_end(module))
        return
    starts = [cell.block_start for cell in cells]
    for match in pattern.finditer(text):
        number = bisect.bisect_right(starts, match.start()) - 1
        if number < 0 or cells[number].block_end <= match.start():
            yield match


def _header_end(module: Module) -> int:
    """Where the cells begin; a header that jupytext makes a cell of counts as header."""
    for cell in module.document.cells:
        if cell.kind != "raw" or cell.marker is not None:
            return cell.block_start
    return len(module.document.text)
