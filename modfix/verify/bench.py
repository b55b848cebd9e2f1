"""The bench on which steps work: the text under test, its settings, and a way to run drivers."""

from __future__ import annotations

import json
import os
import secrets
import site
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec import Struct

from modfix.document.document import Document
from modfix.errors import ModfixError
from modfix.settings import Settings
from modfix.verify.course_path import course_folders, imported_names
from modfix.verify.environment import child_environment, own_python_path, seed_home
from modfix.verify.events import is_an_event
from modfix.verify.process import PACKAGE, Ended, Limits, run_process
from modfix.verify.program import Program, program_of
from modfix.verify.sandbox import NO_SANDBOX, Sandbox, interpreter
from modfix.verify.scratch import Scratch, scratch_folder

_LARGEST = 16 << 20  # bytes of events that are read
DRIVERS = Path(__file__).parent / "drivers" / "__main__.py"


class Event(Struct, frozen=True):
    """Something that a driver told: its kind and its facts (see `drivers/record.py`)."""

    kind: str
    facts: dict[str, Any]

    @property
    def frames(self) -> list[tuple[int, str]]:
        """Line and function of each frame in the module, the deepest last."""
        return [(int(line), str(name)) for line, name in self.facts.get("frames", ())]

    def __getitem__(self, key: str) -> Any:
        return self.facts[key]


class Answer(Struct, frozen=True):
    """What a driver said, how its process ended, and where it hung if its time was up.

    `left_out` names the files of the module's folder that were too large to be copied.
    """

    ended: Ended
    events: tuple[Event, ...]
    stack: str
    module: Path
    left_out: tuple[str, ...] = ()

    def clean(self, text: str) -> str:
        """A text without the path of the scratch folder, which tells a person nothing."""
        return text.replace(f"{self.module.parent}/", "")

    def all(self, kind: str) -> tuple[Event, ...]:
        """The events of a kind, in order."""
        return tuple(event for event in self.events if event.kind == kind)

    def first(self, kind: str) -> Event | None:
        """The first event of a kind, or None."""
        return next(iter(self.all(kind)), None)


@dataclass(frozen=True)
class Bench:
    """A document to verify. `base` is the folder that `verify.python-path` is relative to."""

    document: Document
    settings: Settings
    base: Path
    sandbox: Sandbox = NO_SANDBOX

    @property
    def path(self) -> Path:
        """Where the module lives; a link's target, as when Python runs it."""
        return self.document.path.resolve()

    @cached_property
    def program(self) -> Program:
        """The document as a program."""
        return program_of(self.document)

    @property
    def python(self) -> str:
        """The interpreter that runs course code; a relative path is relative to `base`."""
        given = self.settings.verify.python
        if not given:
            return sys.executable
        return str(self.base / given) if "/" in given else given

    @cached_property
    def python_path(self) -> tuple[Path, ...]:
        """The folders of the course's packages: those set, then those found."""
        given = [(self.base / each).resolve() for each in self.settings.verify.python_path]
        names = imported_names(self.document)
        absent = self._absent(names) if names or self.settings.verify.python else ()
        return (*given, *course_folders(absent, self.path.parent))

    def _absent(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The packages that the interpreter does not have. Raises ModfixError without a Python."""
        with scratch_folder(Path("/none/module.py"), b"") as scratch:
            answer = self._ask(scratch, "locating", (), {"names": names})
        found = answer.first("absent")
        if found is None:
            raise ModfixError(
                f"the interpreter `{self.python}` cannot be run",
                where="verify.python",
                todo="set it to a Python 3.9 or newer, or leave it out",
            )
        return tuple(found["names"])

    @contextmanager
    def scratch(self) -> Iterator[Scratch]:
        """A fresh scratch folder with the document in it."""
        with scratch_folder(self.path.with_name(self.program.name), self.program.data) as scratch:
            seed_home(scratch.root)
            yield scratch

    def _limits(self, runs: int) -> Limits:
        given = self.settings.verify
        return Limits(given.timeout * runs, given.memory, given.disk, given.processes)

    def _needed(self, path: tuple[Path, ...]) -> list[Path]:
        """What a sandbox must let be seen, wherever it is: both Pythons, modfix, the course."""
        pythons = [*interpreter(sys.executable), *interpreter(self.python)]
        own = [Path(entry) for entry in own_python_path()]
        return [*pythons, PACKAGE, Path(site.getuserbase()), *own, *path, self.path.parent]

    def ask(self, driver: str, scratch: Scratch, *, runs: int = 1, **job: object) -> Answer:
        """Run a driver on the module in a scratch folder; it has the time of that many runs."""
        return self._ask(scratch, driver, (scratch.folder, *self.python_path), job, runs)

    def _ask(
        self,
        scratch: Scratch,
        driver: str,
        path: tuple[Path, ...],
        job: dict[str, Any],
        runs: int = 1,
    ) -> Answer:
        events, stack = scratch.control / "events.jsonl", scratch.control / "stack.txt"
        nonce = secrets.token_hex(16)
        whole = {
            **job,
            "driver": driver,
            "nonce": nonce,
            "module": str(scratch.module),
            "events": str(events),
            "stack": str(stack),
        }
        order = scratch.control / "job.json"
        order.write_text(json.dumps(whole), encoding="utf-8")
        ended = run_process(
            [self.python, str(DRIVERS), str(order)],
            cwd=scratch.folder,
            env=child_environment(scratch.root, path),
            limits=self._limits(runs),
            scratch=scratch.root,
            wrap=self.sandbox.wrap(scratch.root, self._needed(path)),
        )
        told = tuple(self._events(events, nonce, driver))
        return Answer(ended, told, _text(stack), scratch.module, scratch.left_out)

    def _events(self, path: Path, nonce: str, driver: str) -> Iterator[Event]:
        """The events that the driver wrote; lines that are not its own are passed over."""
        for line in _text(path).splitlines():
            try:
                facts = json.loads(line)
            except (ValueError, RecursionError):  # cut short by a kill, or the course's
                continue
            if not isinstance(facts, dict) or facts.pop("nonce", "") != nonce:
                continue
            if is_an_event(facts, driver, len(self.document.cells)):
                yield Event(facts.pop("event"), facts)


def _text(path: Path) -> str:
    """The beginning of a file that course code may have made anything of: "" for what is none."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:  # gone, locked, a link
        return ""
    try:
        regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
        return _whole(descriptor).decode("utf-8", errors="replace") if regular else ""
    finally:
        os.close(descriptor)


def _whole(descriptor: int) -> bytes:
    with open(descriptor, "rb", closefd=False) as file:
        return file.read(_LARGEST)
