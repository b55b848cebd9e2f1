"""`modfix verify`: the validation of the standard, step by step."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from modfix.cli.selection import Selection, paths_argument, sandbox_option
from modfix.errors import one_line


@click.command("verify")
@paths_argument
@sandbox_option
def command(paths: tuple[Path, ...], sandbox: str | None) -> None:
    """Run the modules in PATHS (default: the current folder) through every step of validation.

    Runs course code, each step in a process of its own on a copy, with limits of time and memory.
    Exits with 1 when a step failed.
    """
    selection, failed = Selection(paths, sandbox=sandbox), 0
    for path in selection.files():
        with selection.failures.going_on():
            failed += not _verified(selection, path)
    sys.exit(2 if selection.failures.any else int(failed > 0))


def _verified(selection: Selection, path: Path) -> bool:
    from modfix.lint.discover import read_document
    from modfix.report.verdict import StepPrinter, verdict_line
    from modfix.verify.run import verify

    document, settings = read_document(path), selection.linter(path).settings
    click.echo(click.style(one_line(str(path)), bold=True))
    with StepPrinter(len(settings.verify.steps), path.name) as printer:
        verdict = verify(document, settings, on_step=printer.on_step)
    click.echo(verdict_line(verdict))
    return verdict.passed
