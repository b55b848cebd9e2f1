"""The baselines of a run: which findings are known, and which entries no longer apply."""

from __future__ import annotations

from pathlib import Path

import click

from modfix.cli.selection import Selection
from modfix.config.layer import shown_path
from modfix.errors import ModfixError, one_line
from modfix.lint.baseline import DEFAULT_NAME, baseline_text, pruned
from modfix.lint.known import KnownFindings


class Known(KnownFindings):
    """Findings that baselines know; what they no longer know can be told or taken out."""

    def finish(self, *, prune: bool = False) -> None:
        """Tell which entries no longer apply, or take them out."""
        if prune and not self.baselines:
            click.echo("Nothing to take out: there is no baseline here.")
        for baseline in self.baselines.values():
            stale = baseline.stale(self.course.may_run)
            name, count = shown_file(baseline.file), len(stale)
            if not stale:
                if prune:
                    click.echo(f"{name}: nothing to take out.")
                continue
            entries = f"{count} {'entry' if count == 1 else 'entries'} of the baseline"
            if prune:
                write_baseline(baseline.file, baseline_text(pruned(baseline, stale)))
                click.echo(f"{name}: took out {entries}: nothing is found there any more.")
            else:
                todo = "`modfix baseline --prune` takes out what no longer applies"
                click.echo(f"{name}: nothing is found any more for {entries}; {todo}", err=True)


def write_baseline(file: Path, data: bytes) -> None:
    """Write a baseline, whole or not at all. Raises ModfixError where the system refuses."""
    from modfix.fix.transaction import create_file, replace_file

    file = Path(shown_path(file))  # as the errors name it
    try:
        if file.exists():
            replace_file(file, file.read_bytes(), data)
        else:
            create_file(file, data)
    except OSError as error:
        raise ModfixError(f"cannot be written: {error.strerror}", where=str(file)) from None


def default_file(selection: Selection) -> Path:
    """Where a first baseline goes: beside the configuration, else into the current folder."""
    paths = selection.paths or [Path()]
    config = selection.config(paths[0])
    name = config.settings.baseline or DEFAULT_NAME
    return (config.base or Path.cwd()) / name


def shown_file(path: Path) -> str:
    """A file from the current folder, on one line."""
    return one_line(shown_path(path))
