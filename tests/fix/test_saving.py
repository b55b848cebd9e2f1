"""A refused repair: the rules to blame are found by running, and the others' fixes are kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from modfix.document.document import Document
from modfix.fix.proof import prove
from modfix.fix.rounds import Repair, repair_with
from modfix.fix.saving import MOST_RUNS, Rescue, codes_in_order
from modfix.lint.linter import Linter
from modfix.rule import Applicability, Finding, Fix, Module, Rule, TextEdit
from modfix.settings import Settings, Verify

SETTINGS = msgspec.structs.replace(Settings(), verify=Verify(steps=("run",)))
FAILS = "assert False"


def rule(number: int, line: str, phase: int = 1, sure: str = "safe") -> Rule:
    """A rule of its own that writes a line into its own cell."""

    class Writes(Rule):
        """Writes."""

        code = f"ZZZ{number:03}"
        name = "writes"

        def check(self, module: Module) -> Iterator[Finding]:
            """Find the cell as long as the line is not there."""
            cell = module.document.cells[number]
            if line not in cell.source:
                edit = TextEdit(number, 0, 0, f"{line}\n")
                yield self.at(cell, "m", Fix("f", (edit,), Applicability(sure)))

    Writes.phase = phase
    return Writes()


def linter(rules: list[Rule]) -> Linter:
    """The linter of some rules."""
    return Linter(tuple(rules), SETTINGS)


def repaired(rules: list[Rule], folder: Path) -> tuple[Document, Repair]:
    """A module with a cell for each rule, and its repair by all of them."""
    path = folder / "m_dev.py"
    path.write_text("".join(f"# %%\nx{number} = 1\n" for number in range(len(rules))))
    document = Document.from_bytes(path, path.read_bytes())
    return document, repair_with(linter(rules), document, lambda _: True)


# The line that each rule writes, the rules that are to blame and how many runs may tell.
CASES = [
    ([FAILS], ["ZZZ000"], 0),
    ([FAILS, "a = 1"], ["ZZZ000"], 2),
    (["a = 1", "b = 1", FAILS, "d = 1", "e = 1"], ["ZZZ002"], 4),
    (["a = 1", FAILS, "c = 1", FAILS, "e = 1"], ["ZZZ001", "ZZZ003"], 7),
    ([FAILS, FAILS], ["ZZZ000", "ZZZ001"], 2),
    # each harmless, both together not
    (["a = 1", "globals().setdefault('y', 1)", "assert 'y' not in globals()"], ["ZZZ002"], 3),
]


@pytest.mark.parametrize(("lines", "guilty", "most"), CASES)
def test_the_others_are_saved(
    lines: list[str], guilty: list[str], most: int, tmp_path: Path
) -> None:
    rules = [rule(number, line) for number, line in enumerate(lines)]
    document, repair = repaired(rules, tmp_path)
    proof = prove(repair, SETTINGS)
    assert not proof.holds
    rescue = Rescue(
        linter(rules), lambda codes: repair_with(linter(rules), document, lambda f: f.code in codes)
    )
    saved = rescue.of(repair, proof)
    assert [code for blame in saved.blamed for code in blame.codes] == guilty
    assert rescue.runs <= most <= MOST_RUNS
    kept = [line for number, line in enumerate(lines) if f"ZZZ{number:03}" not in guilty]
    assert (saved.repair is None) is (not kept)
    if saved.repair and saved.proof:
        assert saved.proof.holds
        assert [line for line in lines if line in saved.repair.after.text] == kept


def test_the_search_is_bounded_and_then_blames_all_that_it_could_not_clear(tmp_path: Path) -> None:
    rules = [rule(number, f"{FAILS}, {number}") for number in range(9)]
    document, repair = repaired(rules, tmp_path)
    rescue = Rescue(
        linter(rules), lambda codes: repair_with(linter(rules), document, lambda f: f.code in codes)
    )
    saved = rescue.of(repair, prove(repair, SETTINGS))
    assert saved.repair is None and rescue.runs == MOST_RUNS
    assert "a fix of ZZZ" in str(saved.blamed[-1])


def test_rules_are_tried_in_the_order_of_safety_and_phase(tmp_path: Path) -> None:
    rules = [rule(0, "a", 1, "unsafe"), rule(1, "b", 1), rule(2, "c", 0), rule(3, "d", 0, "unsafe")]
    _, repair = repaired(rules, tmp_path)
    order = codes_in_order(repair, linter(rules))
    assert order == ["ZZZ002", "ZZZ001", "ZZZ003", "ZZZ000"]
