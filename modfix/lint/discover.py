"""From paths to module files: the percent scripts and notebooks among them."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import Struct

from modfix.document.document import NOTEBOOK, Document
from modfix.document.folder import Folder, read_regular
from modfix.document.pairing import (
    HEAD,
    SCRIPT,
    notebook_options,
    partner_path,
    script_options,
)
from modfix.document.text_formats import READ_AS
from modfix.errors import ModfixError
from modfix.lint.empty_folder import no_module
from modfix.lint.gitignore import GitIgnores
from modfix.lint.module_file import (
    is_checkpoint,
    no_file,
    read_file,
    reason_in,
    reason_to_skip,
)
from modfix.nearest import nearest
from modfix.watch import saw_file, saw_folder

_SKIPPED_FOLDERS = frozenset(
    {"__pycache__", "node_modules", "site-packages", "build", "dist", "venv"}
)


class Skipped(Struct, frozen=True):
    """A file that was named and is not a module, and why."""

    path: Path
    reason: str


Excluded = Callable[[Path], bool]
PairSource = Callable[[Path], str]  # "script" or "notebook": which half stands for a pair


@dataclass(slots=True)
class Discovery:
    """What some paths stand for: module files, each once, what was passed over, what failed.

    `halves` are the files that another one stands for, with that one.
    """

    by_target: dict[Path, Path] = field(default_factory=dict)
    halves: dict[Path, Path] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    failures: list[ModfixError] = field(default_factory=list)

    @property
    def files(self) -> list[Path]:
        """The module files, in order."""
        return list(self.by_target.values())

    def add(self, path: Path) -> None:
        """Take in a module file, unless it is there under another name (`./a.py`, a link)."""
        self.by_target.setdefault(Path(os.path.realpath(path)), path)  # never raises


def module_files(
    paths: Sequence[Path],
    excluded: Excluded = lambda _: False,
    source: PairSource = lambda _: "script",
    respects_gitignore: Excluded = lambda _: True,
) -> Discovery:
    """The files to look at for `paths`.

    A folder stands for all module files below it; a file that is named is taken as it is. Of a
    script and a notebook that jupytext keeps in step, one stands for both when both are there. A
    path that does not exist or cannot be read, and a folder that holds no module, are failures;
    the other paths are still looked at.
    """
    found = Discovery()
    for path in paths:
        try:
            _look_at(path, found, excluded, respects_gitignore)
        except ModfixError as error:
            found.failures.append(error)
        except OSError as error:  # folders that we may not enter, names longer than the system's
            found.failures.append(_unreadable(path, error))
    _take_halves_out(found, source)
    return found


def _take_halves_out(found: Discovery, source: PairSource) -> None:
    """Leave one file of each pair."""
    if not any(path.suffix == NOTEBOOK for path in found.by_target):
        return
    for target in [path for path in found.by_target if path.suffix == SCRIPT]:
        place = partner_path(target, script_options(_head(target)).get("formats", ""))
        other = place[0].resolve() if place else target
        if other == target or other not in found.by_target or target not in found.by_target:
            continue
        kept, left = (other, target) if source(target) == "notebook" else (target, other)
        found.halves[found.by_target.pop(left)] = found.by_target[kept]


def paired_script(path: Path) -> Path | None:
    """The script that a notebook is paired with, or None."""
    data = read_regular(path) or b""
    formats = notebook_options(data.decode("utf-8", "replace")).get("formats", "")
    place = partner_path(path, formats)
    if place is not None:
        saw_file(place[0])
    if place is None or not place[0].is_file() or reason_to_skip(place[0], named=True):
        return None
    script = Path(os.path.relpath(place[0])) if place[0].is_absolute() else place[0]
    return place[0] if path.is_absolute() else script


def _head(path: Path) -> str:
    """The first lines of a script, which hold jupytext's header."""
    try:
        with path.open("rb") as file:
            return file.read(HEAD).decode("utf-8", "replace").replace("\r\n", "\n")
    except OSError:
        return ""


def _look_at(
    path: Path, found: Discovery, excluded: Excluded, respects_gitignore: Excluded
) -> None:
    if path.is_dir() and not is_checkpoint(path):
        ignores = GitIgnores(path) if respects_gitignore(path) else None
        _look_into(path, found, excluded, ignores)
        return
    saw_file(path)
    if (reason := _refused(path)) is not None:
        found.skipped.append(Skipped(path, reason))
    else:
        found.add(path)


def _look_into(
    folder: Path, found: Discovery, excluded: Excluded, ignores: GitIgnores | None
) -> None:
    failures = len(found.failures)
    modules = list(_modules_below(folder, excluded, found.failures, ignores))
    for path in modules:
        found.add(path)
    if modules or len(found.failures) > failures:
        return

    def stands(git: bool, settings: bool) -> bool:
        leaves_out = _nothing if settings else excluded
        return any(map(bool, _modules_below(folder, leaves_out, [], None if git else ignores)))

    raise no_module(folder, stands)


def _nothing(_: Path) -> bool:
    return False


def read_document(path: Path) -> Document:
    """Read a module file. Raises ModfixError where it cannot be read."""
    return Document.from_bytes(path, read_bytes(path), Folder(path.parent))


def read_bytes(path: Path) -> bytes:
    """The bytes of a module file. Raises ModfixError where it cannot be read."""
    saw_file(path)
    try:
        return read_file(path)
    except OSError as error:
        raise _unreadable(path, error) from None


def judgement(path: Path, data: bytes) -> str:
    """All that finding modules takes from a file's content: as long as it stays the same, the
    same files stand for the same modules."""
    text = data.decode("utf-8", "replace")
    if path.suffix == NOTEBOOK:
        return notebook_options(text).get("formats", "")
    formats = script_options(text[:HEAD].replace("\r\n", "\n")).get("formats", "")
    reasons = (reason_in(path, data, named=named) or "" for named in (True, False))
    return "|".join((formats, *reasons))


def _unreadable(path: Path, error: OSError) -> ModfixError:
    return ModfixError(f"cannot be read: {error.strerror}", where=str(path))


def _refused(path: Path) -> str | None:
    """Why a named file is passed over, or None for one to look at."""
    if path.is_dir():
        return "checkpoints that Jupyter saves; name the notebooks themselves"
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise _missing(path, error) from None
    if not stat.S_ISREG(mode):
        raise no_file(path)
    return reason_to_skip(path, named=True)


def _missing(path: Path, error: OSError) -> ModfixError:
    if not isinstance(error, FileNotFoundError):
        return _unreadable(path, error)
    if path.is_symlink():
        return ModfixError(f"a link to nothing: there is no `{path.readlink()}`", where=str(path))
    names = []
    if path.parent.is_dir():
        names = [entry.name for entry in path.parent.iterdir()]
    hint = nearest(path.name, names)
    return ModfixError("no such file or folder", where=str(path), todo=hint)


def _modules_below(
    folder: Path, excluded: Excluded, failures: list[ModfixError], ignores: GitIgnores | None
) -> Iterator[Path]:
    """The modules of a folder and of those below it, without recursion: folders can nest deep."""
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        saw_folder(place)
        try:
            folders, names = _entries(place)
        except OSError as error:
            failures.append(_unreadable(place, error))
            continue
        if ignores is not None:
            ignores.enter(place, names)
            folders = [n for n in folders if not ignores.ignores(place / n, is_folder=True)]
            names = [n for n in names if not ignores.ignores(place / n, is_folder=False)]
        entered = [n for n in folders if _entered(place / n) and not excluded(place / n)]
        waiting += [place / name for name in sorted(entered, reverse=True)]
        yield from _modules_in(path for path in _visible(place, names) if not excluded(path))


def _entries(folder: Path) -> tuple[list[str], list[str]]:
    """The names of the folders in a folder, links excluded, and of everything else."""
    folders: list[str] = []
    others: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            (folders if entry.is_dir(follow_symlinks=False) else others).append(entry.name)
    return folders, others


def _visible(place: Path, names: Iterable[str]) -> list[Path]:
    return [place / name for name in sorted(names) if not name.startswith(".")]


def _modules_in(paths: Iterable[Path]) -> Iterator[Path]:
    """Scripts and notebooks; text notebooks where neither of their name stands beside them."""
    beside = list(paths)
    found = {p for p in beside if p.suffix not in READ_AS and _is_module(p)}
    standing = {path.with_suffix("") for path in found}
    texts = (p for p in beside if p.suffix in READ_AS and p.with_suffix("") not in standing)
    found.update(path for path in texts if _is_module(path))
    return (path for path in beside if path in found)


def _is_module(path: Path) -> bool:
    return _is_file(path) and reason_to_skip(path, named=False) is None


def _is_file(path: Path) -> bool:
    """Whether there is a regular file, or one may be: reading it says why it cannot be read."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError as error:
        return error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)


def _entered(folder: Path) -> bool:
    """Whether a folder is looked into."""
    if folder.name.startswith(".") or folder.name in _SKIPPED_FOLDERS:
        return False
    saw_file(folder / "pyvenv.cfg")
    return not os.path.exists(folder / "pyvenv.cfg")  # noqa: PTH110 (False where we may not look)
