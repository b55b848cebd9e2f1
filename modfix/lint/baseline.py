"""The baseline: findings that a course had when it took modfix in, so that only new ones fail.

A finding is known by its rule, the text at its place and its file, never by its line: it stays
known when its cell moves, when other text changes, and when its file gets another name.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import msgspec
from msgspec import Struct

from modfix.config.layer import shown_path
from modfix.errors import ModfixError, one_line
from modfix.lint.checked import Located
from modfix.watch import saw_file

DEFAULT_NAME = ".modfix-baseline.json"
VERSION = 1
Key = tuple[str, str, str]  # path from the baseline's folder, code, anchor


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """Findings of one rule with the same text in one file; `message` is there for readers."""

    path: str
    code: str
    anchor: str
    count: int
    message: str

    @property
    def key(self) -> Key:
        """What it is known by."""
        return self.path, self.code, self.anchor


class Content(Struct, frozen=True, forbid_unknown_fields=True):
    """What a baseline file holds."""

    version: int
    findings: tuple[Entry, ...]


@dataclass
class Baseline:
    """The known findings of one file, and which of them have been met.

    `checked` holds the paths whose findings have been compared.
    """

    file: Path
    entries: tuple[Entry, ...] = ()
    met: Counter[Key] = field(default_factory=Counter)
    checked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.left = Counter({entry.key: entry.count for entry in self.entries})

    def unknown(self, path: Path, findings: Iterable[Located]) -> list[Located]:
        """The findings of one checked file that the baseline does not know."""
        name = self.name_of(path)
        self.checked.add(name)
        return [each for each in findings if not self._takes(name, each)]

    def _takes(self, name: str, finding: Located) -> bool:
        own = (name, finding.code, finding.anchor)
        key = own if self.left[own] > 0 else self._renamed(finding)
        if key is None:
            return False
        self.left[key] -= 1
        self.met[key] += 1
        return True

    def _renamed(self, finding: Located) -> Key | None:
        """The same finding in a file that is there no more."""
        for path in self.gone:
            key = (path, finding.code, finding.anchor)
            if self.left[key] > 0:
                return key
        return None

    @cached_property
    def gone(self) -> tuple[str, ...]:
        """The paths that it names and that are there no more."""
        paths = dict.fromkeys(entry.path for entry in self.entries)
        folder = self.file.parent
        return tuple(path for path in paths if not os.path.exists(folder / path))  # noqa: PTH110

    def stale(self, ran: Callable[[str], bool] = lambda _: True) -> list[Entry]:
        """The entries that no longer apply, of files that were checked or are gone.

        `ran` says whether the rule of a code ran: what was not looked for is not stale.
        """
        seen = self.checked | set(self.gone)
        return [
            entry
            for entry in self.entries
            if entry.path in seen and ran(entry.code) and self.met[entry.key] < entry.count
        ]

    def name_of(self, path: Path) -> str:
        """A file's path from the baseline's folder."""
        name = os.path.relpath(os.path.realpath(path), os.path.realpath(self.file.parent))
        return one_line(Path(name).as_posix())  # JSON holds no lone surrogates


def read_baseline(file: Path) -> Baseline:
    """Read a baseline file. Raises ModfixError for one that is none."""
    try:
        data = file.read_bytes()
        content = msgspec.json.decode(data, type=Content)
    except OSError as error:
        todo = "write it with `modfix baseline`" if isinstance(error, FileNotFoundError) else ""
        what = f"cannot be read: {error.strerror}"
        raise ModfixError(what, where=shown_path(file), todo=todo) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        todo = "remove it and write it anew with `modfix baseline`"
        raise ModfixError(
            f"this is no baseline: {error}", where=shown_path(file), todo=todo
        ) from None
    if content.version != VERSION:
        todo = "update modfix, or remove it and write it anew with `modfix baseline`"
        raise ModfixError(
            f"a baseline of version {content.version}; this modfix reads {VERSION}",
            where=shown_path(file),
            todo=todo,
        )
    return Baseline(file, content.findings)


def recorded(baseline: Baseline, findings: Sequence[tuple[Path, Located]]) -> tuple[Entry, ...]:
    """The entries for findings: those of files that were not checked stay as they are."""
    counts: Counter[Key] = Counter()
    messages: dict[Key, str] = {}
    for path, finding in findings:
        key = (baseline.name_of(path), finding.code, finding.anchor)
        counts[key] += 1
        messages.setdefault(key, finding.message)
    fresh = [Entry(*key, count, messages[key]) for key, count in counts.items()]
    gone = set(baseline.gone)
    kept = [e for e in baseline.entries if e.path not in baseline.checked and e.path not in gone]
    return tuple(sorted([*fresh, *kept], key=lambda entry: entry.key))


def pruned(baseline: Baseline, stale: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries without those that no longer apply; of several equal ones, as many as do."""
    gone = {entry.key for entry in stale}
    counts = {entry.key: baseline.met[entry.key] for entry in baseline.entries}
    kept = (e if e.key not in gone else _counted(e, counts[e.key]) for e in baseline.entries)
    return tuple(entry for entry in kept if entry.count > 0)


def _counted(entry: Entry, count: int) -> Entry:
    return Entry(entry.path, entry.code, entry.anchor, count, entry.message)


def baseline_text(entries: Sequence[Entry]) -> bytes:
    """The content of a baseline file: one entry a line, so that changes to it can be read."""
    rows = ",\n".join(f"  {msgspec.json.encode(entry).decode()}" for entry in entries)
    body = f"[\n{rows}\n ]" if rows else "[]"
    return f'{{\n "version": {VERSION},\n "findings": {body}\n}}\n'.encode()


def nearest_baseline(folder: Path, name: str, base: Path | None) -> Path | None:
    """The baseline for modules of a folder: the one that is set (`name` under `base`), else the
    nearest file of the default name in the folder or above it."""
    if name and base is not None:
        return base / name
    return _above(folder)


def forget_baselines() -> None:
    """Look for baselines anew: files may have come or gone."""
    _above.cache_clear()


@cache
def _above(folder: Path) -> Path | None:
    saw_file(folder / DEFAULT_NAME)
    if os.path.isfile(folder / DEFAULT_NAME):  # noqa: PTH113 (never raises)
        return folder / DEFAULT_NAME
    return None if folder.parent == folder else _above(folder.parent)
