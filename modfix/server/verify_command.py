"""The command `modfix.verify` as a client sees it: a bar while it runs, then the verdict."""

from __future__ import annotations

import asyncio
import uuid
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

from lsprotocol import types

from modfix.document.folder import read_regular
from modfix.errors import ModfixError
from modfix.server.client import Client
from modfix.server.desk import Desk, Opened
from modfix.server.module_uri import file_path
from modfix.server.notebook import NotebookSnapshot
from modfix.server.verification import Cancelled, Verifications, as_data, details, summary


class Bar:
    """A bar of the client's, moved from the thread that verifies. `token` is "" for none."""

    def __init__(self, client: Client, token: str) -> None:
        self.client = client
        self.token = token
        self.loop = asyncio.get_running_loop()
        self.future: Future[Any] | None = None

    async def begin(self, title: str) -> None:
        """Show the bar."""
        if not self.token:
            return
        progress = self.client.server.work_done_progress
        await progress.create_async(self.token)
        self.future = progress.tokens[self.token]
        start = types.WorkDoneProgressBegin(title, cancellable=True, percentage=0)
        progress.begin(self.token, start)

    def report(self, message: str, percentage: int) -> None:
        """Move the bar."""
        value = types.WorkDoneProgressReport(message=message, percentage=percentage)
        if self.token:
            progress = self.client.server.work_done_progress
            self.loop.call_soon_threadsafe(progress.report, self.token, value)

    def end(self) -> None:
        """Take the bar away."""
        if self.future is not None:
            progress = self.client.server.work_done_progress
            progress.end(self.token, types.WorkDoneProgressEnd())
            progress.tokens.pop(self.token, None)

    @property
    def cancelled(self) -> bool:
        """Whether the person has said to stop."""
        return self.future is not None and self.future.cancelled()


class Verifying:
    """Answers the command."""

    def __init__(self, client: Client, desk: Desk) -> None:
        self.client = client
        self.desk = desk
        self.work = Verifications()

    def end(self) -> None:
        """End what runs, for good."""
        self.work.end()

    async def verify(self, opened: Opened | None, uri: str) -> dict[str, Any] | None:
        """Verify a module as it is saved and show the verdict; None where there is none."""
        path = file_path(opened.snapshot.uri if opened else uri)
        if path is None or not path.is_file():
            self.client.warn("only a module that is saved can be verified")
            return None
        bar = Bar(self.client, str(uuid.uuid4()) if self.client.shows_progress else "")
        try:
            await bar.begin(f"modfix: verifying {path.name}")
            linter = await self.desk.in_turn(partial(self.desk.course.linters.linter, path))
            verdict = await self.work.run(path, linter.settings, bar)
        except Cancelled:
            self.client.warn(f"the verification of {path.name} was stopped")
            return None
        except ModfixError as error:
            self.client.say(f"modfix: {error}", types.MessageType.Error)
            return None
        finally:
            bar.end()
        kind = types.MessageType.Info if verdict.passed else types.MessageType.Error
        unsaved = opened is not None and _is_unsaved(opened, path)
        self.client.log(details(path, verdict))
        self.client.say(summary(path, verdict, unsaved=unsaved), kind)
        return as_data(verdict)


def _is_unsaved(opened: Opened, path: Path) -> bool:
    """Whether the text that is open is another than the saved one; of cells nobody can say."""
    if isinstance(opened.snapshot, NotebookSnapshot):
        return False
    try:
        return opened.snapshot.data() != read_regular(path)
    except ModfixError:
        return True
