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
    folder = _folder(path)
    what, size = _held(folder)
    click.echo(f"{folder}: {what}, {size / 2**20:,.1f} MiB")


@command.command("clear")
@_PATH
def clear(path: str) -> None:
    """Remove what the cache of the course at PATH (default: the current folder) holds."""
    from modfix.lint.cache_folder import clear as clear_folder

    folder = _folder(path)
    what, _ = _held(folder)
    clear_folder(folder)
    click.echo(f"{folder}: removed {what}")


def _held(folder: str) -> tuple[str, int]:
    """What a folder holds, in words and in bytes: runs of `check`, verified modules; the size of
    what is known of cells counts, too."""
    from modfix.lint.cache_folder import kept_cells, kept_runs, kept_verdicts
    from modfix.report.concise import counted

    runs, verdicts = kept_runs(folder), kept_verdicts(folder)
    words = [counted(len(runs), "run")]
    if verdicts:
        words.append(counted(len(verdicts), "verification"))
    return ", ".join(words), sum(size for _, size, _ in (*runs, *verdicts, *kept_cells(folder)))


def _folder(path: str) -> str:
    from modfix.lint.cache_folder import cache_folder

    folder = cache_folder((path,))
    if not folder:
        raise ModfixError("there is no cache folder here", todo="set MODFIX_CACHE_DIR to one")
    return folder
