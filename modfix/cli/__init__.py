"""The command line. Each command is a file of its own and is imported only when it is called."""

from __future__ import annotations

import gc
import importlib
import os
import sys

import click

from modfix import __version__
from modfix.cli.failures import tell
from modfix.cli.stopping import Stopped, stop_in_order
from modfix.cli.streams import abandon_output, colour, prepare_streams
from modfix.errors import ModfixError

_COMMANDS = {
    "check": "Report the defects of course modules.",
    "fix": "Show the repair of course modules, or write it once it is proven (--write).",
    "suppress": "Write a suppression with a reason for every finding that is to stay.",
    "baseline": "Record today's findings, so that only new ones fail.",
    "verify": "Run course modules through the validation of the standard.",
    "release": "Show what students get of course modules, or write it (--output).",
    "config": "Show the settings that apply to a path, and where each comes from.",
    "guard": "Run another tool (`modfix guard -- black .`) and put right what it damages.",
    "server": "Serve an editor: diagnostics, quick fixes, hover (LSP over stdio).",
    "cache": "Say what the cache of findings holds, or clear it.",
    "rules": "List the rules.",
    "explain": "Explain a rule: what it finds, why, examples, how safe its fix is.",
    "test-rules": "Run the examples of the rules.",
    "completion": "Print the script that completes modfix's words in a shell.",
}
# PERF: nearly all that a run makes lives until it ends; looking through it for garbage every 700
# objects, as Python does by default, takes a tenth of the time.
_OBJECTS = 50_000
_FILES = {"test-rules": "examples"}  # where the file has another name than the command


class LazyGroup(click.Group):
    """A group whose commands are found by name, so that `--help` imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in the order in which people meet them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, imported now."""
        if cmd_name not in _COMMANDS:
            return None
        name = _FILES.get(cmd_name, cmd_name)
        command: click.Command = importlib.import_module(f"modfix.cli.{name}").command
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
@click.pass_context
def group(context: click.Context, debug: bool) -> None:
    """Lint, repair and verify the modules of a programming course.

    Exit codes: 0 nothing wrong, 1 errors left or verification failed, 2 modfix could not do its
    job.
    """
    context.color = colour()
    if debug:
        import logging

        logging.basicConfig(level=logging.DEBUG, format="%(message)s")


def collect_seldom() -> None:
    """Look for garbage as seldom as a run of the command does."""
    gc.set_threshold(_OBJECTS)


def main(args: list[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    arguments = sys.argv[1:] if args is None else args
    collect_seldom()
    prepare_streams()
    stop_in_order()
    try:
        sys.exit(group.main(arguments, prog_name="modfix", standalone_mode=False))
    except Stopped as stop:
        _tell(_stopped(stop), arguments)
        sys.exit(stop.code)
    except click.UsageError as error:
        _tell_usage(error, arguments)
    except ModfixError as error:
        _tell(error, arguments)
    except OSError as error:
        abandon_output()
        _tell(_refused(error), arguments)
    except Exception:  # NOTE: without this a crash would exit with 1, which means "errors left"
        import traceback  # PERF: as all that only an error needs

        traceback.print_exc()
        _tell(ModfixError("modfix itself failed", todo="please report the lines above"), [])
    sys.exit(2)


def _tell(error: ModfixError, arguments: list[str]) -> None:
    tell(error, debug="--debug" in arguments)


def _stopped(stop: Stopped) -> ModfixError:
    return ModfixError(f"stopped by {stop.name}; every file is whole, the old or the new")


def _refused(error: OSError) -> ModfixError:
    where = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
    refused = ModfixError(f"the system refused: {error.strerror or error}", where=where)
    return refused.with_traceback(error.__traceback__)


def _tell_usage(error: click.UsageError, arguments: list[str]) -> None:
    if not arguments:  # `modfix` alone: the help
        error.show()
        return
    command = error.ctx.command_path if error.ctx else "modfix"
    what, todo = error.format_message().rstrip("."), f"see `{command} --help`"
    if isinstance(error, click.NoSuchOption):
        from modfix.nearest import nearest

        what = f"no such option `{error.option_name}`"
        todo = nearest(error.option_name, error.possibilities or ()) or todo
    _tell(ModfixError(f"{what[:1].lower()}{what[1:]}", todo=todo), arguments)
