"""The ids of the release that students have: they are the keys of their grades.

`[nbgrader] released` names what holds them: a folder of released notebooks or scripts (such as
nbgrader's own `release/`), one of these, or a JSON file `{"module": ["id", …]}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from modfix.document.document import Document
from modfix.document.folder import Folder
from modfix.errors import ModfixError
from modfix.nbgrader.kinds import is_known
from modfix.rule import Module

_SUFFIXES = (".ipynb", ".py")


class Baseline(Struct, frozen=True):
    """The released ids of a module in order, where they were read, and why they could not be."""

    ids: tuple[str, ...]
    where: str
    fault: str = ""


def baseline(module: Module, released: str = "") -> Baseline | None:
    """What was released of a module, or None where nothing was or nobody says so.

    `released` names another baseline than the settings do.
    """
    name = (released or module.settings.nbgrader.released).rstrip("/")
    if not name:
        return None
    key = ("baseline", name)
    if key not in module.memo:
        module.memo[key] = _nearest(module.folder, name, module.document.path)
    found: Baseline | None = module.memo[key]
    return found


def lost_ids(module: Module) -> frozenset[str]:
    """The released ids that no cell of the module has any more."""
    released = baseline(module)
    if released is None:
        return frozenset()
    return frozenset(released.ids) - {known_id(cell.nbgrader) for cell in module.document.cells}


def known_id(metadata: object) -> str:
    """The id of a cell that nbgrader keeps in its database, or ""."""
    if not isinstance(metadata, dict) or not is_known(metadata):
        return ""
    grade_id = metadata.get("grade_id")
    return grade_id if isinstance(grade_id, str) else ""


def _nearest(folder: Folder, name: str, path: Path) -> Baseline | None:
    """The baseline in the nearest folder above the module that has one."""
    place = Path() if folder.place is None else folder.place.resolve()
    for depth in range(max(len(place.parts), 1)):
        root = "../" * depth + name
        data = folder.read(root)
        if data is not None:
            return _read(root, data, place.name, path.stem)
        if folder.names(root):
            return _in_folder(folder, root, place.name, path)
    return None


def _in_folder(folder: Folder, root: str, parent: str, path: Path) -> Baseline | None:
    for name in _counterparts(root, parent, path.stem):
        data = folder.read(name)
        itself = folder.place is not None and (folder.place / name).resolve() == path.resolve()
        if data is not None and not itself:
            return _read(name, data, parent, path.stem)
    return None


def _counterparts(root: str, parent: str, stem: str) -> Iterator[str]:
    for suffix in _SUFFIXES:
        yield f"{root}/{parent}/{stem}{suffix}"
        yield f"{root}/{stem}{suffix}"


def _read(name: str, data: bytes, parent: str, stem: str) -> Baseline | None:
    if name.endswith(_SUFFIXES):
        return _of_document(name, data)
    try:
        listed = json.loads(data)
    except ValueError:
        return Baseline((), name, "it is not JSON")
    if isinstance(listed, dict):
        keys = (f"{parent}/{stem}", stem, parent)
        listed = next((listed[key] for key in keys if key in listed), None)
    if listed is None:
        return None
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        return Baseline((), name, "it does not list ids by module")
    return Baseline(tuple(listed), name)


def _of_document(name: str, data: bytes) -> Baseline:
    try:
        cells = Document.from_bytes(Path(name), data).cells
    except ModfixError as error:
        return Baseline((), name, error.what)
    return Baseline(tuple(filter(None, (known_id(cell.nbgrader) for cell in cells))), name)
