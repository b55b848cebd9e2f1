"""The editor on the other side: what it can do, and what it is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.lsp.server import LanguageServer

from modfix.errors import ModfixError
from modfix.server.module_uri import file_path
from modfix.server.snapshot import Edits, Snapshot

_WATCHED = "**/*.{toml,json,py,ipynb}"  # what configurations, baselines and pairs are made of


class Client:
    """One client, told through the server's connection."""

    def __init__(self, server: LanguageServer) -> None:
        self.server = server
        self.troubles: dict[str, str] = {}  # by the URI of the module that has it

    @property
    def can(self) -> types.ClientCapabilities:
        """What it says of itself."""
        return self.server.client_capabilities

    @property
    def root(self) -> Path:
        """The first folder that it has open, else the current one."""
        workspace = self.server.workspace
        uris = [*workspace.folders, workspace.root_uri or ""]
        return file_path(uris[0]) or Path.cwd()

    @property
    def resolves(self) -> bool:
        """Whether it asks for the edit of an action when somebody chooses it."""
        found = get_capability(self.can, "text_document.code_action.resolve_support.properties")
        data = get_capability(self.can, "text_document.code_action.data_support")
        return bool(data) and "edit" in (found or ())

    @property
    def shows_disabled(self) -> bool:
        """Whether it shows an action that cannot be made, with the reason."""
        return bool(get_capability(self.can, "text_document.code_action.disabled_support"))

    @property
    def shows_progress(self) -> bool:
        """Whether it shows how far something is."""
        return bool(get_capability(self.can, "window.work_done_progress"))

    def watch_files(self) -> None:
        """Ask to hear of files that change, where the client can be asked."""
        name = "workspace.did_change_watched_files.dynamic_registration"
        if not get_capability(self.can, name):
            return
        watchers = [types.FileSystemWatcher(_WATCHED)]
        wanted = types.Registration(
            id="modfix-files",
            method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
            register_options=types.DidChangeWatchedFilesRegistrationOptions(watchers),
        )
        self.server.client_register_capability(types.RegistrationParams([wanted]))

    def paths(self, changes: Iterable[types.FileEvent]) -> frozenset[str]:
        """The files that have changed and their folders, named as they are and as links lead."""
        found = [path for path in (file_path(change.uri) for change in changes) if path]
        every = [each for path in found for each in (path, path.parent)]
        return frozenset(str(each) for path in every for each in (path.absolute(), path.resolve()))

    def publish(
        self, uri: str, version: int | None, diagnostics: Sequence[types.Diagnostic]
    ) -> None:
        """Show the diagnostics of a document, in the place of all that it had."""
        self.server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, list(diagnostics), version)
        )

    def tell_trouble(self, uri: str, error: ModfixError | None) -> None:
        """Say what keeps a module from being checked, once for all modules that have it."""
        text = "" if error is None else str(error)
        is_new = text and text not in self.troubles.values()
        self.troubles[uri] = text
        if not text:
            del self.troubles[uri]
        if is_new:
            self.say(f"modfix: {text}", types.MessageType.Error)

    def say(self, text: str, kind: types.MessageType) -> None:
        """Show a message."""
        self.server.window_show_message(types.ShowMessageParams(kind, text))

    def warn(self, text: str) -> None:
        """Show what could not be done."""
        self.say(f"modfix: {text}", types.MessageType.Warning)

    def log(self, text: str) -> None:
        """Write something into the client's log."""
        message = types.LogMessageParams(types.MessageType.Info, text)
        self.server.window_log_message(message)

    def workspace_edit(self, snapshot: Snapshot, edits: Edits) -> types.WorkspaceEdit:
        """Edits of the documents of a snapshot, of their very versions where the client checks."""
        if not get_capability(self.can, "workspace.workspace_edit.document_changes"):
            return types.WorkspaceEdit(changes={uri: list(each) for uri, each in edits.items()})
        return types.WorkspaceEdit(
            document_changes=[
                types.TextDocumentEdit(
                    types.OptionalVersionedTextDocumentIdentifier(uri, snapshot.versions[uri]),
                    list(each),
                )
                for uri, each in edits.items()
            ]
        )
