"""Says which limit of verification is behind an error of the system that course code ran into."""

from __future__ import annotations

_NO_NETWORK = "the sandbox (bwrap) has no network; `--sandbox none` runs the module without it"
_READ_ONLY = (
    "the sandbox (bwrap) lets the module write to its own folder, its home and /tmp only; "
    "`--sandbox none` runs it without"
)
# Parts of messages (errno(3), gai_strerror(3)), and what is behind them in the sandbox.
_IN_SANDBOX = {
    "Network is unreachable": _NO_NETWORK,
    "Temporary failure in name resolution": _NO_NETWORK,
    "Name or service not known": _NO_NETWORK,
    "Read-only file system": _READ_ONLY,
}
_ANYWHERE = {
    "Resource temporarily unavailable": "a limit may be reached (settings: verify.processes)",
    "can't start new thread": "a limit may be reached (settings: verify.processes, verify.memory)",
    "File too large": "a limit is reached (settings: verify.disk)",
}


def hint_of(message: str, *, sandboxed: bool) -> str:
    """One line about the message of an error, or ""."""
    table = {**_ANYWHERE, **(_IN_SANDBOX if sandboxed else {})}
    return next((hint for part, hint in table.items() if part in message), "")
