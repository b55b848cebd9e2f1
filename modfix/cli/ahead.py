"""Proofs that begin before their turn, each in a thread that waits for the processes of its steps.

Modules are planned, told and written one after the other, in their order; what a proof tells waits
for its turn. A module begins ahead only where none of those before it stands in the same folder:
its rules and its run look at what is beside it, and that is yet to be written.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from modfix.fix.proof import Proof
    from modfix.fix.rounds import Repair
    from modfix.settings import Settings
    from modfix.verify.run import OnStep
    from modfix.verify.verdict import StepResult

    Told = tuple[str, StepResult | None] | Proof | BaseException

Begun = TypeVar("Begun")


class Ahead:
    """The proof of a repair, which runs from now on."""

    def __init__(self, repair: Repair, settings: Settings, *, cached: bool) -> None:
        self._heard: SimpleQueue[Told] = SimpleQueue()
        work = (repair, settings, cached)
        self._thread = threading.Thread(target=self._prove, args=work, daemon=True)
        self._thread.start()

    def _prove(self, repair: Repair, settings: Settings, cached: bool) -> None:
        """The work of the thread."""
        from modfix.fix.proof import prove

        try:
            end: Told = prove(repair, settings, lambda *step: self._heard.put(step), cached=cached)
        except BaseException as error:  # whoever follows raises it again
            end = error
        self._heard.put(end)

    def follow(self, on_step: OnStep) -> Proof:
        """The proof; its steps are told as `prove` tells them. Raises what that raises."""
        while isinstance(told := self._heard.get(), tuple):
            on_step(*told)
        self.wait()
        if isinstance(told, BaseException):
            raise told
        return told

    def wait(self) -> None:
        """Wait for the end of the thread."""
        self._thread.join()


def begun_ahead(
    files: Sequence[Path], begin: Callable[[Path], Begun], most: Callable[[Path], int]
) -> Iterator[Begun]:
    """What `begin` makes of each file, in order, begun for up to `most` of them at once."""
    waiting, begun = deque(files), deque[tuple[Path, Begun]]()
    while waiting or begun:
        while waiting and _may_begin(waiting[0], [path for path, _ in begun], most):
            path = waiting.popleft()
            begun.append((path.resolve().parent, begin(path)))
        yield begun.popleft()[1]


def _may_begin(path: Path, before: Sequence[Path], most: Callable[[Path], int]) -> bool:
    if not before:
        return True
    return path.resolve().parent not in before and len(before) < most(path)
