"""The options of the two commands that repair, `fix` and `check --fix`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from modfix.errors import ModfixError

STDIN = Path("-")

unsafe_option = click.option(
    "--unsafe-fixes", is_flag=True, help="Make the fixes that change behaviour too."
)
no_verify_option = click.option(
    "--no-verify", is_flag=True, help="Do not run the repaired modules."
)
no_cache_option = click.option(
    "--no-cache", is_flag=True, help="Run every step anew, and remember nothing."
)
changed_option = click.option(
    "--exit-non-zero-on-fix", is_flag=True, help="Exit with 1 when a file was changed."
)


def contradiction(options: Mapping[str, Any]) -> None:
    """Raise ModfixError for options of `fix` that contradict each other."""
    if options["diff"] and options["write"]:
        raise ModfixError(
            "--diff shows and --write writes; take one of them",
            todo="`modfix fix --diff` for the diff alone, `modfix fix` for diff and verdict",
        )
    if options["interactive"] and options["diff"]:
        raise ModfixError("--interactive shows each fix by itself; leave out --diff")
    if options["verify"] and (options["no_verify"] or options["diff"]):
        other = "--no-verify" if options["no_verify"] else "--diff"
        raise ModfixError(f"--verify runs what is repaired, {other} does not; take one of them")
    _require_stdin(options)
    for name in ("write", "interactive"):
        if STDIN in options["paths"] and options[name]:
            raise ModfixError(
                f"`-` is standard input, where --{name} has nothing to write to",
                todo="the repaired text goes to standard output",
            )


def require_fix(options: Mapping[str, Any]) -> None:
    """Raise ModfixError for options of `check` that mean nothing without --fix, or with it."""
    for name in ("unsafe_fixes", "no_verify", "exit_non_zero_on_fix", "sandbox"):
        if options[name] and not options["fix"]:
            raise ModfixError(f"--{name.replace('_', '-')} goes with --fix", todo="add --fix")
    _require_stdin(options)
    if options["fix"] and options["watch"]:
        raise ModfixError(
            "--watch only looks, --fix writes; take one of them",
            todo="`modfix fix --write` once, or `modfix check --watch`",
        )


def _require_stdin(options: Mapping[str, Any]) -> None:
    """Raise ModfixError for a name of standard input where that is not read."""
    if options["stdin_filename"] is not None and STDIN not in options["paths"]:
        raise ModfixError(
            "--stdin-filename names what `-` reads, and no `-` is given",
            todo="give `-` in the place of paths, or leave the option out",
        )
