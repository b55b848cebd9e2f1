"""Step `import`: from another process, importing prints nothing, runs no test and exports what
`__all__` names."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec.structs import replace

from modfix.verify.bench import Answer, Bench, Event
from modfix.verify.found import PASSED, Found, one_line, source_line, told, trouble


def check(bench: Bench) -> Found:
    """Import the module and everything it exports."""
    names = bench.settings.names
    with bench.scratch() as scratch:
        answer = bench.ask("importing", scratch, patterns=[*names.tests, *names.demos])
    problems = [*_called(bench, answer), *_printed(bench, answer), *_missing(bench, answer)]
    stopped = trouble(bench, answer)
    if stopped is not None and not (answer.first("missing") and answer.first("error")):
        also = told([stopped.detail, *(f"also: {each.reason}" for each in problems)])
        return replace(stopped, detail=also, broken=True)
    if not problems:
        return PASSED
    faults = frozenset().union(*(problem.faults for problem in problems))
    first = problems[0]
    detail = told([first.detail, *(f"also: {other.reason}" for other in problems[1:])])
    return Found("failed", first.reason, first.place, detail, faults=faults)


def _called(bench: Bench, answer: Answer) -> list[Found]:
    """Tests and demos that ran: calls that no guard holds back."""
    return [
        _at(bench, event, f"importing runs `{event['name']}`", f"runs {event['name']}")
        for event in answer.all("called")
    ]


def _printed(bench: Bench, answer: Answer) -> list[Found]:
    text = next((line for line in answer.ended.output.splitlines() if line.strip()), "").strip()
    event = answer.first("printed")
    if event is None and not answer.ended.output:
        return []
    said = f"importing prints {one_line(text)[:80]!r}" if text else "importing prints empty lines"
    if event is None:  # written past Python's streams
        return [Found("failed", said, faults=frozenset({"prints"}))]
    file, line = event["last"]
    source = "" if file == str(answer.module) else f" (printed by {Path(file).name}, line {line})"
    return [_at(bench, event, said + source, "prints")]


def _missing(bench: Bench, answer: Answer) -> list[Found]:
    event = answer.first("missing")
    if event is None:
        return []
    names = event["names"]
    line = _line_of_name(bench.program.lines, names[0])
    listed = ", ".join(f"`{name}`" for name in names[:5]) + (", …" if len(names) > 5 else "")
    return [
        Found(
            "failed",
            f"`__all__` names what the module does not define: {listed}",
            bench.program.place(line),
            told(source_line(bench, line)),
            faults=frozenset(f"missing {name}" for name in names),
        )
    ]


def _at(bench: Bench, event: Event, reason: str, fault: str) -> Found:
    line = event.frames[-1][0] if event.frames else None
    place, detail = bench.program.place(line), told(source_line(bench, line))
    return Found("failed", reason, place, detail, faults=frozenset({fault}))


def _line_of_name(lines: list[str], name: str) -> int | None:
    """The line from the last `__all__` on that names it, else the line of that `__all__`."""
    starts = [n for n, text in enumerate(lines, 1) if re.match(r"__all__\s*[:+=]", text)]
    if not starts:
        return None
    quoted = re.compile(rf"""['"]{re.escape(name)}['"]""")
    found = (n for n in range(starts[0], len(lines) + 1) if quoted.search(lines[n - 1]))
    return next(found, starts[-1])
