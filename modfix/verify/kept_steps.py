"""Passed steps that are kept from run to run, one small file for the inputs of one module.

Only what passed is kept: a failure may have come of a busy machine, and is run again.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import msgspec
from msgspec import structs

from modfix.kept import read_kept, write_kept
from modfix.lint.cache_folder import VERIFIED, cache_folder, prune_verified
from modfix.verify.bench import Bench
from modfix.verify.inputs import entry_name, inputs_digest
from modfix.verify.verdict import StepResult

_writing = threading.Lock()


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    steps: dict[str, StepResult]


@dataclass
class KeptSteps:
    """The kept results for what is on a bench; none where its inputs cannot be told."""

    bench: Bench
    digest: str | None = None
    folder: str = ""
    path: str = ""
    steps: dict[str, StepResult] = field(default_factory=dict)
    fresh: dict[str, StepResult] = field(default_factory=dict)

    def __post_init__(self) -> None:
        folder = cache_folder((str(self.bench.document.path),))
        self.folder = str(Path(folder).resolve()) if folder else ""
        self.digest = inputs_digest(self.bench, self.folder) if folder else None
        if self.digest is not None:
            self.path = f"{self.folder}/{self.digest}{VERIFIED}"
            self.steps = _read(self.path)

    def recall(self, step: str) -> StepResult | None:
        """The step as it passed on the same inputs, marked as kept; None if it never did."""
        found = self.steps.get(entry_name(step, self.bench.settings))
        return None if found is None else structs.replace(found, cached=True)

    def note(self, result: StepResult) -> None:
        """Take a result that has just come about."""
        if self.path and result.outcome == "passed":
            self.fresh[entry_name(result.step, self.bench.settings)] = result

    def keep(self) -> None:
        """Keep what was noted, unless something was changed while the steps ran."""
        if not self.fresh or inputs_digest(self.bench, self.folder) != self.digest:
            return
        with _writing:
            every = _Kept({**_read(self.path), **self.fresh})
            if write_kept(self.path, every):
                _prune(self.folder)


def _read(path: str) -> dict[str, StepResult]:
    kept = read_kept(path, _Kept)
    return {} if kept is None else kept.steps


@cache
def _prune(folder: str) -> None:
    """Keep a folder within its bounds, once in a run."""
    prune_verified(folder)
