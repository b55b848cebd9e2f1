"""Runs pytest on a path in a scratch folder, and tells what failed; serves two steps."""

from __future__ import annotations

from pathlib import Path

from modfix.verify.bench import Answer, Bench, Event
from modfix.verify.found import PASSED, Found, raised, skipped, trouble, untold
from modfix.verify.scratch import Scratch

NO_TESTS = 5  # pytest.ExitCode.NO_TESTS_COLLECTED


def run_pytest(bench: Bench, scratch: Scratch, target: Path, *options: str) -> Found:
    """Run pytest apart from all configuration and plugins but the folder's own conftest files."""
    configuration = scratch.control / "pytest.ini"
    configuration.write_text("[pytest]\n", encoding="utf-8")
    arguments = [
        str(target),
        *(
            "-p",
            "no:cacheprovider",
            "-p",
            "no:faulthandler",
            "-q",
            "--no-header",
            "--import-mode=importlib",
        ),
        *("-c", str(configuration), f"--rootdir={scratch.folder}", *options),
        f"--confcutdir={scratch.folder}",
    ]
    answer = bench.ask("testing", scratch, arguments=arguments)
    return _judged(bench, answer)


def _judged(bench: Bench, answer: Answer) -> Found:
    if answer.first("absent") is not None:
        return skipped(f"pytest is not installed for {bench.python} (pip install pytest)")
    failures = answer.all("failure")
    if failures:
        return _failed(bench, answer, failures)
    stopped = trouble(bench, answer)
    if stopped is not None:
        return stopped
    tested = answer.first("tested")
    if tested is None:
        return untold()
    if tested["code"] == NO_TESTS:
        return skipped("pytest found no test")
    if tested["code"] != 0:
        last = next((x for x in reversed(answer.ended.output.splitlines()) if x.strip()), "")
        return Found("failed", f"pytest ended with code {tested['code']}: {last}", broken=True)
    return PASSED


def _failed(bench: Bench, answer: Answer, failures: tuple[Event, ...]) -> Found:
    first = failures[0]
    names = {_name(event) for event in failures}
    more = f" (and {len(names) - 1} more)" if len(names) > 1 else ""
    found = raised(bench, answer, first, who=f"{_name(first)} fails{more}: ")
    stopped = trouble(bench, answer)
    if stopped is not None:  # after the failure it did not come to its end
        return stopped
    # A module that cannot even be collected is broken; a test that fails only fails.
    broken = any(event["when"] == "collect" for event in failures)
    return Found("failed", found.reason, found.place, found.detail, broken, frozenset(names))


def _name(event: Event) -> str:
    """The name of a test without its file; "importing" where the file was not collected."""
    if event["when"] == "collect":
        return "importing"
    return str(event["test"].partition("::")[2] or event["test"])
