"""Step `grades`: does the grading grade? Three versions of the module are graded.

The instructor's gets full marks in every autograded cell; the unsolved release, hidden tests
included, gets none in any; the "perfect student", who restores only what the solution regions
held, gets full marks. nbgrader does the grading; without it modfix's own runner does, and says so.

A deviation fails the step, unless a rule has a finding that explains it and that the course's
standard takes for a warning: then the step passes and tells the deviation. So the documented
imports cell of module 17, which a release blanks, does not fail a module that follows the document
to the letter, and nobody is told that its students can get their points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from modfix.nbgrader.schema import notebook_refusals
from modfix.verify.bench import Answer, Bench, Event
from modfix.verify.found import Found, one_line, skipped, told, trouble
from modfix.verify.program import python_source
from modfix.verify.steps.conversion import ConversionError, kernel_language, to_notebook
from modfix.verify.steps.graded_versions import (
    INSTRUCTOR,
    PERFECT,
    UNSOLVED,
    Versions,
    nbgrader_config,
    points_of,
    versions,
)
from modfix.verify.steps.nbgrader import KERNEL
from modfix.verify.verdict import Place

SHOWN = 5  # deviations in the detail
_WHO = {
    INSTRUCTOR: "the instructor's version",
    UNSOLVED: "the unsolved release",
    PERFECT: "the perfect student",
}


def check(bench: Bench) -> Found:
    """Grade the three versions, and explain each score that should be another."""
    graded = [cell.index for cell in bench.document.cells if points_of(cell) is not None]
    if not graded:
        return skipped("no autograded cell")
    cells = ((cell.kind, cell.metadata) for cell in bench.document.cells)
    if notebook_refusals(cells):
        return skipped("nbgrader does not take the module's metadata")
    try:
        notebook = to_notebook(bench.document)
    except ConversionError as error:
        return Found("failed", one_line(f"jupytext cannot convert it: {error}"), broken=True)
    language = kernel_language(notebook)
    if language != "python":
        return skipped(f"the notebook's kernel is for {language}, not for Python")
    made = versions(bench.document, notebook, bench.settings.nbgrader)
    refused = _refused(bench, made)
    if refused is not None:
        return refused
    if made.nothing_to_solve:
        return skipped("there is nothing to solve: no solution is cleared")
    return _graded(bench, notebook, made)


def _refused(bench: Bench, made: Versions) -> Found | None:
    """nbgrader would not release the module."""
    for cell, done in zip(bench.document.cells, made.cleared, strict=True):
        for refusal in done.refusals:
            place = bench.program.place_in(cell, max(refusal.line, 1))
            reason = one_line(f"nbgrader refuses to release it: {refusal.message}")
            return Found("failed", reason, place, faults=frozenset({"release"}))
    return None


def _graded(bench: Bench, notebook: Any, made: Versions) -> Found:
    scores, stopped, note = _by_nbgrader(bench, notebook, made)
    if stopped is None and scores is None:
        scores, stopped = _by_ourselves(bench, made)
        note = "graded by modfix's own runner: nbgrader is not installed"
    if stopped is not None:
        return stopped
    assert scores is not None
    return _judged(bench, made, scores, note)


def _by_nbgrader(
    bench: Bench, notebook: Any, made: Versions
) -> tuple[tuple[Event, ...] | None, Found | None, str]:
    """The scores, or what kept nbgrader from them; neither where it is not installed."""
    import nbformat

    notebook.metadata["kernelspec"] = dict(KERNEL)
    with bench.scratch() as scratch:
        path = scratch.module.with_suffix(".ipynb")
        path.write_text(nbformat.writes(notebook), encoding="utf-8")
        answer = bench.ask(
            "scoring",
            scratch,
            runs=len(made.sources),
            notebook=str(path),
            versions=made.sources,
            config=nbgrader_config(bench.settings.nbgrader),
        )
    if answer.first("absent") is not None:
        return None, None, ""
    refused = answer.first("refused")
    if refused is not None:
        reason = f"nbgrader refuses to release it ({refused['by']}): {refused['message']}"
        return None, Found("failed", one_line(reason), faults=frozenset({"release"})), ""
    note = "modfix and nbgrader clear a cell differently" if answer.first("differs") else ""
    return answer.all("score"), _stopped(bench, answer, runs=len(made.sources)), note


def _by_ourselves(bench: Bench, made: Versions) -> tuple[tuple[Event, ...], Found | None]:
    """The scores by our own runner, each version in a process of its own."""
    scores: list[Event] = []
    for name, sources in made.sources.items():
        with bench.scratch() as scratch:
            cells = list(_cells(bench, sources))
            answer = bench.ask("plain_scoring", scratch, version=name, cells=cells)
        scores += answer.all("score")
        stopped = _stopped(bench, answer)
        if stopped is not None:
            return tuple(scores), stopped
    return tuple(scores), None


def _cells(bench: Bench, sources: Sequence[str]) -> Iterator[dict[str, object]]:
    """The code cells. IPython's lines cannot be run here, so a cell with any is not scored."""
    for cell, source in zip(bench.document.cells, sources, strict=True):
        if cell.kind == "code":
            plain = python_source(source)
            points = points_of(cell) if plain == source else None
            yield {"index": cell.index, "source": plain, "points": points}


def _stopped(bench: Bench, answer: Answer, runs: int = 1) -> Found | None:
    """What kept a driver from its end, in which version and at which cell."""
    stopped = trouble(bench, answer)
    if stopped is None:
        return None
    at, version = answer.all("executing"), answer.all("version")
    place = stopped.place
    if place is None and at:
        place = bench.program.place_in(bench.document.cells[at[-1]["cell"]], 1)
    who = f"{_WHO[version[-1]['name']]}: " if version else ""
    reason = stopped.reason
    if answer.ended.timed_out and runs > 1:
        seconds = runs * bench.settings.verify.timeout
        reason = f"{runs} runs did not finish within {seconds:g} s (settings: verify.timeout)"
    return replace(stopped, reason=one_line(f"{who}{reason}"), place=place)


def _judged(bench: Bench, made: Versions, scores: Sequence[Event], note: str) -> Found:
    judged = frozenset(_called(bench, event) for event in scores if event["version"] == UNSOLVED)
    off = _deviations(scores)
    if not off:
        return Found("passed", note, judged=judged)
    from modfix.verify.steps.grade_causes import Causes  # PERF: it lints the module

    causes = Causes(bench, made.cleared)
    explained = [(event, causes.of(event)) for event in off]
    faults = frozenset(f"{event['version']} {_called(bench, event)}" for event in off)
    open_ones = [event for event, cause in explained if not cause.accepted]
    first, cause = next((e, c) for e, c in explained if not open_ones or e is open_ones[0])
    reason = f"{_total(first['version'], scores)}: {cause.told}"
    lines = [f"{_line(bench, event)}: {why.told}" for event, why in explained[:SHOWN]]
    more = f"… and {len(off) - SHOWN} more" if len(off) > SHOWN else ""
    return Found(
        "failed" if open_ones else "passed",
        one_line(f"{reason}; {note}" if note else reason),
        _place(bench, first),
        told([*lines, more]),
        faults=faults,
        judged=judged,
    )


def _deviations(scores: Sequence[Event]) -> list[Event]:
    """The scores that should be others. Where the instructor fails, so may the perfect student."""
    full = {e["cell"] for e in scores if e["version"] == INSTRUCTOR and e["score"] == e["points"]}
    return [event for event in scores if _deviates(event, event["cell"] in full)]


def _deviates(event: Event, passable: bool) -> bool:
    """Whether a score is another than it should be; `passable`: the instructor gets full marks."""
    if event["version"] == UNSOLVED:
        return bool(event["score"] != 0 and event["points"] > 0)
    if event["version"] == INSTRUCTOR:
        return not passable
    return passable and event["score"] != event["points"]


def _total(version: str, scores: Sequence[Event]) -> str:
    own = [event for event in scores if event["version"] == version]
    score, points = (sum(event[key] or 0 for event in own) for key in ("score", "points"))
    return f"{_WHO[version]} gets {score:g} of {points:g} points"


def _line(bench: Bench, event: Event) -> str:
    score = "an invalid score" if event["score"] is None else f"{event['score']:g}"
    who = _WHO[event["version"]]
    return f"{who} gets {score} of {event['points']:g} in {_called(bench, event)}"


def _called(bench: Bench, event: Event) -> str:
    cell = bench.document.cells[event["cell"]]
    return f"`{cell.id}`" if cell.id else f"cell-{cell.index}"


def _place(bench: Bench, event: Event) -> Place:
    """Where a cell failed; without a traceback its first line."""
    cell, line = (event["lines"] or [[event["cell"], 1]])[-1]
    if event["version"] != INSTRUCTOR:  # lines of what students have are not those of the file
        cell, line = event["cell"], 1
    return bench.program.place_in(bench.document.cells[int(cell)], int(line))
