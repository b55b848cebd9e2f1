"""The contract suite can run against any implementation of module 17.

``--implementation PATH`` names a Python file or percent script that defines the public names of
``compression_reference.py``; without it the reference is held against itself.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, ModuleType

import pytest

HERE = Path(__file__).resolve().parent
REFERENCE = HERE / "compression_reference.py"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--implementation PATH``."""
    parser.addoption(
        "--implementation",
        metavar="PATH",
        default=None,
        help="the file that the contract of module 17 is checked against (default: the reference)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the course's packages importable before any test file is imported."""
    path = _implementation_path(config)
    if not path.is_file():
        raise pytest.UsageError(f"--implementation: no such file: {path}")
    for folder in _import_folders(path):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))


def pytest_report_header(config: pytest.Config) -> str:
    """Say at the top of the report which file is checked."""
    return f"implementation: {_implementation_path(config)}"


@pytest.fixture(scope="session")
def implementation(pytestconfig: pytest.Config) -> ModuleType:
    """The module under test."""
    return _import_file(_implementation_path(pytestconfig), "module_17_implementation")


@pytest.fixture(scope="session")
def reference() -> ModuleType:
    """The reference implementation."""
    return _import_file(REFERENCE, "module_17_reference")


def _implementation_path(config: pytest.Config) -> Path:
    # The option is unknown if pytest met this file only while collecting from a folder above.
    given = config.getoption("implementation", default=None)
    if given is None:
        return REFERENCE
    return Path(config.invocation_params.dir, given).resolve()


def _import_folders(path: Path) -> Iterator[Path]:
    """The folders to put in front of sys.path, the last one first in the search."""
    for start in (HERE, path.parent):
        root = _course_root(start)
        if root is not None:
            yield root
    yield path.parent


def _course_root(start: Path) -> Path | None:
    """The nearest folder from ``start`` upwards that holds the package ``tinytorch``."""
    for folder in (start, *start.parents):
        if (folder / "tinytorch" / "__init__.py").is_file():
            return folder
    return None


class _SourceLoader(importlib.machinery.SourceFileLoader):
    """Compiles the source every time: a mutant may have the age and size of its original."""

    def get_code(self, fullname: str) -> CodeType:
        """Compile the file without reading or writing bytecode."""
        return self.source_to_code(self.get_data(self.path), self.path)


def _import_file(path: Path, name: str) -> ModuleType:
    """Import by path: a file name may begin with a digit, and need not be an identifier."""
    spec = importlib.util.spec_from_loader(name, _SourceLoader(name, str(path)))
    assert spec is not None and spec.loader is not None, f"{path} cannot be imported"
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
