"""What a fix has to answer for: a table of one step before and after it."""

from pathlib import Path

import pytest

from modfix.verify.run import worse
from modfix.verify.verdict import Outcome, StepResult, Verdict


def result(
    outcome: Outcome, *faults: str, broken: bool = False, judged: tuple[str, ...] = ()
) -> StepResult:
    return StepResult(
        "run", "", outcome, 0, broken=broken, faults=frozenset(faults), judged=frozenset(judged)
    )


PASSED, SKIPPED, FAILED = result("passed"), result("skipped"), result("failed")
BROKEN = result("failed", broken=True)
A, B, AB = result("failed", "a"), result("failed", "b"), result("failed", "a", "b")

CASES = {
    "passed and passes": (PASSED, PASSED, False),
    "passed and fails": (PASSED, FAILED, True),
    "passed and breaks": (PASSED, BROKEN, True),
    "passed with a fault that fails it now": (result("passed", "a"), A, False),
    "passed with a fault and has another": (result("passed", "a"), AB, True),
    "passed and has nothing left to run": (PASSED, SKIPPED, True),
    "skipped and is skipped": (SKIPPED, SKIPPED, False),
    "skipped and passes": (SKIPPED, PASSED, False),
    "skipped and fails": (SKIPPED, FAILED, True),
    "failed and passes": (FAILED, PASSED, False),
    "failed and is skipped": (FAILED, SKIPPED, False),
    "failed and fails": (FAILED, FAILED, False),
    "failed and breaks": (FAILED, BROKEN, True),
    "broke and breaks": (BROKEN, BROKEN, False),
    "broke and fails, now that it is carried through": (BROKEN, AB, False),
    "failed in one way and fails in that": (A, A, False),
    "failed in two ways and fails in one": (AB, A, False),
    "failed in one way and fails in another": (A, B, True),
    "failed in one way and fails in two": (A, AB, True),
    "fails for a cell that was not graded before": (
        SKIPPED,
        result("failed", "unsolved `a`", judged=("`a`",)),
        False,
    ),
    "fails for a cell that was graded before": (
        result("passed", judged=("`a`",)),
        result("failed", "unsolved `a`", judged=("`a`", "`b`")),
        True,
    ),
    "fails for a graded cell as before": (
        result("failed", "unsolved `a`", judged=("`a`",)),
        result("failed", "unsolved `a`", judged=("`a`",)),
        False,
    ),
    "breaks while it judges": (
        result("passed", judged=("`a`",)),
        result("failed", broken=True, judged=("`a`",)),
        True,
    ),
    "was not run and fails": (None, FAILED, True),
    "was not run and passes": (None, PASSED, False),
    "was not run and is skipped": (None, SKIPPED, False),
}


@pytest.mark.parametrize(("before", "after", "expected"), CASES.values(), ids=CASES)
def test_worse(before: StepResult | None, after: StepResult, expected: bool) -> None:
    path = Path("a.py")
    found = worse(Verdict(path, (before,) if before else ()), Verdict(path, (after,)))
    assert found == ([after] if expected else [])
