"""Processes that share the work on many items: forked, so that nothing is imported or sent twice.

Each worker has one item at a time. One that dies takes its item with it and nothing else.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Done = TypeVar("Done")


def usable_cpus() -> int:
    """How many processors this process may use, by its affinity and its control group's quota."""
    try:
        found = len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        found = os.cpu_count() or 1
    return max(1, min(found, _quota() or found))


def _quota() -> int | None:
    try:
        with open("/sys/fs/cgroup/cpu.max", encoding="ascii") as file:  # noqa: PTH123
            most, period = file.read().split()
        return None if most == "max" else max(1, round(int(most) / int(period)))
    except (OSError, ValueError):
        return None


def can_share() -> bool:
    """Whether workers can be forked here without harm.

    The libraries of macOS do not survive it (Python forks nothing there by default, either), and a
    lock that another thread holds would be held for ever in the worker.
    """
    import threading  # PERF: only a run over several files asks

    return hasattr(os, "fork") and sys.platform != "darwin" and threading.active_count() == 1


class Pool(Generic[Item, Done]):
    """Up to `count` workers that turn items into what `work` makes of them.

    `lost` makes the result of an item whose worker died, from the item and how it ended. Where the
    system lets no worker begin, the work is done here.
    """

    def __init__(
        self, count: int, work: Callable[[Item], Done], lost: Callable[[Item, str], Done]
    ) -> None:
        self.count = count
        self.work = work
        self.lost = lost

    def run(self, items: Sequence[Item]) -> Iterator[tuple[int, Done]]:
        """The results with the numbers of their items, as they come."""
        from multiprocessing.connection import wait

        waiting = list(range(len(items) - 1, -1, -1))
        working: dict[object, tuple[_Worker[Item, Done], int]] = {}
        try:
            for _ in range(min(self.count, len(items))):
                self._hand_out(_begun(self.work), items, waiting, working)
            while working:
                for end in wait(list(working)):  # type: ignore[arg-type]
                    worker, number = working.pop(end)
                    result = worker.result()
                    if result is None:
                        yield number, self.lost(items[number], worker.ended())
                        worker.dismiss()
                        another = _begun(self.work) if waiting else None
                        self._hand_out(another, items, waiting, working)
                    else:
                        yield number, result[0]
                        self._hand_out(worker, items, waiting, working)
            while waiting:
                number = waiting.pop()
                yield number, self.work(items[number])
        finally:
            for worker, _ in working.values():
                worker.kill()

    def _hand_out(
        self,
        worker: _Worker[Item, Done] | None,
        items: Sequence[Item],
        waiting: list[int],
        working: dict[object, tuple[_Worker[Item, Done], int]],
    ) -> None:
        if worker is None:
            return
        if not waiting:
            worker.dismiss()
            return
        number = waiting.pop()
        worker.give(items[number])
        working[worker.end] = (worker, number)


def _begun(work: Callable[[Item], Done]) -> _Worker[Item, Done] | None:
    """A new worker, or None where the system has no process left for one."""
    try:
        return _Worker(work)
    except OSError:
        return None


class _Worker(Generic[Item, Done]):
    """One forked process and the pipe to it."""

    def __init__(self, work: Callable[[Item], Done]) -> None:
        from multiprocessing import Pipe

        self.end, theirs = Pipe()
        self.code: int | None = None
        sys.stdout.flush()
        sys.stderr.flush()
        try:
            self.process = os.fork()
        except OSError:
            self.end.close()
            theirs.close()
            raise
        if not self.process:
            self.end.close()
            _serve(theirs, work)
        theirs.close()

    def give(self, item: Item) -> None:
        """Hand over an item; one that has died says so when its result is asked for."""
        with contextlib.suppress(OSError):
            self.end.send(item)

    def result(self) -> tuple[Done] | None:
        """The result of the item, or None from a worker that died."""
        try:
            found: tuple[Done] = (self.end.recv(),)
        except (EOFError, OSError):
            return None
        return found

    def ended(self) -> str:
        """How the process ended, in words."""
        self._wait()
        code = self.code or 0
        return f"was killed by signal {-code}" if code < 0 else f"exited with code {code}"

    def dismiss(self) -> None:
        """Let the process end: there is no more to do."""
        with contextlib.suppress(OSError):
            self.end.send(None)
        self.end.close()
        self._wait()

    def kill(self) -> None:
        """End the process now."""
        import signal

        if self.code is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process, signal.SIGKILL)
        self.dismiss()

    def _wait(self) -> None:
        if self.code is None:
            _, status = os.waitpid(self.process, 0)
            self.code = os.waitstatus_to_exitcode(status)


def _serve(pipe, work: Callable[[Item], Done]) -> None:  # type: ignore[no-untyped-def]
    """The life of a worker; it never returns into what the parent was doing."""
    import signal

    code = 1
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        while True:
            try:
                item = pipe.recv()
            except (EOFError, OSError):  # the parent is gone
                item = None
            if item is None:
                code = 0
                break
            pipe.send(work(item))
    finally:
        if code:
            import traceback

            traceback.print_exc()
            sys.stderr.flush()
        os._exit(code)
