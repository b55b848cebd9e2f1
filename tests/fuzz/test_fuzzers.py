"""Short runs of the fuzzers; `make test-long` runs them for minutes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from modfix.lint.registry import rule_types

pytest.importorskip("atheris", reason="atheris has no wheel for this Python or system")
HERE = Path(__file__).parent


def seeds(folder: Path) -> Path:
    """The committed seeds and the examples of all rules."""
    shutil.copytree(HERE / "seeds", folder)
    for kind in rule_types():
        for number, example in enumerate(kind.examples):
            text = example.bad or example.good or ""
            (folder / f"{kind.code}-{number}").write_text(text)
    return folder


def fuzz(name: str, folder: Path, *options: str) -> None:
    """Run a fuzzer; what it finds is printed with the input that shows it."""
    corpus = folder / "corpus"
    corpus.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", f"tests.fuzz.{name}", str(corpus), str(seeds(folder / "seeds")),
         f"-dict={HERE / 'tokens.dict'}", f"-artifact_prefix={folder}/", "-max_len=3000",
         "-timeout=60", "-rss_limit_mb=4096", *options],
        capture_output=True, text=True, check=False, errors="replace",
    )  # fmt: skip
    found = [path.read_bytes() for path in folder.glob("*-*") if path.is_file()]
    # Atheris prints the traceback on stdout.
    assert done.returncode == 0, f"{found}\n{done.stdout[-3000:]}\n{done.stderr[-1000:]}"


@pytest.mark.parametrize(("name", "runs"), [("readers", 3_000), ("repairs", 300)])
def test_a_short_run_finds_nothing(name: str, runs: int, tmp_path: Path) -> None:
    fuzz(name, tmp_path, f"-runs={runs}", "-seed=17")


@pytest.mark.long
@pytest.mark.parametrize("name", ["readers", "repairs"])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_long_run_finds_nothing(name: str, seed: int, tmp_path: Path) -> None:
    fuzz(name, tmp_path, "-max_total_time=180", f"-seed={seed}")
