"""The baselines of a run: which findings are known, and which entries no longer apply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import click

from modfix.cli.selection import Selection
from modfix.errors import ModfixError, one_line
from modfix.lint.baseline import (
    DEFAULT_NAME,
    Baseline,
    baseline_text,
    nearest_baseline,
    pruned,
    read_baseline,
)
from modfix.lint.checked import Located


@dataclass
class Known:
    """Findings that baselines know, module by module. `given` is a file of the command line."""

    selection: Selection
    given: Path | None = None
    off: bool = False
    baselines: dict[Path, Baseline] = field(default_factory=dict)
    count: int = 0

    def unknown(self, path: Path, findings: Iterable[Located]) -> tuple[Located, ...]:
        """The findings of a module that its baseline does not know."""
        every = tuple(findings)
        baseline = self.of(path)
        if baseline is None:
            return every
        left = tuple(baseline.unknown(path, every))
        self.count += len(every) - len(left)
        return left

    def of(self, path: Path) -> Baseline | None:
        """The baseline of a module. Raises ModfixError for one that is set and cannot be read."""
        file = None if self.off else self.file_of(path)
        if file is None:
            return None
        if file not in self.baselines:
            self.baselines[file] = read_baseline(file)
        return self.baselines[file]

    def file_of(self, path: Path) -> Path | None:
        """The file in which the baseline of a module is looked for."""
        if self.given is not None:
            return self.given
        config = self.selection.config(path)
        return nearest_baseline(path.parent.resolve(), config.settings.baseline, config.base)

    def finish(self, *, prune: bool = False) -> None:
        """Tell which entries no longer apply, or take them out."""
        for baseline in self.baselines.values():
            stale = baseline.stale(self.selection.may_run)
            if not stale:
                continue
            name, count = shown_file(baseline.file), len(stale)
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
    here = Path.cwd()
    return one_line(str(path.relative_to(here) if path.is_relative_to(here) else path))
