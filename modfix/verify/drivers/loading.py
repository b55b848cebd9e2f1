"""Imports the module under any file name (those that begin with digits, too)."""

from __future__ import annotations

import importlib.util
import re
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType


def load(path: str) -> ModuleType:
    """Import the file as a module named after it; it stays in `sys.modules`."""
    stem = Path(path).stem
    name = stem if stem.isidentifier() else "_" + re.sub(r"\W", "_", stem)
    spec = importlib.util.spec_from_loader(name, SourceFileLoader(name, path))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.argv = [path]
    spec.loader.exec_module(module)
    return module
