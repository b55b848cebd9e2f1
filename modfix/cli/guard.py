"""`modfix guard`: another tool over course modules, without what it would break."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from modfix.cli.failures import Failures
from modfix.cli.selection import Selection
from modfix.cli.stopping import Stopped
from modfix.errors import ModfixError, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from modfix.guard.damage import Damage
    from modfix.guard.run import Mended


@click.command("guard", context_settings={"allow_interspersed_args": False})
@click.option(
    "--paths", multiple=True, metavar="PATH", help="What to guard (default: the current folder)."
)
@click.option("--undo", is_flag=True, help="Undo the change of a damaged file instead of mending.")
@click.argument("command_line", metavar="COMMAND...", nargs=-1, type=click.UNPROCESSED)
def command(paths: tuple[str, ...], undo: bool, command_line: tuple[str, ...]) -> None:
    """Run COMMAND (`modfix guard -- black .`) and put right what it damages in course modules.

    Directives, cell metadata, markers, regions and exports are compared before and after. What
    is broken is restored in the text where that is unambiguous; else the file gets its bytes from
    before. Runs no course code itself. Exits with the command's code, and with 1 when a change
    had to be undone.
    """
    if not command_line:
        raise ModfixError("which command? none is given", todo="`modfix guard -- black .`")
    selection = Selection(tuple(Path(path) for path in paths))
    files = _guarded(selection)
    if selection.failures.any:
        sys.exit(2)
    sys.exit(Guard(selection, list(command_line), undo).over(files))


def _guarded(selection: Selection) -> list[Path]:
    """The files to guard: both halves of each pair."""
    found = selection.discovery()
    return sorted([*found.files, *found.halves])


@dataclass
class Guard:
    """One run of a command over files."""

    selection: Selection
    command_line: Sequence[str]
    undo: bool
    undone: int = 0

    def over(self, files: list[Path]) -> int:
        """Run the command and look at what it left; the exit code."""
        from modfix.fix.transaction import remove_stale
        from modfix.guard.run import run_command
        from modfix.guard.snapshot import left_behind, snapshot

        for folder in left_behind():
            text = f"a guard was killed here; the files as they were before it are in {folder}"
            _say(f"{text} (delete it when you do not need it)")
        for parent in {path.resolve().parent for path in files}:
            remove_stale(parent)  # of a guard that was killed while it restored
        stopped: Stopped | None = None
        with snapshot(files) as before:
            try:
                code = run_command(self.command_line)
            except Stopped as stop:
                stopped, code = stop, stop.code
            self._look_after(before)
        if stopped is not None:
            raise stopped
        if self.selection.failures.any:
            return 2
        return 1 if self.undone else code

    def _look_after(self, before: Mapping[Path, bytes]) -> None:
        from modfix.guard.run import changed, mend

        gone = []
        for path, now in changed(before):
            if now is None and not path.is_symlink() and not path.exists():
                gone.append((path, before[path]))
                continue
            with self.selection.failures.going_on():
                if now is None:
                    raise ModfixError("no longer a file that can be read", where=str(path))
                if mended := mend(path, before[path], now, undo=self.undo):
                    self._tell(mended)
        self._tell_files(before, gone)

    def _tell(self, mended: Mended) -> None:
        self.undone += mended.outcome == "undone"
        for line in _lines(mended, self.command_line):
            _say(line)

    def _tell_files(self, before: Mapping[Path, bytes], gone: list[tuple[Path, bytes]]) -> None:
        from modfix.document.folder import read_regular
        from modfix.guard.run import moved

        created = [(path, read_regular(path)) for path in self._now() if path not in before]
        renamed, lost, new = moved(gone, created)
        for path, to in renamed.items():
            _say(f"{path}: the command renamed it to {to}")
        for path in lost:
            _say(f"{path}: the command deleted it")
        for path in new:
            _say(f"{path}: the command created it")

    def _now(self) -> list[Path]:
        """The module files as they are now; what cannot be looked at was told before."""
        quiet = Selection(self.selection.paths, failures=Failures())
        found = quiet.discovery(tell=False)
        return sorted([*found.files, *found.halves])


def _lines(mended: Mended, command_line: Sequence[str]) -> list[str]:
    """A line for each damage: where, what, what became of it, and how to prevent it."""
    from modfix.guard.advice import advice

    done = "restored" if mended.outcome == "restored" else "the file's change was undone"
    return [
        f"{_place(mended, each)}: {each.what}; {done}; to prevent it: "
        f"{advice(command_line, each.facet)}"
        for each in mended.damages
    ]


def _place(mended: Mended, damage: Damage) -> str:
    """`path:line: cell 3 `id``, in the file as it is now."""
    document = mended.document
    if damage.facet == "file":
        return str(mended.path)
    index, offset = damage.cell, damage.offset
    if mended.outcome == "restored":
        index = damage.after
        at = document.cells[index].source.find(damage.text) if offset is not None else -1
        offset = at if at >= 0 else None
    line = document.place(index, offset)[0]
    name = mended.before.cells[damage.cell].id
    return f"{mended.path}:{line}: cell {index}" + (f" `{name}`" if name else "")


def _say(text: str) -> None:
    click.echo(f"{click.style('guard', fg='yellow', bold=True)}: {one_line(text)}", err=True)
