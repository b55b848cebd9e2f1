"""Where jupytext's formats put the files of a pair: `notebooks///ipynb,scripts///py:percent`.

A format is `root//folder/prefix` before the last slash and `suffix.extension` after it (jupytext,
`paired_paths.py`). The usual ones are worked out here; what climbs (`..`) is left to jupytext.
"""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

Parts = tuple[str, ...]


class Form(Struct, frozen=True):
    """One format: the root folder, the folder below, what the name begins and ends with."""

    root: Parts
    folder: Parts
    prefix: str
    suffix: str
    extension: str


def read_form(text: str) -> Form:
    """Read one format, its name (`:percent`) left out."""
    place, _, ending = text.partition(":")[0].strip().rpartition("/")
    root, _, below = place.rpartition("//") if "//" in place else ("", "", place)
    folder, _, prefix = below.rpartition("/")
    suffix, _, extension = ending.rpartition(".")
    return Form(_parts(root), _parts(folder), prefix, suffix, f".{extension}")


def other_place(path: Path, own: Form, other: Form) -> Path | None:
    """Where the file of another format stands for a file of one; None where it does not fit."""
    name, folders = path.stem, path.parent.parts
    if (own.suffix and not name.endswith(own.suffix)) or not name.startswith(own.prefix):
        return None
    name = name[len(own.prefix) : len(name) - len(own.suffix)]
    if folders[len(folders) - len(own.folder) :] != own.folder:
        return None
    folders = folders[: len(folders) - len(own.folder)]
    if own.root:
        at = _last(folders, own.root)
        if at < 0:
            return None
        folders = (*folders[:at], *other.root, *folders[at + len(own.root) :])
    elif other.root:
        return None
    return Path(*folders, *other.folder, f"{other.prefix}{name}{other.suffix}{other.extension}")


def _parts(text: str) -> Parts:
    return tuple(part for part in text.split("/") if part)


def _last(folders: Parts, root: Parts) -> int:
    """Where a root stands last among the folders of a path, or -1."""
    places = range(len(folders) - len(root), -1, -1)
    return next((at for at in places if folders[at : at + len(root)] == root), -1)
