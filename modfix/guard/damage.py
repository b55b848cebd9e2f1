"""What a command can damage in a module: the words that comparing, restoring and telling share."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Facet = Literal[
    "file",  # it can no longer be read as a module
    "cell",  # a cell is gone
    "kind",  # code became markdown, or the like
    "marker",  # the title of a cell
    "metadata",  # what stands in the cell's metadata
    "directive",  # `#| export`: its text, or its place at the top of its cell
    "region",  # BEGIN … END of a solution, hidden tests, a mark scheme
    "name",  # a definition or import that later cells or the package need
    "syntax",  # a cell no longer parses
]
# What stands in the text beside the code can be put back; the rest would be guessing.
RESTORABLE: frozenset[Facet] = frozenset({"marker", "metadata", "directive"})
# Metadata that editors and jupytext write for themselves, and cleaning is meant to remove.
FLEETING = frozenset({
    "ExecuteTime", "autoscroll", "cell_marker", "code_folding", "colab", "colab_type", "collapsed",
    "execution", "heading_collapsed", "hidden", "id", "jp-MarkdownHeadingCollapsed", "jupyter",
    "lines_to_end_of_cell_marker", "lines_to_next_cell", "outputId", "papermill", "pycharm",
    "scrolled", "trusted", "vscode",
})  # fmt: skip


class Damage(Struct, frozen=True):
    """One thing that a command broke.

    `cell` and `after` are the indexes of the cell before and after (-1: it is gone), `offset` a
    place in the source before (None: the marker), `text` what stood there, `what` the words for
    people.
    """

    facet: Facet
    cell: int
    after: int
    offset: int | None
    text: str
    what: str
