"""An editor for tests: a real client (that of pygls) over stdio with a real `modfix server`.

Everything that it gives is what came over the wire, read into the types of lsprotocol, which
refuse what the protocol does not allow.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import threading
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient

Result = TypeVar("Result")
MODFIX = Path(sys.executable).parent / "modfix"
PATIENCE = 120  # seconds, after which a test fails rather than waits for ever


def capabilities(**wanted: Any) -> types.ClientCapabilities:
    """What a full client can do; `encodings`, `resolves`, `versions` and the like change that."""
    edit = types.WorkspaceEditClientCapabilities(document_changes=wanted.get("versions", True))
    resolve = types.ClientCodeActionResolveOptions(["edit"] * wanted.get("resolves", True))
    return types.ClientCapabilities(
        general=types.GeneralClientCapabilities(position_encodings=wanted.get("encodings")),
        workspace=types.WorkspaceClientCapabilities(
            workspace_edit=edit,
            did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(
                dynamic_registration=True
            ),
        ),
        text_document=types.TextDocumentClientCapabilities(
            code_action=types.CodeActionClientCapabilities(
                resolve_support=resolve, data_support=True, disabled_support=True
            )
        ),
        notebook_document=types.NotebookDocumentClientCapabilities(
            types.NotebookDocumentSyncClientCapabilities()
        ),
        window=types.WindowClientCapabilities(work_done_progress=True),
    )


class Editor:
    """One session. `arguments` are those of `modfix server`."""

    def __init__(self, root: Path, *arguments: str, **wanted: Any) -> None:
        self.root = root
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.client = LanguageClient("tests", "1")
        self.arrived = threading.Condition()
        self.published: list[types.PublishDiagnosticsParams] = []
        self.messages: list[types.ShowMessageParams] = []
        self.logged: list[types.LogMessageParams] = []
        self.watched: list[types.RegistrationParams] = []
        self.progress: list[Any] = []
        self.errors = bytearray()
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self._listen()
        self.wait_for(self._start(arguments))
        params = types.InitializeParams(
            capabilities(**wanted), process_id=os.getpid(), root_uri=root.as_uri()
        )
        self.said = self.wait_for(self.client.initialize_async(params))
        self.tell(self.client.initialized, types.InitializedParams())

    def _listen(self) -> None:
        for method, found in (
            (types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, self.published),
            (types.WINDOW_SHOW_MESSAGE, self.messages),
            (types.WINDOW_LOG_MESSAGE, self.logged),
            (types.CLIENT_REGISTER_CAPABILITY, self.watched),
            (types.PROGRESS, self.progress),
            (types.WINDOW_WORK_DONE_PROGRESS_CREATE, []),
        ):
            self.client.feature(method)(self._keeper(found))

    def _keeper(self, found: list[Any]) -> Any:
        def keep(params: Any) -> None:
            with self.arrived:
                found.append(params)
                self.arrived.notify_all()

        return keep

    async def _start(self, arguments: Sequence[str]) -> None:
        await self.client.start_io(str(MODFIX), "server", *arguments, cwd=str(self.root))
        self.process = self.client._server
        self._reading = asyncio.ensure_future(self._read_errors())

    async def _read_errors(self) -> None:
        while line := await self.process.stderr.readline():
            self.errors += line

    def wait_for(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """The result of something that the client does."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(PATIENCE)

    def tell(self, notify: Any, params: Any) -> None:
        """Send a notification."""

        async def send() -> None:
            notify(params)

        self.wait_for(send())

    def until(self, holds: Any) -> Any:
        """Wait for something that arrives; what `holds` gives then."""
        with self.arrived:
            assert self.arrived.wait_for(holds, PATIENCE), self.errors.decode()
            return holds()

    def open(self, uri: str, text: str, language: str = "python", version: int = 1) -> None:
        """Open a document."""
        self.texts[uri], self.versions[uri] = text, version
        item = types.TextDocumentItem(uri, language, version, text)
        params = types.DidOpenTextDocumentParams(item)
        self.tell(self.client.text_document_did_open, params)

    def change(self, uri: str, text: str, where: types.Range | None = None) -> int:
        """Replace a range of a document, or all of it; the new version."""
        self.versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        change: Any = types.TextDocumentContentChangeWholeDocument(text)
        if where is not None:
            change = types.TextDocumentContentChangePartial(where, text)
        params = types.DidChangeTextDocumentParams(document, [change])
        self.tell(self.client.text_document_did_change, params)
        return self.versions[uri]

    def save(self, uri: str) -> None:
        """Say that a document was saved."""
        params = types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri))
        self.tell(self.client.text_document_did_save, params)

    def close(self, uri: str) -> None:
        """Close a document."""
        params = types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        self.tell(self.client.text_document_did_close, params)

    def changed_on_disk(self, *paths: Path) -> None:
        """Say that files have changed."""
        events = [types.FileEvent(path.as_uri(), types.FileChangeType.Changed) for path in paths]
        params = types.DidChangeWatchedFilesParams(events)
        self.tell(self.client.workspace_did_change_watched_files, params)

    def diagnostics(
        self, uri: str, version: int | None = 1, after: int = 0
    ) -> list[types.Diagnostic]:
        """The diagnostics of a version of a document; `after` so many publications."""

        def found() -> list[types.PublishDiagnosticsParams]:
            return [e for e in self.published[after:] if e.uri == uri and e.version == version]

        return list(self.until(found)[-1].diagnostics)

    def actions(
        self, uri: str, where: types.Range, only: Sequence[str] | None = None
    ) -> Sequence[types.CodeAction]:
        """The code actions at a range, without the one that is a command."""
        context = types.CodeActionContext([], only=only)
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), where, context)
        found = self.wait_for(self.client.text_document_code_action_async(params)) or []
        return [each for each in found if isinstance(each, types.CodeAction)]

    def resolve(self, action: types.CodeAction) -> types.CodeAction:
        """An action with its edit."""
        return self.wait_for(self.client.code_action_resolve_async(action))

    def chosen(self, uri: str, where: types.Range, title: str) -> types.WorkspaceEdit:
        """The edit of the action with this title."""
        found = {each.title: each for each in self.actions(uri, where)}
        assert title in found, list(found)
        edit = self.resolve(found[title]).edit
        assert edit is not None
        return edit

    def hover(self, uri: str, line: int, character: int) -> types.Hover | None:
        """What is shown at a place."""
        place = types.Position(line, character)
        params = types.HoverParams(types.TextDocumentIdentifier(uri), place)
        return self.wait_for(self.client.text_document_hover_async(params))

    def execute(self, command: str, *arguments: Any) -> Any:
        """The answer to a command."""
        params = types.ExecuteCommandParams(command, list(arguments))
        return self.wait_for(self.client.workspace_execute_command_async(params))

    def shut_down(self) -> int:
        """End the session as the protocol wants it; the exit code."""
        self.wait_for(self.client.shutdown_async(None))
        self.tell(self.client.exit, None)
        return self.ended()

    def ended(self) -> int:
        """The exit code of the server."""
        return self.wait_for(self.process.wait())

    def gone(self) -> int:
        """Go without a word, as a client that is killed; the exit code of the server."""

        async def close() -> None:
            self.process.stdin.close()

        self.wait_for(close())
        return self.ended()


def line(number: int) -> types.Range:
    """A place at the beginning of a line (from 1)."""
    place = types.Position(number - 1, 0)
    return types.Range(place, place)


def edits_of(edit: types.WorkspaceEdit, uri: str) -> Sequence[types.TextEdit]:
    """The edits of one document."""
    changes = [each for each in edit.document_changes or () if each.text_document.uri == uri]
    return [each for change in changes for each in change.edits]


def with_edits(text: str, edits: Sequence[types.TextEdit], encoding: str = "utf-16") -> str:
    """A text after edits, made as a client makes them: in bytes, from the last to the first."""
    codec = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[encoding]
    unit = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    ends = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]

    def offset(place: types.Position) -> int:
        start = ends[place.line]
        line = text[start:].encode(codec)[: place.character * unit]
        return start + len(line.decode(codec))

    for edit in sorted(edits, key=lambda each: each.range.start, reverse=True):
        start, end = offset(edit.range.start), offset(edit.range.end)
        text = text[:start] + edit.new_text + text[end:]
    return text
