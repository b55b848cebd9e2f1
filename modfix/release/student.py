"""The students' version of a module, in memory: nbgrader's `generate_assignment` done again.

Order of nbgrader's preprocessors (`converters/generate_assignment.py`): lock cells, clear
solutions, clear output, check metadata, checksums, clear hidden tests, clear mark schemes,
checksums, check metadata. The first checksums only serve the database and are left out.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from modfix.document.cell import Cell
from modfix.document.document import Document
from modfix.nbgrader.checksum import checksum, has_checksum
from modfix.nbgrader.clearing import Cleared, cleared
from modfix.nbgrader.kinds import KEY, is_grade, is_locked, is_solution
from modfix.release.notebook import kernel_language, notebook_value, source_of
from modfix.settings import Nbgrader

# Of a code cell's metadata: nbconvert's `preprocessors/clearoutput.py`.
_ABOUT_OUTPUT = ("collapsed", "scrolled")


class ReleasedCell(Struct, frozen=True):
    """A cell of the instructor's module and what students get of it.

    `given` is its text as in a notebook (of prose in a script: without the comments), `metadata`
    that of the release.
    """

    cell: Cell
    given: str
    cleared: Cleared
    metadata: Mapping[str, Any]

    @property
    def source(self) -> str:
        """The text that students get, as in a notebook."""
        return self.cleared.source

    @property
    def changed(self) -> bool:
        """Whether students get another text than the instructor has."""
        return self.source != self.given

    def offset(self, line: int) -> int | None:
        """The offset in the cell of the document at which a line of `given` (from 1) has its text.

        None for a line that is no line of the cell's own: its marker is the place then.
        """
        lines = self.cell.source.split("\n")
        shift = 0 if len(lines) == self.given.count("\n") + 1 else 1  # below an opening quote
        number = line + shift
        if line < 1 or number > len(lines):
            return None
        own = lines[number - 1]
        return sum(len(each) + 1 for each in lines[: number - 1]) + len(own) - len(own.lstrip())


class StudentVersion(Struct, frozen=True):
    """The release of a document. `value` is the instructor's notebook (see `notebook_value`)."""

    document: Document
    settings: Nbgrader
    language: str
    value: Mapping[str, Any]
    cells: tuple[ReleasedCell, ...]

    def notebook(self) -> dict[str, Any]:
        """The release as a notebook: nothing that was executed is left in it."""
        value = copy.deepcopy(dict(self.value))
        value["metadata"].pop("celltoolbar", None)
        for released, cell in zip(self.cells, value["cells"], strict=True):
            cell["source"] = released.source.splitlines(keepends=True)
            cell["metadata"] = dict(released.metadata)
            if released.cell.kind == "code":
                cell["outputs"] = []
                cell["execution_count"] = None
        return value


def student_version(document: Document, settings: Nbgrader) -> StudentVersion:
    """Clear a document. What nbgrader would refuse is refused elsewhere (`refusals`).

    Raises ModfixError for what cannot be made a notebook.
    """
    value = notebook_value(document)
    language = kernel_language(value)
    cells = tuple(_released(document, value, settings, language))
    return StudentVersion(document, settings, language, value, cells)


def _released(
    document: Document, value: Mapping[str, Any], settings: Nbgrader, language: str
) -> Iterator[ReleasedCell]:
    for cell, own in zip(document.cells, value["cells"], strict=True):
        given = source_of(own)
        done = cleared(cell, settings, language, source=given)
        yield ReleasedCell(cell, given, done, _metadata(cell, own, done))


def _metadata(cell: Cell, own: Mapping[str, Any], done: Cleared) -> dict[str, Any]:
    """A cell's metadata in the release: locked, and with its checksum."""
    metadata = copy.deepcopy(dict(own["metadata"]))
    if cell.kind == "code":
        for key in _ABOUT_OUTPUT:
            metadata.pop(key, None)
    nbgrader = metadata.get(KEY)
    if not isinstance(nbgrader, dict):
        return metadata
    if is_solution(nbgrader):
        metadata["deletable"] = False
    elif is_grade(nbgrader) or is_locked(nbgrader):
        metadata["deletable"] = metadata["editable"] = False
    if has_checksum(nbgrader) and _can_be_summed(nbgrader):
        nbgrader["checksum"] = checksum(done.source, cell.kind, nbgrader)
        nbgrader["cell_type"] = cell.kind
    return metadata


def _can_be_summed(nbgrader: Mapping[str, Any]) -> bool:
    """Whether it has what the checksum needs; without, nbgrader refuses the module."""
    points = nbgrader.get("points")
    return "grade_id" in nbgrader and (not is_grade(nbgrader) or isinstance(points, (int, float)))
