"""The modules that are open, each reviewed when its text has come to rest.

Everything here runs in the event loop; what takes long runs in one thread beside it, one thing
after the other, and sees snapshots that do not change under it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from modfix.server.course import Course
from modfix.server.review import Cells, Review, review
from modfix.server.snapshot import Snapshot

REST = 0.25  # seconds without a key before a changed text is reviewed
_STACK = 64 << 20  # bytes: what parses deep nesting on a main thread must not die on ours
Result = TypeVar("Result")


@dataclass
class Opened:
    """An open module: as it is now, the answer to that, and what leads to it.

    `shown` are the documents that have diagnostics, or had.
    """

    snapshot: Snapshot
    cells: Cells = field(default_factory=dict)
    answer: asyncio.Task[Review] | None = None
    timer: asyncio.TimerHandle | None = None
    rests_on: Collection[str] = ()
    shown: set[str] = field(default_factory=set)

    def wait_no_more(self) -> None:
        """The text moves on, or is reviewed at once."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None


class Desk:
    """What is open. `show` gets each review that is still of the newest text, and its module."""

    def __init__(self, course: Course, show: Callable[[Opened, Review], None]) -> None:
        self.course = course
        self.show = show
        self.modules: dict[str, Opened] = {}
        self.running: set[asyncio.Task[Review]] = set()
        threading.stack_size(_STACK)
        self.thread = ThreadPoolExecutor(1, "modfix-review")

    def put(self, snapshot: Snapshot, *, at_once: bool) -> None:
        """A module that is opened or has changed; reviewed at once or when it has come to rest."""
        opened = self.modules.setdefault(snapshot.uri, Opened(snapshot))
        opened.snapshot, opened.answer = snapshot, None
        opened.wait_no_more()
        if at_once:
            self.answer(opened)
        else:
            loop = asyncio.get_running_loop()
            opened.timer = loop.call_later(REST, self.answer, opened)

    def take(self, uri: str) -> Opened | None:
        """Close a module; what was open, or None."""
        opened = self.modules.pop(uri, None)
        if opened is not None:
            opened.wait_no_more()
        return opened

    def again(self, changed: Collection[str]) -> None:
        """Review every module anew whose answer rests on one of these paths."""
        for opened in self.modules.values():
            if not set(changed).isdisjoint(opened.rests_on):
                self.put(opened.snapshot, at_once=True)

    def answer(self, opened: Opened) -> asyncio.Task[Review]:
        """The review of a module as it is now: the one that there is, or a new one."""
        opened.wait_no_more()
        if opened.answer is None:
            opened.answer = asyncio.get_running_loop().create_task(self._review(opened))
            self.running.add(opened.answer)
            opened.answer.add_done_callback(self.running.discard)
        return opened.answer

    async def _review(self, opened: Opened) -> Review:
        snapshot = opened.snapshot
        found = await self.in_turn(partial(review, snapshot, self.course, opened.cells))
        if opened.snapshot is snapshot and self.modules.get(snapshot.uri) is opened:
            opened.rests_on = found.rests_on
            self.show(opened, found)
        return found

    async def in_turn(self, work: Callable[[], Result]) -> Result:
        """Do something in the thread, after what waits there already."""
        return await asyncio.get_running_loop().run_in_executor(self.thread, work)
