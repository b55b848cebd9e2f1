"""The environment in which course code runs: the person's own, made repeatable and kept apart."""

from __future__ import annotations

import os
import shutil
import site
from collections.abc import Iterable
from pathlib import Path

# Settings of tools that would change what a step does, or write outside the scratch folder.
_DROPPED = (
    "PYTHON",
    "PYTEST",
    "JUPYTER",
    "IPYTHON",
    "NBGRADER",
    "COV_",
    "COVERAGE",
    "XDG_",
    "HYPOTHESIS",
)
_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
COURSE_PATH = "MODFIX_COURSE_PATH"


def child_environment(root: Path, python_path: Iterable[Path]) -> dict[str, str]:
    """The variables of a child whose scratch folder is `root`.

    `PYTHONPATH` is the person's. The driver puts `python_path` before it, once Python is up: a
    `sitecustomize.py` of the course is no part of Python, nor is its `pathlib.py`. One thread for
    BLAS: results repeat, and its buffers do not use up the limit of memory.
    """
    home = root / "home"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(_DROPPED)}
    return {
        **kept,
        **dict.fromkeys(_THREADS, "1"),
        "PYTHONPATH": os.pathsep.join(own_python_path()),
        COURSE_PATH: os.pathsep.join(map(str, python_path)),
        # `pip install --user` stays visible although HOME is another.
        "PYTHONUSERBASE": os.environ.get("PYTHONUSERBASE", "") or site.getuserbase(),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "Agg",
        "HOME": str(home),
        "TMPDIR": str(root / "tmp"),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(home / "jupyter" / "runtime"),
        "JUPYTER_CONFIG_DIR": str(home / "jupyter" / "config"),
        "JUPYTER_DATA_DIR": str(home / "jupyter" / "data"),
        "JUPYTER_PLATFORM_DIRS": "1",  # spares jupyter_core's warning about them
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }


def seed_home(root: Path) -> None:
    """Give the scratch home matplotlib's list of fonts, whose making takes long and prints."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "matplotlib"
    copy = root / "home" / ".cache" / "matplotlib"
    for fonts in cache.glob("fontlist-*.json"):
        copy.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(fonts, copy / fonts.name)


def own_python_path() -> list[str]:
    """The folders of the person's `PYTHONPATH`."""
    given = os.environ.get("PYTHONPATH", "")
    return [str(Path(entry).resolve()) for entry in given.split(os.pathsep) if entry]
