"""Fuzzes rules and repairs: `python -m tests.fuzz.repairs CORPUS tests/fuzz/seeds [-runs=…]`.

Whatever can be read can be checked and repaired: no rule fails, a second repair changes nothing,
and no cell that parsed is one that does not.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["modfix", "modfix_rules"]):
    from modfix.config import settings_from
    from modfix.document.document import Document
    from modfix.errors import ModfixError
    from modfix.fix.rounds import repair_with
    from modfix.lint.linter import make_linter, wanted
    from modfix.lint.located import located
    from modfix.rule import Finding

LINTER = make_linter(settings_from({}, where="fuzz"), where="fuzz")


def check(data: bytes) -> None:
    """What must hold of one input; its last byte says whether unsafe fixes are made."""
    path = Path("m_dev.ipynb" if data.startswith(b"{") else "m_dev.py")
    try:
        document = Document.from_bytes(path, data)
    except ModfixError:
        return
    unsafe = bool(data and data[-1] % 2)

    def is_wanted(finding: Finding) -> bool:
        return wanted(finding, unsafe=unsafe)

    found = LINTER.findings(document)
    assert not [each for each in found if each.name == "rule-failed"], found
    assert len(located(document, found)) == len(found)
    repair = repair_with(LINTER, document, is_wanted)
    assert Document.from_bytes(path, repair.after.to_bytes()).text == repair.after.text
    assert _faults(repair.left) <= _faults(found)
    assert not repair_with(LINTER, repair.after, is_wanted).changed


def _faults(findings: list[Finding] | tuple[Finding, ...]) -> int:
    return sum(finding.code == "FMT001" for finding in findings)


if __name__ == "__main__":
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
