"""What a later cell uses is never removed: safe fixes of every rule, on notebooks whose later cells
use a name as Python, through magics, or in another language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modfix.config import settings_from
from modfix.document.document import Document
from modfix.fix.rounds import repair_with
from modfix.lint.linter import make_linter, overridden, wanted

SETTINGS = settings_from({}, where="tests")
LATER = {
    "Python": "y = {0}",
    "a function": "def later():\n    return {0}",
    "a line magic": "%timeit {0}",
    "a cell magic": "%%time\nz = {0}",
    "a shell line": "!echo {{{0}}}",
    "an assignment from the shell": "files = !ls {{{0}}}",
    "help": "{0}?",
    "in a loop": "for i in range(2):\n    !echo {{{0}}}",
    "a shell cell": "%%bash\necho {{{0}}}",
    "a run script": "%run -i other.py",
    "a cell that does not parse": "print {0}",
    "an indented cell": "    !echo {{{0}}}\n    w = 1",
}
CLASS = """\
from tinytorch.core.layers import Linear

class Sequential:
    def __init__(self, *layers):
        self.layers = list(layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x
"""
PRODUCT = "#| default_exp a\n#| export\ndef product():\n    return 1"
# The rule, the strategy of containers, the cells, and the name with what must stay beside it.
CASES: dict[str, tuple[str, str, list[str], str, str]] = {
    "work at import": (
        "RUN103", "import", [PRODUCT, "total = 1 + 1\nprint(total)"], "total", "\ntotal = 1 + 1"
    ),
    "a loop at import": (
        "RUN103", "import",
        [PRODUCT, "found = []\nfor i in (1, 2):\n    found.append(i)\n    print(i)"],
        "found", "\nfound = []",
    ),
    "a demo's value": (
        "RUN103", "import",
        [PRODUCT, "def demo_sum():\n    return 3", "shown = demo_sum()\nprint(shown)"],
        "shown", "\nshown = demo_sum()",
    ),
    "an exported test beside what others need": (
        "EXP104", "import",
        [PRODUCT, "#| export\nlimit = 3\ndef test_limit():\n    assert limit"],
        "limit", "#| export\nlimit = 3",
    ),
    "a container by its name": (
        "CMP101", "explicit", [CLASS, "model = Sequential(Linear(2, 2))"], "Sequential",
        "class Sequential:",
    ),
}  # fmt: skip
# Between a definition and the call that is to go right behind it.
BETWEEN = {
    "a magic that changes the module": ("%run -i prepare.py", False),
    "a magic that names what the test needs": ("%store state", False),
    "a cell that names what the test needs": ("%%bash\necho {state}", False),
    "a magic that has nothing to do with it": ("%matplotlib inline", True),
    "another cell": ("other = 1", True),
}


def notebook(sources: list[str]) -> Document:
    cells = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "outputs": [],
         "execution_count": None, "source": source}
        for n, source in enumerate(sources)
    ]  # fmt: skip
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return Document.from_bytes(Path("m.ipynb"), json.dumps(whole, indent=1).encode())


@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize("case", CASES)
def test_what_a_later_cell_uses_stays(case: str, later: str) -> None:
    code, strategy, cells, name, kept = CASES[case]
    last = LATER[later].format(name)
    settings = overridden(SETTINGS, {"select": (code,)}, {"strategy": strategy})
    linter = make_linter(settings, where="tests")
    result = repair_with(
        linter, notebook([*cells, last]), lambda finding: wanted(finding, unsafe=False)
    )
    sources = [f"\n{cell.source}" for cell in result.after.cells]
    assert any(kept.rstrip() in source for source in sources), sources
    assert sources[-1] == f"\n{last}"


@pytest.mark.parametrize("name", BETWEEN)
def test_a_call_moves_only_over_what_cannot_change_what_it_finds(name: str) -> None:
    between, moves = BETWEEN[name]
    test = "state = []\n\ndef test_state():\n    assert not state"
    linter = make_linter(overridden(SETTINGS, {"select": ("RUN101",)}, {}), where="tests")
    cells = [test, between, "test_state()"]
    result = repair_with(linter, notebook(cells), lambda finding: wanted(finding, unsafe=False))
    sources = [cell.source for cell in result.after.cells]
    assert ("test_state()\n" in f"{sources[0].partition('assert')[2]}\n") is moves, sources


@pytest.mark.parametrize("case", CASES)
def test_what_no_later_cell_uses_goes(case: str) -> None:
    """Else the test above shows nothing."""
    code, strategy, cells, _, kept = CASES[case]
    settings = overridden(SETTINGS, {"select": (code,)}, {"strategy": strategy})
    linter = make_linter(settings, where="tests")
    result = repair_with(
        linter, notebook([*cells, "nothing = 0"]), lambda finding: wanted(finding, unsafe=False)
    )
    sources = [f"\n{cell.source}" for cell in result.after.cells]
    assert not any(kept.rstrip() in source for source in sources), sources
