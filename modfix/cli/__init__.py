"""The command line. Each command is a file of its own and is imported only when it is called."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

from modfix import __version__
from modfix.errors import ModfixError

_COMMANDS = {
    "check": "Report the defects of course modules.",
    "fix": "Show the repair of course modules, or write it once it is proven (--write).",
    "verify": "Run course modules through the validation of the standard.",
    "rules": "List the rules.",
    "explain": "Explain a rule: what it finds, why, examples, how safe its fix is.",
}


class LazyGroup(click.Group):
    """A group whose commands are found by name, so that `--help` imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in the order in which people meet them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, imported now."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"modfix.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of the first argument, or a usage error with the nearest one."""
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            from modfix.nearest import nearest

            hint = nearest(args[0], _COMMANDS) or f"commands: {', '.join(_COMMANDS)}"
            raise ModfixError(f"no such command `{args[0]}`", todo=hint)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands in the help, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="modfix")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def group(debug: bool) -> None:
    """Lint, repair and verify the modules of a programming course.

    Exit codes: 0 nothing wrong, 1 errors left or verification failed, 2 modfix could not do its
    job.
    """


def main(args: list[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    arguments = sys.argv[1:] if args is None else args
    try:
        _run(arguments)
    except ModfixError as error:
        if "--debug" in arguments:
            raise
        click.echo(f"{click.style('error', fg='red', bold=True)}: {error}", err=True)
        sys.exit(2)


def _run(arguments: list[str]) -> Any:
    try:
        return group.main(arguments, prog_name="modfix", standalone_mode=True)
    except BrokenPipeError:  # `modfix check | head`: the reader has what it wanted
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
