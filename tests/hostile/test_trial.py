"""A cell that kills the parser all the same costs one finding, once its worker has died of it."""

from __future__ import annotations

import subprocess
import sys

# On a stack of 512 KiB LibCST dies of what CPython takes; the parent has grown its own before.
SMALL_STACK = """
import ast, resource
from modfix.syntax.parse import parse_cell
from modfix.syntax.trial import try_every_parse_first

deadly = "(" * 180 + "1" + ")" * 180
ast.parse(deadly)
resource.setrlimit(resource.RLIMIT_STACK, (512 * 1024, resource.RLIM_INFINITY))
try_every_parse_first()
for source in (deadly, "x = 1", "x = 'é'", "def f(:"):
    parsed = parse_cell(source)
    print(getattr(parsed, "message", "read"))
"""


def test_after_a_death_each_cell_is_tried_in_a_process_of_its_own() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SMALL_STACK], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "it kills LibCST's parser (SIGSEGV)",
        "read",
        "read",
        "invalid syntax",
    ]
