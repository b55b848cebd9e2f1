"""Checks module files: what comes of each is plain data, in the order given."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from modfix.document.document import Document
from modfix.document.folder import Folder
from modfix.errors import ModfixError
from modfix.lint.cache import KeptModule
from modfix.lint.checked import Checked, Trouble
from modfix.lint.discover import judgement, read_bytes
from modfix.lint.known_cells import FEW, NO_CELLS, KnownCells
from modfix.lint.linter import Linter
from modfix.lint.located import located
from modfix.syntax.index import Facts
from modfix.timing import lap
from modfix.watch import Watch, seen, watching

__all__ = ["Checked", "Trouble", "check_file", "check_files", "checked_modules"]

LinterFor = Callable[[Path], Linter]
Known = Callable[[str, str, str], KeptModule | None]  # by path, path shown and linter
Answers = Iterable[tuple[int, KeptModule]]  # with the number of the file
Follow = Callable[[Answers, int], Answers]

_WORTH_A_WORKER = 150_000  # bytes of modules: less is checked before a second process has begun


def check_files(
    paths: Iterable[Path], linter_for: LinterFor, *, changes: bool = False
) -> Iterator[Checked]:
    """Check files with the linter of each. With `changes`, fixes carry what they change."""
    return (check_file(path, linter_for, changes=changes) for path in paths)


def check_file(path: Path, linter_for: LinterFor, *, changes: bool) -> Checked:
    """Check one file."""
    return checked_module(path, linter_for, _nothing_known, changes=changes).checked


def checked_modules(
    paths: Sequence[Path],
    linter_for: LinterFor,
    known: Known,
    *,
    changes: bool,
    jobs: int,
    follow: Follow = lambda answers, _: answers,
    cells: KnownCells = NO_CELLS,
) -> list[KeptModule]:
    """Check files, up to `jobs` at a time, with all that tells later whether the answers hold.

    What is `known` of the same bytes, settings and neighbours is not worked out again; `cells` keep
    what the cells of a few files say. Where a process dies over a file, that file's answer says so.
    `follow` sees the answers come, and how many there will be.
    """

    done = dict(_unchanged(paths, linter_for, known, changes))
    numbers = [number for number in range(len(paths)) if number not in done]
    left = [paths[number] for number in numbers]
    remembered = cells if len(left) <= FEW else NO_CELLS

    def work(path: Path) -> KeptModule:
        return checked_module(path, linter_for, known, changes=changes, cells=remembered)

    count = min(jobs, _worthwhile(left))
    if count <= 1:
        answers: Answers = zip(numbers, map(work, left), strict=True)
    else:
        from modfix.lint.workers import Pool

        pool = Pool(count, work, partial(_tried_again, work))
        answers = ((numbers[at], new) for at, new in pool.run(left))
    done.update(follow(answers, len(left)))
    return [done[number] for number in range(len(paths))]


def _unchanged(
    paths: Sequence[Path], linter_for: LinterFor, known: Known, changes: bool
) -> Iterator[tuple[int, KeptModule]]:
    """The files whose answers hold without a look into them."""
    for number, path in enumerate(paths):
        try:
            linter = _linter_key(linter_for(path), changes)
        except ModfixError:  # told when the file is checked
            continue
        kept = known(os.path.abspath(path), str(path), linter)  # noqa: PTH100
        if kept is not None and kept.holds():
            yield number, kept


def _linter_key(linter: Linter, changes: bool) -> str:
    return f"{linter.digest}{'+' * changes}"


def _worthwhile(paths: Sequence[Path]) -> int:
    """How many processes have enough to do to be worth their start."""
    from modfix.lint.workers import can_share

    if len(paths) < 2 or not can_share():
        return 1
    size = sum(seen(os.fspath(path)).size for path in paths)
    return min(len(paths), 1 + size // _WORTH_A_WORKER)


def _tried_again(work: Callable[[Path], KeptModule], path: Path, _: str) -> KeptModule:
    """The answer for a file over which a worker died, from another that tries every cell first.

    The cell that kills LibCST's parser is then one finding, and the others are checked.
    """
    from modfix.lint.workers import Pool
    from modfix.syntax.trial import try_every_parse_first

    def carefully(each: Path) -> KeptModule:
        try_every_parse_first()
        return work(each)

    answers = dict(Pool(1, carefully, _lost).run([path]))
    return answers[0]


def _lost(path: Path, end: str) -> KeptModule:
    trouble = Trouble(f"the process that checked it {end}", str(path), "please report the module")
    return _kept(path, Watch(), b"", "", Checked(str(path), trouble=trouble), b"")


def checked_module(
    path: Path,
    linter_for: LinterFor,
    known: Known,
    *,
    changes: bool,
    cells: KnownCells = NO_CELLS,
) -> KeptModule:
    """Check one file, or take what is known of it."""
    with watching() as watch:
        data, linter = b"", ""
        try:
            data = read_bytes(path)
            chosen = linter_for(path)
            linter = _linter_key(chosen, changes)
            kept = known(os.path.abspath(path), str(path), linter)  # noqa: PTH100
            if kept is not None and kept.digest == _digest(data) and kept.neighbours_hold():
                checked = kept.checked
                watch.files.update(kept.files)
                watch.folders.update(kept.folders)
            else:
                checked = _checked(path, data, chosen, cells, changes=changes)
        except ModfixError as error:
            checked = Checked(str(path), trouble=Trouble(error.what, error.where, error.todo))
    return _kept(path, watch, _digest(data), linter, checked, data)


def _checked(
    path: Path, data: bytes, linter: Linter, cells: KnownCells, *, changes: bool
) -> Checked:
    with lap("reading"):
        document = Document.from_bytes(path, data, Folder(path.parent))
        facts = cells.facts(document)
    checked = check_document(document, linter, changes=changes, facts=facts)
    with lap("cache"):
        cells.keep(document, facts)
    return checked


def check_document(
    document: Document, linter: Linter, *, changes: bool, facts: Facts | None = None
) -> Checked:
    """Check a document that has been read; `facts` as for `read_module`.

    Raises ModfixError where it cannot be checked.
    """
    found = linter.findings(document, facts=facts)
    with lap("placing findings"):
        return Checked(str(document.path), tuple(located(document, found, changes=changes)))


def _kept(
    path: Path, watch: Watch, digest: bytes, linter: str, checked: Checked, data: bytes
) -> KeptModule:
    absolute = os.path.abspath(path)  # noqa: PTH100
    own = watch.files.pop(absolute, None) or seen(absolute)
    return KeptModule(
        absolute, own, digest, judgement(path, data), linter, checked, watch.files, watch.folders
    )


def _digest(data: bytes) -> bytes:
    from hashlib import blake2b

    return blake2b(data, digest_size=16).digest()


def _nothing_known(path: str, shown: str, linter: str) -> None:
    return None
