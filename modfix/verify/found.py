"""What a step hands back, and how it is told from what a driver said."""

from __future__ import annotations

import re
import signal
from collections.abc import Sequence

from msgspec import Struct

from modfix.verify.bench import Answer, Bench, Event
from modfix.verify.hints import hint_of
from modfix.verify.verdict import Outcome, Place

LONGEST_REASON = 200  # characters
OUTPUT_LINES = 5  # of the end of the output, in the detail
_STACK_LINE = re.compile(r'^  File "(.*)", line (\d{1,9}) in (.*)$', re.MULTILINE)


class Found(Struct, frozen=True):
    """The outcome of a step without its name and time (see `StepResult` for the fields)."""

    outcome: Outcome
    reason: str = ""
    place: Place | None = None
    detail: str = ""
    broken: bool = False
    faults: frozenset[str] = frozenset()
    judged: frozenset[str] = frozenset()


PASSED = Found("passed")


def skipped(reason: str) -> Found:
    """A step that could not, or need not, run."""
    return Found("skipped", reason)


def trouble(bench: Bench, answer: Answer) -> Found | None:
    """What kept a driver from its end, or None: the limits first, then errors, then exits."""
    error = answer.first("error")
    if answer.ended.timed_out:
        return _timed_out(bench, answer)
    if answer.ended.exceeded:
        return _exceeded(bench, answer)
    if error is not None:
        return raised(bench, answer, error)
    exits = answer.all("exit")
    if exits and (answer.first("finished") is None or answer.ended.code != 0):
        return _left(bench, answer, exits[-1])
    return _odd_end(bench, answer)


def raised(bench: Bench, answer: Answer, error: Event, *, who: str = "") -> Found:
    """An exception of course code. A failed assertion is a failure; all else breaks the step."""
    frames = error.frames
    line = frames[-1][0] if frames else None
    if "MemoryError" in error["kinds"]:
        reason = f"used more than {bench.settings.verify.memory} MiB (settings: verify.memory)"
    else:
        reason = f"{_error_text(error)}{_of_source(bench, line, error)}"
    where = "" if frames else _elsewhere(answer, error)
    hint = hint_of(str(error["message"]), sandboxed=bool(bench.sandbox.bwrap))
    detail = [*source_line(bench, line), where, answer.clean(_full_text(error)), hint]
    return Found(
        "failed",
        one_line(answer.clean(f"{who}{reason}")),
        bench.program.place(line),
        told([*detail, *_output(answer)]),
        broken="AssertionError" not in error["kinds"],
    )


def _error_text(error: Event) -> str:
    message = next(iter(error["message"].strip().splitlines()), "")
    return f"{error['kinds'][0]}: {message}" if message else str(error["kinds"][0])


def _full_text(error: Event) -> str:
    message = error["message"].strip()
    return f"{error['kinds'][0]}: {message}" if message else str(error["kinds"][0])


def _of_source(bench: Bench, line: int | None, error: Event) -> str:
    """A bare assertion says what it asserts."""
    if error["message"] or line is None:
        return ""
    return f" at `{bench.program.line(line)}`"


def _elsewhere(answer: Answer, error: Event) -> str:
    last = error["last"]
    return f"raised at {answer.clean(str(last[0]))}, line {last[-1]}" if last else ""


def _timed_out(bench: Bench, answer: Answer) -> Found:
    seconds = bench.settings.verify.timeout
    lines = stack_lines(answer)
    line = lines[0] if lines else None
    return Found(
        "failed",
        f"did not finish within {seconds:g} s (settings: verify.timeout)",
        bench.program.place(line),
        told([*source_line(bench, line), *_output(answer)]),
        broken=True,
    )


def _exceeded(bench: Bench, answer: Answer) -> Found:
    """One limit for all processes of the step together was passed."""
    given, limit = bench.settings.verify, answer.ended.exceeded
    reason = {
        "disk": f"wrote more than {given.disk} MiB",
        "memory": f"used more than {given.memory} MiB in all its processes",
        "processes": f"ran more than {given.processes} processes at once",
    }[limit]
    lines = stack_lines(answer)
    line = lines[0] if lines else None
    return Found(
        "failed",
        f"{reason} (settings: verify.{limit})",
        bench.program.place(line),
        told([*source_line(bench, line), *_output(answer)]),
        broken=True,
    )


def stack_lines(answer: Answer) -> list[int]:
    """The lines of the module in the stack that faulthandler wrote, the deepest first."""
    # faulthandler escapes what is not ASCII.
    escaped = str(answer.module).encode("ascii", "backslashreplace").decode()
    return [int(line) for file, line, _ in _STACK_LINE.findall(answer.stack) if file == escaped]


def _left(bench: Bench, answer: Answer, event: Event) -> Found:
    line = event.frames[-1][0] if event.frames else None
    at = f" at line {_file_line(bench, line)}" if line else ""
    return Found(
        "failed",
        f"exited with code {event['code']} by itself ({event['how']}){at}",
        bench.program.place(line),
        told([*source_line(bench, line), *_output(answer)]),
        broken=True,
    )


def _odd_end(bench: Bench, answer: Answer) -> Found | None:
    reason = _oddity(answer)
    if not reason:
        return None
    lines = stack_lines(answer)  # of a crash
    line = lines[0] if lines else None
    detail = told([*source_line(bench, line), *_output(answer)])
    return Found("failed", reason, bench.program.place(line), detail, broken=True)


def _oddity(answer: Answer) -> str:
    """What is odd about the end of a process that tells of no error, or ""."""
    ended = answer.ended
    if ended.code is None:
        return "ended the process that watches over it"
    if ended.code < 0:
        return f"killed by signal {-ended.code} ({_signal_name(-ended.code)})"
    if answer.first("finished") is None:
        return f"exited with code {ended.code} before it was done"
    if ended.code != 0:
        return f"exited with code {ended.code} while shutting down"
    if ended.left_behind == 1:
        return "left 1 process behind, which was ended"
    if ended.left_behind:
        return f"left {ended.left_behind} processes behind, which were ended"
    return ""


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal
        return "unnamed"


def untold() -> Found:
    """A driver that came to its end without the event that it ends with: course code was at it."""
    return Found("failed", "its result is missing from the record", broken=True)


def told(lines: Sequence[str]) -> str:
    """The lines of a detail, without empty ones."""
    return "\n".join(line for line in lines if line.strip())


def one_line(text: str) -> str:
    """A text cut to what fits on a line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_REASON else flat[: LONGEST_REASON - 1] + "…"


def source_line(bench: Bench, line: int | None) -> list[str]:
    """A line of the program as one of a detail, under its number in the file; none for None."""
    if line is None:
        return []
    return [f"line {_file_line(bench, line)}: {bench.program.line(line)}"]


def _file_line(bench: Bench, line: int) -> int:
    place = bench.program.place(line)
    return line if place is None else place.line


def _output(answer: Answer) -> list[str]:
    lines = [line for line in answer.clean(answer.ended.output).splitlines() if line.strip()]
    missing = ", ".join(answer.left_out[:5])
    note = [f"not copied, too large: {missing}"] if missing else []
    return [*(f"output: {one_line(line)}" for line in lines[-OUTPUT_LINES:]), *note]
