"""What fixes write is indented as the cell is, else as the module."""

import pytest

from modfix.syntax.indentation import reindented
from tests.rules.test_cmp import fixed
from tests.rules.test_run import EXPORTS, SHIPPED, repaired

FAMILIES = ("RUN", "CMP", "SYS", "EXP")
USUAL = "# %%\ndef test_f():\n    assert f(2) == 4\n\ntest_f()\n"


@pytest.mark.parametrize("step", ["\t", "  ", "        "])
def test_a_module_that_indents_otherwise_gets_the_same_repair(step: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    usual = repaired(text, *FAMILIES).after.text
    assert usual != text
    assert repaired(reindented(text, step), *FAMILIES).after.text == reindented(usual, step)


def test_explicit_models_too() -> None:
    text = reindented(SHIPPED.read_text(encoding="utf-8"), "\t")
    new = set(fixed(text, "explicit").after.text.splitlines()) - set(text.splitlines())
    assert any(line.startswith("\t\tself.layer") for line in new)
    assert not any(line.startswith(" ") for line in new)


ALONE = f"{EXPORTS}# %%\nprint(1)\n"
CELLS = [
    ("\t", "# %%\ndef test_f():\n\tassert f(2) == 4\n\ntest_f()\n"),
    ("\t", f"# %%\nif f:\n\tf(1)\n\n{USUAL.replace('    ', chr(9))}"),
    # the module's, where the cell has none
    ("  ", f"# %%\nclass A:\n  pass\n\n{ALONE}"),
    # the cell's own comes first
    ("    ", f"# %%\nclass A:\n\tpass\n\n{USUAL}"),
    # none at all
    ("    ", f"# %%\nclass A: pass\n\n{ALONE}"),
]


@pytest.mark.parametrize(("step", "text"), CELLS)
def test_the_guard_of_a_cell(step: str, text: str) -> None:
    lines = repaired(text).after.text.splitlines()
    last = [number for number, line in enumerate(lines) if line.startswith("if __name__")][-1]
    body = lines[last + 1]
    assert body[: len(body) - len(body.lstrip())] == step
