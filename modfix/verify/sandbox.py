"""The sandbox: bubblewrap (https://github.com/containers/bubblewrap), where it can be had.

In it course code has no network, sees its own processes only, and can write to its scratch folder
and nowhere else. Nothing is set up beforehand: `bwrap` makes the namespaces of one run and ends
with it. What each level does not protect against stands in the README, "Security".
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from msgspec import Struct

from modfix.errors import ModfixError
from modfix.verify.scratch import scratch_folder

INSTALL = "bubblewrap is not installed"
_PATIENCE = 30  # seconds for a sandbox to come about
_PRIVATE = ("/tmp", "/var/tmp")  # folders that anybody writes to: an empty one takes their place
# Where services listen: a socket can be talked to on a read-only file system as well.
_SERVICES = ("/run", "/var/run", "~/.docker", "~/.gnupg", "~/.ssh")
_ALONE = (
    *("--unshare-user-try", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"),
    *("--unshare-cgroup-try", "--die-with-parent", "--as-pid-1", "--cap-drop", "ALL"),
)


class Sandbox(Struct, frozen=True):
    """How course code is kept apart: the path of `bwrap` ("" for none), and why there is none."""

    bwrap: str = ""
    why: str = ""

    def __str__(self) -> str:
        name = "bwrap" if self.bwrap else "none"
        return f"{name}, {self.why}" if self.why else name

    def wrap(self, scratch: Path, needed: Iterable[Path] = ()) -> list[str]:
        """The command that starts another in the sandbox; nothing, where there is none.

        `scratch` is what can be written to. `needed` are files and folders that must be seen
        although they may be in a folder that is hidden, such as /tmp.
        """
        if not self.bwrap:
            return []
        shared, temporary = scratch / "shm", scratch / "tmp"
        shared.mkdir(exist_ok=True)
        hidden, private = _folders(_SERVICES), _folders(_PRIVATE)
        return [
            *(self.bwrap, *_ALONE, "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev"),
            *("--bind", str(shared), "/dev/shm"),
            *_each("--tmpfs", hidden),
            *(word for each in private for word in ("--bind", str(temporary), str(each))),
            *_seen(needed, [*hidden, *private]),
            *("--bind", str(scratch), str(scratch)),
            # Else their memory could be filled without limit.
            *_each("--remount-ro", [Path("/dev"), *hidden]),
            "--",
        ]


NO_SANDBOX = Sandbox()


def _folders(names: Iterable[str]) -> list[Path]:
    """Those that are there, by their real names, each once."""
    paths = (Path(os.path.expanduser(name)) for name in names)  # noqa: PTH111 (no error without HOME)
    return list(dict.fromkeys(path.resolve() for path in paths if path.is_dir()))


def _each(option: str, paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        yield from (option, str(path))


def _seen(needed: Iterable[Path], hidden: Iterable[Path]) -> Iterator[str]:
    for path in dict.fromkeys(needed):
        if any(above in path.parents for above in hidden):
            yield from ("--ro-bind-try", str(path), str(path))


def sandbox_for(wanted: str) -> Sandbox:
    """The sandbox for the setting `verify.sandbox`: auto, bwrap or none.

    Raises ModfixError where `bwrap` is wanted and cannot be used.
    """
    if wanted == "none":
        return Sandbox()
    found = _usable()
    if wanted == "bwrap" and not found.bwrap:
        raise ModfixError(
            f"the sandbox `bwrap` cannot be used: {found.why}",
            todo="install or allow bubblewrap, or choose `--sandbox auto` or `none`",
        )
    return found


@cache
def _usable() -> Sandbox:
    """bubblewrap, if it is there and works: namespaces may be forbidden."""
    if not sys.platform.startswith("linux"):
        return Sandbox(why="bubblewrap is for Linux only")
    program = shutil.which("bwrap")
    if program is None:
        return Sandbox(why=INSTALL)
    sandbox = Sandbox(program)
    trouble = _trouble(sandbox)
    return Sandbox(why=f"bubblewrap does not work here ({trouble})") if trouble else sandbox


def _trouble(sandbox: Sandbox) -> str:
    """What keeps the sandbox from coming about, or ""."""
    with scratch_folder(Path("/none/module.py"), b"") as scratch:
        command = [*sandbox.wrap(scratch.root, interpreter(sys.executable)), sys.executable]
        try:
            done = subprocess.run(
                [*command, "-I", "-S", "-c", ""],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"no answer within {_PATIENCE} s"
        except OSError as error:
            return str(error.strerror)
    if done.returncode == 0:
        return ""
    said = done.stderr.decode(errors="replace").strip().splitlines()
    return said[0].removeprefix("bwrap: ") if said else f"exit code {done.returncode}"


def interpreter(python: str) -> list[Path]:
    """The folders that a Python needs: those of its program and of what it links to."""
    found = shutil.which(python)
    if found is None:
        return []
    program = Path(found).absolute()
    mine = (Path(sys.prefix), Path(sys.base_prefix)) if python == sys.executable else ()
    return [program.parent.parent, program.resolve().parent.parent, *mine]
