"""Arguments and options that commands share. PERF: nothing is imported here but click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from modfix.errors import ModfixError

Command = TypeVar("Command", bound=Callable[..., Any])


def paths_argument(function: Command) -> Command:
    """`[PATHS]...`, the current folder where none is given."""
    return click.argument("paths", nargs=-1, type=click.Path(readable=False), callback=_paths)(
        function
    )


def _paths(_: click.Context, __: click.Parameter, values: Sequence[str]) -> tuple[Path, ...]:
    if "" in values:  # `modfix fix --write "$UNSET"` must not mean the current folder
        raise ModfixError("a path is empty", todo="name a module or a folder, `.` for this one")
    return tuple(map(Path, values))


def rule_options(function: Command) -> Command:
    """`--select`, `--ignore` and their like, and which configuration counts."""
    for option in (
        click.option("--isolated", is_flag=True, help="Ignore every configuration file."),
        click.option(
            "--config",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Use this configuration for every module.",
        ),
        click.option(
            "--container-strategy",
            type=click.Choice(["import", "explicit"]),
            help="How an inline container is replaced: a guarded import or explicit model classes.",
        ),
        click.option("--ignore", multiple=True, metavar="CODES", help="Leave these rules out."),
        click.option(
            "--extend-select", multiple=True, metavar="CODES", help="Run these rules as well."
        ),
        click.option("--select", multiple=True, metavar="CODES", help="Run only these rules."),
    ):
        function = option(function)
    return function


def codes(values: Sequence[str]) -> tuple[str, ...]:
    """`CMP,RUN101` and repeated options as one tuple of codes."""
    return tuple(code.strip() for value in values for code in value.split(",") if code.strip())


def sandbox_option(function: Command) -> Command:
    """`--sandbox`."""
    return click.option(
        "--sandbox",
        type=click.Choice(["auto", "bwrap", "none"]),
        help="How course code is kept apart: bubblewrap where it works (auto), always, or never.",
    )(function)


def jobs_option(function: Command) -> Command:
    """`--jobs`."""
    return click.option(
        "--jobs",
        "-j",
        type=click.IntRange(min=1),
        metavar="N",
        help="At most so many processes (default: the processors, where that pays).",
    )(function)
