"""`modfix verify`: the validation of the standard, step by step."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from modfix.cli.fix_options import no_cache_option
from modfix.cli.options import jobs_option
from modfix.cli.selection import Selection, paths_argument, sandbox_option


@click.command("verify")
@paths_argument
@sandbox_option
@no_cache_option
@jobs_option
def command(paths: tuple[Path, ...], sandbox: str | None, no_cache: bool, jobs: int | None) -> None:
    """Run the modules in PATHS (default: the current folder) through every step of validation.

    Runs course code, each step in a process of its own on a copy, with limits of time and memory,
    several modules at once. A step that passed before on the same inputs is not run again.
    Exits with 1 when a step failed.
    """
    from modfix.cli.verifying import Verification

    selection = Selection(paths, sandbox=sandbox)
    work = Verification(selection, selection.files(), cached=not no_cache, jobs=jobs)
    failed = work.run()
    sys.exit(2 if selection.failures.any else int(failed > 0))
