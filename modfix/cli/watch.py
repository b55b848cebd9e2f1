"""`--watch`: the same check again whenever a file changes."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from modfix.cli.stopping import Stopped, exit_code
from modfix.config import forget_configs
from modfix.errors import ModfixError

_SUFFIXES = (".py", ".ipynb", ".md", ".Rmd", ".qmd", ".toml", ".json")
_WAKES = 500  # milliseconds
_CLEAR = "\x1b[2J\x1b[H"


def watch(paths: Sequence[Path], check: Callable[[], object]) -> None:
    """Check now and after every change below the paths, until someone stops it (Ctrl-C).

    Of a file its folder is watched: what stands beside it, as a configuration, counts too.
    """
    from watchfiles import watch as changes

    missing = [path for path in paths if not path.exists()]
    if missing:
        raise ModfixError("no such file or folder", where=str(missing[0]))
    folders = {path if path.is_dir() else path.parent for path in paths}
    first = True
    try:
        # It yields an empty set when the time is up: the first time, it surely sees what changes.
        for found in changes(
            *folders,
            watch_filter=_matters,
            rust_timeout=_WAKES,
            yield_on_timeout=True,
            recursive=any(path.is_dir() for path in paths),
        ):
            if found or first:
                forget_configs()
                _once(check)
            first = False
    except (Stopped, KeyboardInterrupt):  # the latter is what watchfiles makes of the former
        sys.exit(exit_code())


def _once(check: Callable[[], object]) -> None:
    if sys.stdout.isatty():
        click.echo(_CLEAR, nl=False)
    check()
    click.echo(f"[{time.strftime('%H:%M:%S')}] watching for changes; Ctrl-C ends it", err=True)


def _matters(_: object, path: str) -> bool:
    hidden = any(part.startswith(".") and part not in (".", "..") for part in Path(path).parts[1:])
    return path.endswith(_SUFFIXES) and (not hidden or path.endswith(".modfix-baseline.json"))
