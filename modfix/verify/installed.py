"""The state of an interpreter: which Python it is and which packages it has."""

from __future__ import annotations

import ast
import json
import os
import shutil
import site
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from modfix.verify.content import folder_digest
from modfix.verify.process import PACKAGE

_ASK = "import json, sys; print(json.dumps([sys.version, sys.path]))"
_PATIENCE = 30  # seconds for an interpreter to say which one it is
_METADATA = (".dist-info", ".egg-info", ".egg-link")
_FINDER = ("__editable__", "_finder.py")  # setuptools' name of what leads to a package's sources


def interpreter_state(python: str) -> str | None:
    """What an interpreter and its packages are, in words; None where that cannot be told.

    Packages count by name, version and time of installation; those installed from a folder that
    is edited (`pip install -e`) by the content of that folder.
    """
    told = _version_and_path(python)
    if told is None:
        return None
    parts = [told[0]]
    for folder in told[1]:
        parts += _installed(folder)
    for editable in sorted({path for folder in told[1] for path in _edited(Path(folder))}):
        digest = folder_digest(editable)
        if digest is None:
            return None
        parts.append(f"{editable} {digest}")
    return "\n".join(parts)


@cache
def _version_and_path(python: str) -> tuple[str, tuple[str, ...]] | None:
    program = shutil.which(python)
    if program is None:
        return None
    status = Path(program).stat()
    who = f"{Path(program).resolve()} {status.st_size} {status.st_mtime_ns}"
    if python == sys.executable:
        path = [*site.getsitepackages(), site.getusersitepackages()]
        return f"{who} {sys.version}", tuple(path)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    try:
        done = subprocess.run(
            [program, "-c", _ASK],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd="/",
            env=environment,
            timeout=_PATIENCE,
            check=True,
        )
        version, found = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return f"{who} {version}", tuple(each for each in found if each)


def _installed(folder: str) -> Iterator[str]:
    """What is in a folder of packages: all names, and when those with metadata were installed."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:  # not there
        return
    for entry in entries:
        if entry.name.endswith(_METADATA):
            yield f"{entry.name} {entry.stat().st_mtime_ns}"
        elif entry.name != "__pycache__":
            yield entry.name


def _edited(folder: Path) -> Iterator[Path]:
    """The folders outside that a folder of packages leads to, but for modfix's own."""
    for file in sorted(folder.glob("*.pth")):
        for line in _text(file).splitlines():
            if line.startswith(("/", ".")):
                yield from _course(folder / line.strip())
    for file in sorted(folder.glob("*.dist-info/direct_url.json")):
        yield from _course(_source(_text(file)))
    for file in sorted(folder.glob(f"{_FINDER[0]}*{_FINDER[1]}")):
        for path in _mapped(_text(file)):
            yield from _course(Path(path))


def _course(path: Path | None) -> Iterator[Path]:
    """The folder, if it is one; modfix's own code is told by `code_state`."""
    if path is None:
        return
    path = path.resolve()
    if path.is_file():
        path = path.parent
    if path.is_dir() and path != PACKAGE and PACKAGE not in path.parents:
        yield path


def _source(text: str) -> Path | None:
    """The folder of an editable installation, from its `direct_url.json` (PEP 610)."""
    try:
        told = json.loads(text)
        if not told.get("dir_info", {}).get("editable"):
            return None
        url = urlsplit(told["url"])
    except (ValueError, KeyError, AttributeError):
        return None
    return Path(unquote(url.path)) if url.scheme == "file" else None


def _mapped(text: str) -> list[str]:
    """The values of `MAPPING` in a finder of setuptools."""
    for line in text.splitlines():
        name, _, value = line.partition("=")
        if name.partition(":")[0].strip() == "MAPPING":
            try:
                table = ast.literal_eval(value.strip())
            except (ValueError, SyntaxError):
                return []
            return [str(each) for each in table.values()] if isinstance(table, dict) else []
    return []


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
