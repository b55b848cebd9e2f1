"""The server itself: what a client may ask, and what it is told unasked."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import Any, BinaryIO

import msgspec
from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified, JsonRpcException, JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer

from modfix import __version__
from modfix.errors import ModfixError
from modfix.lint.linters import Linters
from modfix.server.actions import KINDS, VERIFY, actions
from modfix.server.client import Client
from modfix.server.course import Course
from modfix.server.desk import Desk, Opened
from modfix.server.diagnostics import diagnostics
from modfix.server.documents import Documents
from modfix.server.hover import hover
from modfix.server.protocol import Protocol, as_function, is_no_refusal
from modfix.server.repairs import Outdated, Repairs
from modfix.server.review import Review
from modfix.server.verify_command import Verifying

_NOTEBOOKS = types.NotebookDocumentSyncOptions(
    [
        types.NotebookDocumentFilterWithNotebook(
            types.NotebookDocumentFilterNotebookType("jupyter-notebook")
        )
    ],
    save=True,
)
_ACTIONS = types.CodeActionOptions(list(KINDS), resolve_provider=True)
_FAILED = types.LSPErrorCodes.RequestFailed.value


class Server(LanguageServer):
    """modfix for editors. `linters` are what the command line asks for."""

    protocol: Protocol

    def __init__(self, linters: Linters) -> None:
        super().__init__(
            "modfix",
            __version__,
            notebook_document_sync=_NOTEBOOKS,
            protocol_cls=Protocol,
            max_workers=2,
        )
        self.client = Client(self)
        self.course = Course(linters)
        self.desk = Desk(self.course, self._show)
        self.documents = Documents(self.desk, lambda: self.client.root, self._clear)
        self.protocol.documents = self.documents
        self.verifying = Verifying(self.client, self.desk)
        self._register()
        logging.getLogger("pygls.protocol.json_rpc").addFilter(is_no_refusal)

    def run(self, stdin: BinaryIO, stdout: BinaryIO) -> int:
        """Serve one client until it says so or is gone; the exit code (LSP 3.17, `exit`)."""
        try:
            self.start_io(stdin, stdout)
        finally:
            self.verifying.end()
        return 0 if self.protocol.in_order else 1

    def _register(self) -> None:
        for name, handler, options in (
            (types.INITIALIZED, self._initialized, None),
            (types.TEXT_DOCUMENT_DID_SAVE, self._saved, None),
            (types.NOTEBOOK_DOCUMENT_DID_SAVE, self._notebook_saved, None),
            (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, self._files_changed, None),
            (types.WORKSPACE_DID_CHANGE_CONFIGURATION, _nothing, None),
            (types.TEXT_DOCUMENT_CODE_ACTION, self._actions, _ACTIONS),
            (types.CODE_ACTION_RESOLVE, self._resolve, None),
            (types.TEXT_DOCUMENT_HOVER, self._hover, None),
        ):
            self.feature(name, options)(as_function(handler))
        self.command(VERIFY)(as_function(self._verify))

    def _initialized(self, _: types.InitializedParams) -> None:
        self.client.watch_files()

    def _saved(self, params: types.DidSaveTextDocumentParams) -> None:
        self.documents.review_again(params.text_document.uri)

    def _notebook_saved(self, params: types.DidSaveNotebookDocumentParams) -> None:
        self.documents.review_again(params.notebook_document.uri)

    def _files_changed(self, params: types.DidChangeWatchedFilesParams) -> None:
        self.desk.again(self.client.paths(params.changes))

    def _show(self, opened: Opened, review: Review) -> None:
        """Publish a review; a trouble with the settings is told aloud, once as long as it stays."""
        trouble = review.trouble if review.settings else None
        self.client.tell_trouble(opened.snapshot.uri, trouble)
        found = diagnostics(review)
        for uri in opened.shown - found.keys():
            self.client.publish(uri, None, [])
        for uri, each in found.items():
            self.client.publish(uri, review.snapshot.versions[uri], each)
        opened.shown = set(found)

    def _clear(self, opened: Opened) -> None:
        self.client.tell_trouble(opened.snapshot.uri, None)
        for uri in opened.shown:
            self.client.publish(uri, None, [])

    async def _review(self, opened: Opened) -> Review:
        """The answer to the newest text; a request that is cancelled does not end it."""
        return await asyncio.shield(self.desk.answer(opened))

    async def _actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        opened = self.documents.module_of(params.text_document.uri)
        if opened is None:
            return []
        review = await self._review(opened)
        found = actions(
            review,
            params.text_document.uri,
            params.range,
            params.context.only,
            disabled=self.client.shows_disabled,
        )
        if not self.client.resolves:
            found = [each for each in found if await self._is_made(opened, review, each)]
        return found

    async def _is_made(self, opened: Opened, review: Review, action: types.CodeAction) -> bool:
        """Give an action its edit at once; whether it has anything to do."""
        if action.data is None:
            return True
        task = Repairs.reference(action.data).task
        work = partial(_edits, review, opened, task)
        try:
            action.edit = self.client.workspace_edit(review.snapshot, await self.desk.in_turn(work))
        except (Outdated, ModfixError):
            return False
        return True

    async def _resolve(self, action: types.CodeAction) -> types.CodeAction:
        """Give an action its edit, of the very text that it was offered for."""
        try:
            reference = Repairs.reference(action.data)
        except msgspec.ValidationError as error:
            raise JsonRpcInvalidParams(str(error)) from None
        opened = self.documents.module_of(reference.uri)
        if opened is None or opened.snapshot.version != reference.version:
            raise JsonRpcContentModified("the text has changed")
        review = await self._review(opened)
        if review.snapshot.version != reference.version:
            raise JsonRpcContentModified("the text has changed")
        try:
            edits = await self.desk.in_turn(partial(_edits, review, opened, reference.task))
        except Outdated:
            raise JsonRpcContentModified("what is found has changed") from None
        except ModfixError as error:
            self.client.warn(str(error))
            raise JsonRpcException(str(error), code=_FAILED) from None
        action.edit = self.client.workspace_edit(review.snapshot, edits)
        return action

    async def _hover(self, params: types.HoverParams) -> types.Hover | None:
        opened = self.documents.module_of(params.text_document.uri)
        if opened is None:
            return None
        review = await self._review(opened)
        if review.linter is None:
            return None

        def explained() -> types.Hover | None:
            config = self.course.linters.config(review.snapshot.path)
            return hover(review, config, params.text_document.uri, params.position)

        return await self.desk.in_turn(explained)

    async def _verify(self, *arguments: Any) -> dict[str, Any] | None:
        if len(arguments) != 1 or not isinstance(arguments[0], str):
            raise JsonRpcInvalidParams(f"`{VERIFY}` takes one argument: the URI of a module")
        opened = self.documents.module_of(arguments[0])
        return await self.verifying.verify(opened, arguments[0])


def _edits(review: Review, opened: Opened, task: Any) -> Any:
    return Repairs(review, opened.cells).edits(task)


def _nothing(_: types.DidChangeConfigurationParams) -> None:
    """Clients send their own settings; modfix has its from files."""
