"""Finds the course's own packages: what a module imports and the interpreter does not have."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable
from pathlib import Path

from modfix.document.document import Document
from modfix.verify.program import python_source, python_tree

MOST_LEVELS = 6
MOST_SIBLINGS = 200
_ROOT_MARKS = (".git", "pyproject.toml", "setup.py", "setup.cfg")
_CONFIGURATION = "modfix.toml"


def imported_names(document: Document) -> tuple[str, ...]:
    """The top-level packages that the module imports anywhere, without the standard library's."""
    found: set[str] = set()
    for cell in document.cells:
        if cell.kind == "code":
            found.update(_imports(cell.source))
    return tuple(sorted(found - sys.stdlib_module_names))


def _imports(source: str) -> Iterable[str]:
    tree = python_tree(python_source(source))
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def course_folders(names: Iterable[str], folder: Path) -> tuple[Path, ...]:
    """The folders in which the packages are found, looking from the module's folder upwards.

    A folder is looked into itself, then in its `src`; the first one also in the folders beside
    the module's (`modules/01_tensor/tensor_dev.py`), as courses import from module to module. The
    search ends at the project's root (a folder with `.git`, `pyproject.toml`, …).
    """
    found: dict[Path, None] = {}
    for name in names:
        if not _holds(folder, name):  # beside the module it is found anyway
            place = next((each for each in _candidates(folder) if _holds(each, name)), None)
            if place is not None:
                found[place] = None
    return tuple(found)


def _candidates(folder: Path) -> Iterable[Path]:
    yield folder / "src"
    levels = _levels(folder)
    for above in levels:
        yield above
        yield above / "src"
    if levels:
        yield from _siblings(folder)


def _levels(folder: Path) -> list[Path]:
    """The folders above, up to the project's root.

    Where nothing marks one, a configuration above the module does: the highest, for any folder
    may have one of its own.
    """
    chain = [folder, *folder.parents[:MOST_LEVELS]]
    marked = [n for n, each in enumerate(chain) if any((each / m).exists() for m in _ROOT_MARKS)]
    configured = [n for n, each in enumerate(chain) if n and (each / _CONFIGURATION).exists()]
    end = marked[0] if marked else max(configured, default=len(chain) - 1)
    return chain[1 : end + 1]


def _siblings(folder: Path) -> list[Path]:
    try:
        beside = sorted(each for each in folder.parent.iterdir() if each.is_dir())
    except OSError:  # not ours to read
        return []
    return [each for each in beside if not each.name.startswith(".")][:MOST_SIBLINGS]


def _holds(folder: Path, name: str) -> bool:
    """Whether `import name` would find something of the course in the folder.

    A package without `__init__.py` counts where it holds Python files, or packages.
    """
    package = folder / name
    if (folder / f"{name}.py").is_file() or (package / "__init__.py").is_file():
        return True
    inside = (any(package.glob(pattern)) for pattern in ("*.py", "*/__init__.py"))
    return package.is_dir() and any(inside)
