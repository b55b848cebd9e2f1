"""Files that nbgrader would copy beside the notebook, and that hold what was stripped from it.

nbgrader copies every file of the assignment's folder that is no notebook (`converters/base.py`,
`init_assignment`), but for those that `CourseDirectory.ignore` matches by name (`utils.py`,
`find_all_files`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from modfix.document.document import NOTEBOOK
from modfix.release.leaks import RUN, Secret, plain_line, secrets_of
from modfix.release.problem import Grade, Problem
from modfix.release.student import StudentVersion

LARGEST = 4 << 20  # bytes of a file that is read
_TODO = "move it, or name it in `ignored-files` (nbgrader's CourseDirectory.ignore)"
MOST = 500  # files
# Not nbgrader's: folders that no assignment is meant to hold.
_PASSED_OVER = frozenset({".git", ".venv", "venv", "node_modules", ".ipynb_checkpoints"})


def copied_files(version: StudentVersion) -> Iterator[Problem]:
    """Files beside the notebook that give a solution away.

    nbgrader works where the notebook stands: for one, this is an error; for a script with its
    notebook beside it a warning; for a script alone nothing is copied.
    """
    path = version.document.path.resolve()
    if not version.document.is_notebook and not path.with_suffix(NOTEBOOK).is_file():
        return
    secrets = secrets_of(version)
    for each in _copied(path.parent, version.settings.ignored_files) if secrets else ():
        secret = _told_by(each, secrets)
        if secret is not None:
            name = each.relative_to(path.parent).as_posix()
            text = (
                f"nbgrader copies `{name}` into the release, with the {secret.kind} of cell "
                f"{secret.cell}"
            )
            grade: Grade = "error" if version.document.is_notebook else "warning"
            yield Problem(grade, text, _TODO, secret.cell)


def _copied(folder: Path, ignored: Sequence[str]) -> Iterator[Path]:
    count = 0
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(
            n for n in folders if n not in _PASSED_OVER and not _matches(n, ignored)
        )
        for name in sorted(names):
            if name.endswith(NOTEBOOK) or _matches(name, ignored):
                continue
            count += 1
            if count > MOST:
                return
            yield Path(here, name)


def _matches(name: str, ignored: Sequence[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in ignored)


def _told_by(path: Path, secrets: Sequence[Secret]) -> Secret | None:
    """The first secret that the file holds: all its lines, or several in a row."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return None
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # not ours to read, so not nbgrader's to copy
        return None
    lines = {plain_line(line) for line in text.split("\n")}
    for secret in secrets:
        there = "".join("x" if line in lines else " " for line in secret.lines)
        if "x" * min(RUN, len(secret.lines)) in there:
            return secret
    return None
