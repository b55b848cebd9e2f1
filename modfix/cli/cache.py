"""`modfix cache`: where findings are kept, how many, and away with them."""

from __future__ import annotations

import click

from modfix.errors import ModfixError

_PATH = click.argument("path", default=".")


@click.group("cache")
def command() -> None:
    """Say what the cache of a course holds, or clear it."""


@command.command("info")
@_PATH
def info(path: str) -> None:
    """Say where the cache of the course at PATH (default: the current folder) is and how large."""
    from modfix.lint.cache_folder import kept_runs, kept_verdicts
    from modfix.report.concise import counted

    folder = _folder(path)
    runs, verdicts = kept_runs(folder), kept_verdicts(folder)
    size = sum(size for _, size, _ in (*runs, *verdicts))
    what = f"{counted(len(runs), 'run')}, {counted(len(verdicts), 'verification')}"
    click.echo(f"{folder}: {what}, {size / 2**20:,.1f} MiB")


@command.command("clear")
@_PATH
def clear(path: str) -> None:
    """Remove what the cache of the course at PATH (default: the current folder) holds."""
    from modfix.lint.cache_folder import clear as clear_folder
    from modfix.report.concise import counted

    folder = _folder(path)
    click.echo(f"{folder}: removed {counted(clear_folder(folder), 'file')}")


def _folder(path: str) -> str:
    from modfix.lint.cache_folder import cache_folder

    folder = cache_folder((path,))
    if not folder:
        raise ModfixError("there is no cache folder here", todo="set MODFIX_CACHE_DIR to one")
    return folder
