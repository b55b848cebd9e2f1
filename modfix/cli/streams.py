"""The standard streams, made fit for every path and message, and for being closed or full."""

from __future__ import annotations

import io
import os
import sys


def prepare_streams() -> None:
    """Open streams that are closed, and let none fail on a character that it does not have.

    A closed descriptor would go to the next file that is opened; what is printed to it is lost, as
    the person wanted.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            _open_null(number, name)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def abandon_output() -> None:
    """Send what is still to be printed nowhere: its reader is gone, or its disk is full."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def colour() -> bool | None:
    """Whether to print colours: False where NO_COLOR says so (no-color.org), else a terminal's."""
    return False if os.environ.get("NO_COLOR") else None


def _open_null(number: int, name: str) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    if null != number:
        os.dup2(null, number)
        os.close(null)
    setattr(sys, name, os.fdopen(number, "r" if name == "stdin" else "w", encoding="utf-8"))
