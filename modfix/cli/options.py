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
        _codes_option("--ignore", "Leave these rules out."),
        _codes_option("--extend-select", "Run these rules as well."),
        _codes_option("--select", "Run only these rules (`ALL`: every one)."),
    ):
        function = option(function)
    return function


def _codes_option(name: str, said: str) -> Callable[[Command], Command]:
    return click.option(
        name,
        multiple=True,
        metavar="CODES",
        help=said,
        shell_complete=codes_that_begin,
        callback=_some_code if name == "--select" else None,
    )


def _some_code(_: click.Context, __: click.Parameter, values: Sequence[str]) -> Sequence[str]:
    if values and not codes(values):  # `--select "$UNSET"` must mean neither nothing nor all
        todo = "`ALL` stands for every one, and without the option the settings decide"
        raise ModfixError("--select names no rule", todo=todo)
    return values


def codes_that_begin(_: click.Context, __: click.Parameter, typed: str) -> list[Any]:
    """The codes of installed rules that complete what is typed, behind a comma too."""
    from click.shell_completion import CompletionItem

    from modfix.lint.registry import catalogue

    before, comma, begun = typed.rpartition(",")
    return [
        CompletionItem(f"{before}{comma}{rule.code}", help=rule.name)
        for rule in catalogue().rules
        if rule.code.startswith(begun.upper())
    ]


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
