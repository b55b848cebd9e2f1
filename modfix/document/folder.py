"""What stands beside a document: names and bytes, read when asked for and never in the way.

Rules that look at more than one file (a paired notebook, an instructor's file that a release
would copy) ask here. What they asked is remembered: a cache of findings has to key on it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from modfix.document.regular_file import NoRegularFile, open_regular
from modfix.watch import saw_file, saw_folder

LARGEST = 256 * 2**20  # bytes: a neighbour beyond that is taken for unreadable


class Asked(Struct, frozen=True):
    """What was asked of a folder: findings hold as long as the answers are the same.

    `listings` holds the names of each folder that was listed, `digests` the digest of each file
    that was read (None: it could not be), by the relative path under which it was asked for.
    """

    listings: Mapping[str, tuple[str, ...]]
    digests: Mapping[str, str | None]


class Folder:
    """The surroundings of one document.

    Paths are relative to the document's folder, with `/` (`m.ipynb`, `../nbgrader_config.py`).
    Nothing raises and nothing blocks: a folder that cannot be listed has no names, and what is no
    readable regular file has no bytes. `memo` is for what rules have worked out of neighbours; it
    lives as long as the document and all that edits make of it.
    """

    __slots__ = ("_files", "_listings", "memo", "place")

    def __init__(self, place: Path | None = None) -> None:
        """`place` is the folder of the document, None for one that comes from nowhere (stdin)."""
        self.place = place
        self.memo: dict[Hashable, Any] = {}
        self._listings: dict[str, tuple[str, ...]] = {}
        self._files: dict[str, bytes | None] = {}

    @classmethod
    def holding(cls, files: Mapping[str, bytes]) -> Folder:
        """A folder that is nowhere and holds some files, for examples and tests."""
        folder = cls()
        folder._files.update(files)
        folder._listings[""] = tuple(sorted(files))
        return folder

    def with_memo(self, memo: Mapping[Hashable, Any]) -> Folder:
        """The same folder, what was asked of it included, with other things worked out."""
        folder = Folder(self.place)
        folder._files, folder._listings = self._files, self._listings
        folder.memo = dict(memo)
        return folder

    def names(self, below: str = "") -> tuple[str, ...]:
        """The sorted names of files and folders beside the document, or in a folder from there.

        The document's own name is among them. Those of another encoding hold surrogates.
        """
        if below not in self._listings:
            if self.place is None:
                return ()
            saw_folder(self.place / below)
            self._listings[below] = _names(self.place / below)
        return self._listings[below]

    def read(self, name: str) -> bytes | None:
        """The bytes of a regular file, or None for what is none or cannot be read."""
        if name not in self._files:
            if self.place is None:
                return None
            self._files[name] = read_regular(self.place / name)
        return self._files[name]

    @property
    def asked(self) -> Asked:
        """Everything that was asked so far, with what the answers were."""
        files = {name: _digest(data) for name, data in self._files.items()}
        return Asked(dict(self._listings), files)


def read_regular(path: Path) -> bytes | None:
    """The bytes of a regular file, or None. Opens no device and waits for no pipe."""
    saw_file(path)
    try:
        with open_regular(path) as (file, size):
            return None if size > LARGEST else file.read(LARGEST)
    except (OSError, ValueError, NoRegularFile):  # ValueError: a name with a NUL
        return None


def _names(folder: Path) -> tuple[str, ...]:
    try:
        return tuple(sorted(entry.name for entry in folder.iterdir()))
    except (OSError, ValueError):
        return ()


def _digest(data: bytes | None) -> str | None:
    return None if data is None else hashlib.blake2b(data, digest_size=16).hexdigest()
