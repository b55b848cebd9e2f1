"""Starts a driver: `python <this file> <job file>`.

The folder of this file must not stay on `sys.path`, where `run` or `testing` would shadow modules
of the course; so the folder is loaded as a package of a name that no course uses. While it is
loaded, the folders of the course are not on the path: a `json.py` there is not ours. Then they
are, for the processes that it starts too.
"""

from __future__ import annotations

import os
import sys

_OWN = [each for each in os.environ.get("PYTHONPATH", "").split(os.pathsep) if each]
_COURSE = [each for each in os.environ.pop("MODFIX_COURSE_PATH", "").split(os.pathsep) if each]
_WHOLE = sys.path[1:]
sys.path[:] = [entry for entry in _WHOLE if entry not in _OWN]

import importlib.util  # noqa: E402
import json  # noqa: E402
from pathlib import Path  # noqa: E402

NAME = "_modfix_drivers"


def _load_package(folder: str) -> None:
    spec = importlib.util.spec_from_file_location(
        NAME, Path(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    assert spec is not None and spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules[NAME] = package
    spec.loader.exec_module(package)


if __name__ == "__main__":
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    _load_package(str(Path(__file__).resolve().parent))
    driver = importlib.import_module(f"{NAME}.{job['driver']}")
    start = importlib.import_module(f"{NAME}.start").start
    # A script's folder comes first on sys.path: let it be the module's, as when it is run itself.
    sys.path[:] = [str(Path(job["module"]).parent), *_COURSE, *_WHOLE]
    os.environ["PYTHONPATH"] = os.pathsep.join([*_COURSE, *_OWN])
    start(driver.drive, job)
