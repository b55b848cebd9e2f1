"""What modules that are far too large cost: `python -m benchmarks.hostile [WORD…]`.

Each is checked by the command in a process of its own, at a tenth of its size and in full: what
grows with the size grows ten times. Sizes are MB of the file, memory is the peak of the process.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.hostile.measured import Run, measured
from tests.hostile.sizes import LARGE, Large


def main(words: list[str]) -> None:
    """Print a row for every kind of module whose name holds one of the words (none: for all)."""
    print(f"{'module':<46} {'MB':>6} {'s':>7} {'MiB':>6}   {'at a tenth: s':>13} {'MiB':>6}  exit")
    for name, large in LARGE.items():
        if not words or any(word in name for word in words):
            print(_row(name, large), flush=True)


def _row(name: str, large: Large) -> str:
    _, tenth = _checked(large, large.size // 10)
    size, whole = _checked(large, large.size)
    return (
        f"{name:<46} {size / 1e6:6.1f} {whole.seconds:7.1f} {whole.peak:6.0f}   "
        f"{tenth.seconds:13.1f} {tenth.peak:6.0f}  {whole.code}"
    )


def _checked(large: Large, size: int) -> tuple[int, Run]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"m{large.suffix}")
        path.write_bytes(large.text(size).encode())
        return path.stat().st_size, measured(
            ["check", path.name], Path(folder), memory=16_384, patience=3_600
        )


if __name__ == "__main__":
    main(sys.argv[1:])
