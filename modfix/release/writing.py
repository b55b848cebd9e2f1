"""Where a release goes, and writing it whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from modfix.document.document import NOTEBOOK
from modfix.errors import ModfixError

SUFFIXES = (".py", NOTEBOOK)
_MODE = 0o666  # what the umask leaves of it


class Target(Struct, frozen=True):
    """A module and the file that its release goes to."""

    module: Path
    path: Path


def targets(
    modules: Sequence[Path], named: Sequence[Path], output: Path, suffix: str | None
) -> list[Target]:
    """Where the release of each module goes.

    `output` is a file for one module, or a folder: below it a module has the place that it has
    below the folder that was named. `suffix` is the format where a folder leaves it open.

    Raises ModfixError for several modules and one file, for two modules that meet in one file,
    and for a format that a module cannot be released in.
    """
    as_file = output.suffix in SUFFIXES and not output.is_dir()
    if as_file and len(modules) > 1:
        raise ModfixError(
            f"{len(modules)} modules and one file to write them to",
            where=f"--output {output}",
            todo="name a folder",
        )
    if as_file and suffix is not None and suffix != output.suffix:
        raise ModfixError(f"--to asks for `{suffix}`", where=f"--output {output}", todo="drop one")
    found = [
        Target(module, output if as_file else _below(module, named, output, suffix))
        for module in modules
    ]
    for target in found:
        _require_format(target)
    _require_apart(found)
    return found


def _below(module: Path, named: Sequence[Path], output: Path, suffix: str | None) -> Path:
    folders = [each for each in named if each.is_dir() and module.is_relative_to(each)]
    inside = module.relative_to(folders[0]) if folders else Path(module.name)
    return output / (inside.with_suffix(suffix) if suffix else inside)


def _require_format(target: Target) -> None:
    if target.module.suffix == NOTEBOOK and target.path.suffix != NOTEBOOK:
        raise ModfixError(
            "a notebook is released as a notebook",
            where=str(target.module),
            todo=f"name a file that ends in {NOTEBOOK}",
        )


def _require_apart(found: Sequence[Target]) -> None:
    taken: dict[Path, Target] = {}
    sources = {target.module.resolve() for target in found}
    for target in found:
        place = target.path.resolve()
        if place in sources:
            raise ModfixError(
                "this is the instructor's own file; nothing was written",
                where=str(target.path),
                todo="name another file or folder for the release",
            )
        other = taken.setdefault(place, target)
        if other is not target:
            raise ModfixError(
                f"the releases of {other.module} and {target.module} would be one file",
                where=str(target.path),
                todo="release them into different folders",
            )


def require_free(target: Target, *, force: bool) -> None:
    """Raise ModfixError where something stands in the way that is not to be replaced."""
    path = target.path
    if path.is_dir():
        raise ModfixError("this is a folder", where=str(path), todo="name a file")
    if os.path.lexists(path) and not force:
        raise ModfixError(
            "this file exists; nothing was written",
            where=str(path),
            todo="`--force` replaces an earlier release",
        )


def write_release(target: Target, data: bytes, *, force: bool) -> None:
    """Write a release: the whole file appears at once. Folders are made as needed.

    Raises ModfixError where a file is in the way (see `require_free`) or the system refuses.
    """
    require_free(target, force=force)
    path = target.path.resolve()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".modfix-", suffix=".tmp")
    except OSError as error:
        raise _unwritable(target, error) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(handle, _MODE & ~_umask())
            os.fsync(handle)
        if force:
            Path(name).replace(path)
        else:
            os.link(name, path)  # unlike a rename, never replaces what has appeared meanwhile
    except OSError as error:
        raise _unwritable(target, error) from None
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _unwritable(target: Target, error: OSError) -> ModfixError:
    return ModfixError(f"cannot be written ({error.strerror})", where=str(target.path))
