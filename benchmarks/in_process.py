"""What is measured inside of one process: linting by LibCST's parse, and how time grows."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import libcst as cst

from benchmarks.courses import module_text
from benchmarks.rows import Row, at_most
from modfix.cli import collect_seldom
from modfix.config import config_for
from modfix.document.document import Document
from modfix.lint.discover import read_document
from modfix.lint.linter import Linter, make_linter

_ROUNDS = 15


def linting(module: Path) -> list[Row]:
    """All rules together with the index they need, by LibCST's parse of the same cells."""
    document, linter = read_document(module), linter_for(module)
    sources = [cell.source for cell in document.cells if cell.kind == "code"]

    def parse() -> None:
        for source in sources:
            try:
                cst.parse_module(source)
            except cst.ParserSyntaxError:
                continue

    times = best({"ours": lambda: linter.findings(document), "theirs": parse})
    return [at_most("linting alone, in process", times["ours"], times["theirs"], 0.6)]


def growth() -> list[Row]:
    """A module of ten times the cells, by ten times the time of one."""
    small, large = (
        Document.from_bytes(
            Path("m_dev.py"),
            module_text(random.Random(1), 1, cells=cells, defect=True).encode(),
        )
        for cells in (24, 240)
    )
    linter = linter_for(Path.cwd())
    times = best({"small": lambda: linter.findings(small), "large": lambda: linter.findings(large)})
    return [at_most("ten times the cells", times["large"], times["small"], 11)]


def linter_for(path: Path) -> Linter:
    """All rules with the settings that apply to a path, in a process like that of the command."""
    collect_seldom()
    config = config_for(path)
    return make_linter(config.settings, where="benchmark", base=config.base)


def best(works: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """The best processor time of each, taken in turns."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(_ROUNDS):
        for name, work in works.items():
            began = time.process_time()
            work()
            taken[name].append(time.process_time() - began)
    return {name: min(times) for name, times in taken.items()}
