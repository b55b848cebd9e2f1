"""What the client has open, as snapshots on the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lsprotocol.types import (
    DidChangeNotebookDocumentParams,
    NotebookCell,
    NotebookDocument,
    NotebookDocumentCellChanges,
    TextDocumentContentChangeEvent,
)

from modfix.server.buffer import Buffer
from modfix.server.desk import Desk, Opened
from modfix.server.module_uri import module_path
from modfix.server.notebook import CellSnapshot, NotebookSnapshot
from modfix.server.snapshot import TextSnapshot


class Documents:
    """Turns what a client tells into snapshots. `closed` hears of each module that is closed.

    What was never opened, or is no module, is passed over.
    """

    def __init__(
        self, desk: Desk, root: Callable[[], Path], closed: Callable[[Opened], None]
    ) -> None:
        self.desk = desk
        self.root = root
        self.closed = closed
        self.cells: dict[str, str] = {}  # the notebook of each cell's document

    def module_of(self, uri: str) -> Opened | None:
        """The open module that a document is, or is a cell of."""
        return self.desk.modules.get(self.cells.get(uri, uri))

    def open_text(self, buffer: Buffer) -> None:
        """A document is opened."""
        path = module_path(buffer.uri, buffer.language, self.root())
        if path is not None:
            self.desk.put(TextSnapshot(buffer, path), at_once=True)

    def change_text(
        self, uri: str, version: int, changes: Iterable[TextDocumentContentChangeEvent]
    ) -> None:
        """A document is changed."""
        opened = self.desk.modules.get(uri)
        if opened is not None and isinstance(opened.snapshot, TextSnapshot):
            buffer = opened.snapshot.buffer.changed(version, changes)
            self.desk.put(replace(opened.snapshot, buffer=buffer), at_once=False)

    def review_again(self, uri: str) -> None:
        """A document is saved: what stands beside it may have changed."""
        opened = self.module_of(uri)
        if opened is not None:
            self.desk.put(opened.snapshot, at_once=True)

    def close(self, uri: str) -> None:
        """A module is closed, with all of its cells."""
        opened = self.desk.take(uri)
        if opened is not None:
            self.cells = {cell: own for cell, own in self.cells.items() if own != uri}
            self.closed(opened)

    def open_notebook(self, notebook: NotebookDocument, buffers: Sequence[Buffer]) -> None:
        """A notebook is opened with the documents of its cells."""
        path = module_path(f"{notebook.uri}", "", self.root())
        if path is None or path.suffix != ".ipynb":
            return
        known = {buffer.uri: buffer for buffer in buffers}
        cells = _snapshots(notebook.cells, known)
        snapshot = NotebookSnapshot(
            notebook.uri, path, notebook.version, cells, _mapping(notebook.metadata)
        )
        self._put(snapshot, at_once=True)

    def change_notebook(self, params: DidChangeNotebookDocumentParams, encoding: str) -> None:
        """Cells come, go, move, or change; or the metadata do."""
        opened = self.desk.modules.get(params.notebook_document.uri)
        if opened is None or not isinstance(opened.snapshot, NotebookSnapshot):
            return
        now = replace(opened.snapshot, version=params.notebook_document.version)
        if params.change.metadata is not None:
            now = replace(now, told=_mapping(params.change.metadata))
        if params.change.cells is not None:
            now = replace(now, cells=_changed(now.cells, params.change.cells, encoding))
        self._put(now, at_once=False)

    def _put(self, snapshot: NotebookSnapshot, *, at_once: bool) -> None:
        self.cells = {cell: own for cell, own in self.cells.items() if own != snapshot.uri}
        self.cells |= dict.fromkeys(snapshot.versions, snapshot.uri)
        self.desk.put(snapshot, at_once=at_once)


def _changed(
    cells: Sequence[CellSnapshot], changes: NotebookDocumentCellChanges, encoding: str
) -> tuple[CellSnapshot, ...]:
    """The cells after their changes: first which there are, then what they are."""
    found = list(cells)
    if changes.structure is not None:
        array = changes.structure.array
        known = {cell.buffer.uri: cell.buffer for cell in found}
        known |= {item.uri: Buffer.of(item, encoding) for item in changes.structure.did_open or ()}
        new = _snapshots(array.cells or (), known)
        found[array.start : array.start + array.delete_count] = new
    told = {cell.document: cell for cell in changes.data or ()}
    texts = {each.document.uri: each for each in changes.text_content or ()}
    for number, cell in enumerate(found):
        buffer = cell.buffer
        if buffer.uri in texts:
            text = texts[buffer.uri]
            buffer = buffer.changed(text.document.version, text.changes)
        given = told.get(buffer.uri)
        found[number] = (
            replace(cell, buffer=buffer) if given is None else CellSnapshot.of(given, buffer)
        )
    return tuple(found)


def _snapshots(cells: Iterable[NotebookCell], known: dict[str, Buffer]) -> tuple[CellSnapshot, ...]:
    """The cells whose documents are known: a client sends both."""
    return tuple(CellSnapshot.of(c, known[c.document]) for c in cells if c.document in known)


def _mapping(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {}
