"""What single cells say is kept: a module that changed is read again in its changed cells only."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from benchmarks.courses import change_one_cell, write_course
from modfix import watch
from modfix.config import forget_configs
from modfix.document.document import Document
from modfix.lint import known_cells
from modfix.lint.cache_folder import MOST_CELLS, clear, kept_cells, prune_cells
from modfix.lint.known_cells import FEW, KnownCells
from modfix.settings import Settings
from modfix.syntax import index
from modfix.syntax.facts import SourceFacts
from modfix.syntax.index import Facts, read_module
from tests import generated
from tests.cli.running import COMMAND, run
from tests.lint.test_cache import answer, first, loaded, rewrite, told

CELLS = [
    "x = 1",
    "",
    "%matplotlib inline\nx = !ls {y}\n@d\ndef f(a, *b):\n    %timeit g(a)\n    return b",
    "%%bash\necho $x",
    "    %time x = 1\n    y = x",
    "def f(:\n",
    "x = '\ud800'",
    'é = "ü"; print(é)  # modfix: ignore',
    "if __name__ == '__main__':\n    f(); g()\n    with open(x) as y: y.z = f(1)",
]


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Some modules, the current folder; files count as settled at once."""
    folder = tmp_path / "course"
    write_course(folder, 3, cells=8, defects=1.0)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(watch, "FINEST", -1)
    monkeypatch.delenv("MODFIX_CACHE_DIR", raising=False)
    yield folder
    forget_configs()


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that are read, as they are."""
    found: list[str] = []
    read = index.read_source
    monkeypatch.setattr(index, "read_source", lambda source: found.append(source) or read(source))
    return found


def script(cells: list[str]) -> Document:
    text = "".join(f"# %%\n{cell}\n" for cell in cells)
    return Document.from_bytes(Path("m_dev.py"), text.encode(errors="surrogatepass"))


def facts_of(document: Document) -> Facts:
    facts: Facts = {}
    read_module(document, Settings(), {}, facts)
    return facts


def assert_read_alike(document: Document, facts: Facts) -> None:
    """With the facts of an earlier run a module is what it is without."""
    now, again = (read_module(document, Settings(), {}, known) for known in (None, facts))
    for mine, theirs in zip(now.cells, again.cells, strict=True):
        assert mine == replace(theirs, trees=mine.trees)
    for mine, theirs in zip(now.statements, again.statements, strict=True):
        assert mine.trees.text == theirs.trees.text and mine.path == theirs.path


def test_kept_facts_are_those_that_were_read() -> None:
    rng = random.Random(5)
    files = rng.sample(generated.library_files(), 25)
    documents = [script(CELLS[:6] + CELLS[7:]), *(generated.script(path, rng) for path in files)]
    for document in filter(None, documents):
        facts = facts_of(document)
        kept = msgspec.msgpack.decode(msgspec.msgpack.encode(facts), type=dict[str, SourceFacts])
        assert kept == facts
        assert_read_alike(document, kept)


def test_only_the_changed_cell_is_read_again(course: Path, reads: list[str]) -> None:
    answer()
    assert len(reads) > 20
    reads.clear()
    change_one_cell(first(course))
    after = answer()
    assert len(reads) == 1 and "BEGIN SOLUTION" in reads[0]
    assert told(after) == told(answer(no_cache=True))


@pytest.mark.parametrize("seed", range(6))
def test_answers_after_any_changes_are_those_without_a_cache(course: Path, seed: int) -> None:
    """Cells that go, move, double, come and change, one change after the other."""
    rng = random.Random(seed)
    path = first(course)
    answer()
    for _ in range(6):
        cells = path.read_text().split("# %%")
        head, cells = cells[0], cells[1:]
        at = rng.randrange(len(cells))
        match rng.randrange(4):
            case 0:
                del cells[at]
            case 1:
                cells.insert(rng.randrange(len(cells)), cells.pop(at))
            case 2:
                cells.insert(at, "\n" + rng.choice(CELLS[:6] + CELLS[7:]) + "\n\n")
            case 3:
                cells[at] = cells[at].replace("test", "tets", 1)
        path.write_text("# %%".join([head, *cells]))
        assert told(answer()) == told(answer(no_cache=True))


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\x92\xa1x\x80", None])
def test_damaged_facts_are_none(course: Path, reads: list[str], data: bytes | None) -> None:
    answer()
    for _, _, kept in kept_cells(str(course / ".modfix_cache")):
        Path(kept).write_bytes(Path(kept).read_bytes()[:-9] if data is None else data)
    reads.clear()
    change_one_cell(first(course))
    assert told(answer()) == told(answer(no_cache=True))
    assert len(set(reads)) > 5


def test_facts_are_those_of_one_state_of_the_code(tmp_path: Path) -> None:
    document = script(["x = 1"])
    KnownCells(str(tmp_path), "old").keep(document, facts_of(document))
    assert list(KnownCells(str(tmp_path), "old").facts(document)) == ["x = 1"]
    assert KnownCells(str(tmp_path), "new").facts(document) == {}
    assert KnownCells(str(tmp_path), "").facts(document) == {}


def test_what_cannot_be_kept_is_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = KnownCells(str(tmp_path / "kept"), "code")
    half = Document.from_bytes(
        Path("m.ipynb"),
        rb'{"cells": [{"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [],'
        rb' "source": "x = \"\ud800\""}], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}',
    )
    known.keep(half, facts_of(half))
    assert known.facts(half) == {}
    long = script(["x = 1\n" * 90])
    monkeypatch.setattr(known_cells, "_MOST_BYTES", 500)
    known.keep(long, facts_of(long))
    assert known.facts(long) == {}


def test_facts_are_bounded_and_cleared(tmp_path: Path) -> None:
    for number in range(MOST_CELLS + 5):
        (tmp_path / f"{number}.cells").write_bytes(b"")
    prune_cells(str(tmp_path))
    assert len(kept_cells(str(tmp_path))) == MOST_CELLS
    clear(str(tmp_path))
    assert kept_cells(str(tmp_path)) == []


def test_a_run_over_a_whole_course_keeps_no_facts(course: Path) -> None:
    write_course(course / "more", FEW, cells=4)
    answer()
    assert kept_cells(str(course / ".modfix_cache")) == []
    change_one_cell(first(course))
    answer()
    assert len(kept_cells(str(course / ".modfix_cache"))) == 1


def test_runs_at_once_and_killed_ones_leave_whole_facts(course: Path) -> None:
    for seed in range(3):
        rewrite(first(course), "import numpy as np", f"import numpy as np\nx = {seed}")
        running = [
            subprocess.Popen([*COMMAND, "check"], cwd=course, stdout=subprocess.DEVNULL)
            for _ in range(3)
        ]
        running[0].kill()
        for process in running:
            process.wait()
        assert told(answer()) == told(answer(no_cache=True))


def test_a_change_loads_libcst_only_for_cells_that_need_it(tmp_path: Path) -> None:
    write_course(tmp_path, 2)
    run("check", cwd=tmp_path)
    change_one_cell(first(tmp_path))
    found = loaded("check", ".", cwd=tmp_path)
    assert "modfix_rules" in found and not found & {"libcst", "jupytext", "nbformat", "numpy"}
