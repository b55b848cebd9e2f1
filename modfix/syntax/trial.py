"""Parsing in a process that may die: `python -m modfix.syntax.trial` reads a source from stdin.

What `guard` lets through has never killed LibCST's parser. Should something do so all the same, a
run whose worker has died on a file looks at it again after `try_every_parse_first()`: the one
cell that kills then costs one finding, and the others are checked.
"""

from __future__ import annotations

import sys

SECONDS = 10
MEMORY = 4 * 2**30  # bytes of address space

_every = False


def try_every_parse_first() -> None:
    """From now on, in this process, parse nothing that was not tried in another one before."""
    global _every
    _every = True


def reason_not_to_parse(text: str) -> str | None:
    """Why LibCST must not see a text; None for one that it survives, or that was not tried."""
    return _tried(text) if _every else None


def _tried(text: str) -> str | None:
    import signal  # PERF: only a cell in doubt needs them
    import subprocess

    # NOTE: -P: the current folder is the course's, and nothing may be imported from it.
    command = [sys.executable, "-P", "-m", "modfix.syntax.trial"]
    try:
        done = subprocess.run(
            command, input=text.encode(), capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"LibCST does not read it within {SECONDS} s"
    if done.returncode >= 0:  # read, or refused in order: parsing it here tells the same
        return None
    return f"it kills LibCST's parser ({signal.Signals(-done.returncode).name})"


def main() -> None:
    """Parse stdin and exit, without a core dump and with bounded memory."""
    import resource

    import libcst

    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or hard > MEMORY:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))
    libcst.parse_module(sys.stdin.buffer.read().decode())


if __name__ == "__main__":
    main()
