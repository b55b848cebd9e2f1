"""The protocol of pygls where modfix needs another: documents, the end, and what is logged.

NOTE: pygls has a workspace of its own, which splits lines as Python does (at a form feed, say) and
not as the protocol does; an edit below such a line would then go to another place.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol, lsp_method

from modfix.server.buffer import Buffer
from modfix.server.documents import Documents


class Protocol(LanguageServerProtocol):
    """pygls' protocol with `documents` in the place of its workspace."""

    documents: Documents

    def encoding(self) -> str:
        """The unit of columns that was agreed on."""
        agreed = self.server_capabilities.position_encoding or "utf-16"
        return str(getattr(agreed, "value", agreed))

    @property
    def in_order(self) -> bool:
        """Whether the client has said that it is about to leave."""
        return self._shutdown

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *_: None) -> None:  # type: ignore[override]
        """The client is about to leave; whatever it still waits for is cancelled.

        NOTE: pygls' own goes through the requests while cancelling takes them out, and fails.
        """
        for future in list(self._request_futures.values()):
            future.cancel()
        self._shutdown = True

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        """A document is opened."""
        self.documents.open_text(Buffer.of(params.text_document, self.encoding()))

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        """A document is changed."""
        document = params.text_document
        self.documents.change_text(document.uri, document.version, params.content_changes)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        """A document is closed."""
        self.documents.close(params.text_document.uri)

    @lsp_method(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    def lsp_notebook_document__did_open(self, params: types.DidOpenNotebookDocumentParams) -> None:
        """A notebook is opened, with the documents of its cells."""
        encoding = self.encoding()
        buffers = [Buffer.of(item, encoding) for item in params.cell_text_documents]
        self.documents.open_notebook(params.notebook_document, buffers)

    @lsp_method(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    def lsp_notebook_document__did_change(
        self, params: types.DidChangeNotebookDocumentParams
    ) -> None:
        """Cells of a notebook come, go, move, or change."""
        self.documents.change_notebook(params, self.encoding())

    @lsp_method(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    def lsp_notebook_document__did_close(
        self, params: types.DidCloseNotebookDocumentParams
    ) -> None:
        """A notebook is closed."""
        self.documents.close(params.notebook_document.uri)


def is_no_refusal(record: logging.LogRecord) -> bool:
    """Whether a line of pygls' log tells of more than a refusal, which the client gets anyway."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, JsonRpcException)


def as_function(method: Callable[..., Any]) -> Callable[..., Any]:
    """A method as a function: pygls writes its notes on what it calls, and takes no method."""
    if inspect.iscoroutinefunction(method):

        async def request(*arguments: Any) -> Any:
            return await method(*arguments)

        return request
    return lambda *arguments: method(*arguments)
