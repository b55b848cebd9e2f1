"""`modfix server`: diagnostics, quick fixes and more for editors, over stdin and stdout."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any, BinaryIO

import click

from modfix.cli.options import rule_options, sandbox_option
from modfix.errors import ModfixError

_EXTRA = ("pygls", "lsprotocol")


@click.command("server")
@rule_options
@sandbox_option
@click.option(
    "--stdio", is_flag=True, hidden=True, help="What some clients add; there is no other."
)
def command(**options: Any) -> None:
    """Serve an editor (LSP over stdin and stdout) until it ends the session.

    Checks what is open in the editor; runs course code only for the command `modfix.verify`.
    Exits with 0 when the editor ended in order, else with 1.
    """
    try:
        from modfix.server.app import Server
    except ImportError as error:
        if error.name is None or error.name.partition(".")[0] not in _EXTRA:
            raise
        raise ModfixError(
            "the editor server needs pygls 2", todo="`pip install 'modfix[server]'`"
        ) from error
    from modfix.cli.selection import Selection

    server = Server(Selection.of({**options, "paths": ()}))
    _end_at_once()
    code = server.run(*_own_streams())
    sys.stderr.flush()
    # NOTE: a rule that never ends, in a thread, would keep the process of an editor that is gone.
    os._exit(code)


def _own_streams() -> tuple[BinaryIO, BinaryIO]:
    """The two ends of the protocol, kept from whatever else reads or prints in this process.

    A rule is anybody's code: what it prints goes to stderr, where editors keep a log.
    """
    stdin, stdout = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return stdin, stdout


def _end_at_once() -> None:
    """Let signals end the process: nothing is being written, and nobody reads what it would say.

    NOTE: an event loop takes the exception of `stop_in_order` for one of its callbacks' mistakes.
    What a verification runs ends with us (see `modfix.verify.process`).
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
