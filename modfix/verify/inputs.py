"""The inputs of verification as one digest: what is the same then has the same verdict.

The digest stands for the module's bytes and place, the files beside it, the folders that its
imports are found in, the settings, the interpreter and its packages, the environment, the sandbox
and modfix's own code. What a module reads elsewhere, by an absolute path or over the network, is
not in it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import structs

from modfix.lint.registry import catalogue
from modfix.settings import Settings
from modfix.verify.bench import Bench
from modfix.verify.content import folder_digest
from modfix.verify.environment import child_environment, own_python_path
from modfix.verify.installed import interpreter_state

# Variables that tell of a terminal or a shell, not of what is to be run.
_PASSING = (
    *("_", "SHLVL", "PWD", "OLDPWD", "COLUMNS", "LINES", "WINDOWID", "COLORTERM", "STY", "TMUX"),
    *("TERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "TERM_SESSION_ID", "NO_COLOR", "FORCE_COLOR"),
    *("SSH_AUTH_SOCK", "SSH_CLIENT", "SSH_CONNECTION", "SSH_TTY", "DBUS_SESSION_BUS_ADDRESS"),
)
_JUDGED_BY_RULES = "grades"  # the step whose outcome depends on the findings of rules


def inputs_digest(bench: Bench, cache: str = "") -> str | None:
    """A digest of all that the steps on a bench read; None where it cannot be told.

    The module's own file counts by the text on the bench, which may be one that is yet to be
    written. Files in the folder `cache` do not count.

    Raises ModfixError for an interpreter that cannot be run.
    """
    whole = blake2b(digest_size=16)
    for part in _parts(bench, cache):
        if not part:
            return None
        whole.update(f"{len(part)}:{part}".encode(errors="surrogateescape"))
    return whole.hexdigest()


def entry_name(step: str, settings: Settings) -> str:
    """The name of a step's result among those of the same inputs."""
    if step != _JUDGED_BY_RULES:
        return step
    verify = structs.replace(settings.verify, steps=("run",))
    every = msgspec.json.encode(structs.replace(settings, verify=verify), order="deterministic")
    return f"{step} {blake2b(every, digest_size=8).hexdigest()}"


def _parts(bench: Bench, cache: str) -> Iterator[str | None]:
    """Each part in words; None or "" for one that cannot be told."""
    yield catalogue().digest
    yield f"{sys.version} {sys.executable}"
    yield f"{bench.path} {bench.program.name} {bench.sandbox}"
    yield blake2b(bench.document.to_bytes(), digest_size=16).hexdigest()
    yield _settings(bench.settings)
    yield interpreter_state(bench.python)
    if bench.python != sys.executable:
        yield interpreter_state(sys.executable)  # converts and supervises
    yield _environment(bench)
    without = (str(bench.path), str(bench.path.with_name(bench.program.name)), cache)
    yield folder_digest(bench.path.parent, without=without)
    for folder in _read(bench):
        digest = folder_digest(folder, without=without)
        yield digest and f"{folder} {digest}"


def _settings(settings: Settings) -> str:
    """The settings that steps read. Which steps run is nothing to each of them."""
    verify = structs.replace(settings.verify, steps=("run",))
    parts = (verify, settings.names, settings.nbgrader)
    return msgspec.json.encode(parts, order="deterministic").decode()


def _environment(bench: Bench) -> str:
    given = child_environment(Path("/"), bench.python_path)
    return "\n".join(f"{name}={given[name]}" for name in sorted(given) if name not in _PASSING)


def _read(bench: Bench) -> list[Path]:
    """The folders elsewhere that steps read: those of imports, and the suite of the reference."""
    suite = bench.path.parent / bench.settings.verify.reference
    inside = suite.resolve().is_relative_to(bench.path.parent)
    own = [Path(each) for each in own_python_path()]
    given = [*bench.python_path, *own, *(() if inside else (suite,))]
    return list(dict.fromkeys(given))
