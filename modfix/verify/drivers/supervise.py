"""Watches over one run of course code and leaves no process of it: the `main` of a process.

It stands between modfix and the keeper, which starts the course's process, inside the sandbox
where there is one. Course code that kills its parent kills the keeper; the supervisor, as the
subreaper of everything that comes of it, inherits what is left, daemons too, and ends it when the
keeper is gone, when the time is up or a quota is used up, or when modfix itself is gone (its end
of the pipe on our standard input closes).
"""

from __future__ import annotations

import os
import select
import subprocess
import time
from typing import TYPE_CHECKING

from .clearing import remove_tree
from .descendants import LINUX, adopt_orphans, die_with_parent, end_all, end_group
from .quota import Quota
from .wire import facts_of, tell, told

if TYPE_CHECKING:  # PERF
    from typing import Any

TICK = 0.1  # seconds between two looks at the quotas
PATIENCE = 3.0  # seconds that the keeper gets to end by itself once it is asked to


class Abandoned(Exception):
    """modfix is gone."""


def main() -> None:
    """Carry out the order on standard input; the report goes to the descriptor it names."""
    order = told(0)
    adopt_orphans()
    watched = _Run(order)
    try:
        facts = watched.to_its_end()
    except Abandoned:
        watched.end()
        remove_tree(order["scratch"])  # nobody else is left to do it
        return
    watched.end()
    tell(order["report"], **facts)


class _Run:
    def __init__(self, order: dict[str, Any]) -> None:
        self.order = order
        self.quota = Quota(order)
        self.said = b""
        self.heard, report = os.pipe()
        self.keeper = subprocess.Popen(
            [*order["keeper"], str(report)],
            stdin=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
            pass_fds=(report,),
            preexec_fn=die_with_parent,  # no threads here: safe
        )
        os.close(report)
        assert self.keeper.stdin is not None
        self.stop = self.keeper.stdin
        try:
            tell(self.stop.fileno(), **order)
        except BrokenPipeError:  # the sandbox could not be made: what it printed says why
            self.stop.close()

    def to_its_end(self) -> dict[str, Any]:
        """What the keeper said in the end, and which limit was passed. Raises Abandoned."""
        deadline = time.monotonic() + float(self.order["seconds"]) + PATIENCE
        over = ""
        while not over and self._goes_on(TICK):
            over = self.quota.exceeded()
            if time.monotonic() > deadline:  # the keeper does not keep time: it was stopped
                over = "time"
        if over:
            self._ask_to_stop()
        facts = facts_of(self.said)
        timed_out = facts.get("timed_out", False) or over == "time"
        return {**facts, "timed_out": timed_out, "exceeded": over if over != "time" else ""}

    def _ask_to_stop(self) -> None:
        self.stop.close()
        deadline = time.monotonic() + PATIENCE
        while self._goes_on(TICK) and time.monotonic() < deadline:
            pass

    def _goes_on(self, seconds: float) -> bool:
        """Listen for a while; whether the keeper is still at work."""
        ready, _, _ = select.select([0, self.heard], [], [], seconds)
        if 0 in ready:
            raise Abandoned
        if self.heard not in ready:
            return True
        chunk = os.read(self.heard, 4096)
        self.said += chunk
        return bool(chunk) and "code" not in facts_of(self.said)

    def end(self) -> None:
        """Leave no process."""
        group = facts_of(self.said).get("group")
        if group and not LINUX:  # where processes cannot be listed, and there is no sandbox
            end_group(group)
        self.keeper.kill()
        end_all(unreaped=self.keeper.pid)
        self.keeper.wait()
