"""The rows of the table: what is compared with what, and how near the bar says it must be."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from time import sleep

from benchmarks.courses import change_one_cell
from benchmarks.measure import MODFIX, Command, Time, in_turns, peak_memory, python

PARSE = (
    "import sys, click, libcst\n"
    "for path in sys.argv[1:]:\n"
    "    libcst.parse_module(open(path, encoding='utf-8').read())"
)
WALK = (
    "import os, sys\n"
    "for folder, _, names in os.walk('.'):\n"
    "    for name in names:\n"
    "        if name.endswith('.py'):\n"
    "            os.stat(os.path.join(folder, name))"
)
CLICK = "import click"
PEERS = Path(__file__).parent.parent / ".venv-peers" / "bin"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `ratio` is ours by theirs; for a speed-up the other way round."""

    what: str
    ours: float
    theirs: float
    ratio: float
    bar: str
    met: bool
    unit: str = "ms"


@dataclass(frozen=True, slots=True)
class Bench:
    """What is measured on: one module, and courses of three sizes; rounds, and which clock."""

    module: Path
    courses: dict[int, Path]
    rounds: int
    clock: str

    def seconds(self, time: Time, *, wall: bool = False) -> float:
        """The time that counts; what several processes share only the wall clock tells."""
        return time.wall if wall or self.clock == "wall" else time.cpu


def at_most(what: str, ours: float, theirs: float, bar: float) -> Row:
    """A row whose ratio must not be above the bar."""
    ratio = ours / theirs
    return Row(what, ours, theirs, ratio, f"≤ {bar:g}", ratio <= bar)


def faster(what: str, ours: float, theirs: float, bar: float) -> Row:
    """A row in which we must be so many times faster."""
    ratio = theirs / ours
    return Row(what, ours, theirs, ratio, f"≥ {bar:g} × faster", ratio >= bar)


def check(*arguments: object) -> list[str]:
    """The command line of a check."""
    return [MODFIX, "check", *map(str, arguments)]


def start_up(bench: Bench) -> list[Row]:
    """Commands that need no module, and the cached answer for one, by `import click`."""
    here = bench.module.parent
    ours = {
        "nothing changed, one module": check(bench.module.name),
        "`--help`": [MODFIX, "--help"],
        "`check --help`": check("--help"),
        "`rules`": [MODFIX, "rules"],
        "`explain RUN104`": [MODFIX, "explain", "RUN104"],
        "shell completion": [MODFIX, "completion", "bash"],
    }
    commands = {name: Command(line, here) for name, line in ours.items()}
    times = in_turns({"click": Command(python(CLICK), here), **commands}, 3 * bench.rounds)
    click = bench.seconds(times["click"])
    return [at_most(name, bench.seconds(times[name]), click, 1.6) for name in ours]


def cold(bench: Bench) -> list[Row]:
    """One module and twenty without a cache, by LibCST's import and parse."""
    here, twenty = bench.module.parent, bench.courses[20]
    files = sorted(str(path) for path in twenty.rglob("*.py"))
    one = in_turns(
        {
            "ours": Command(check("--no-cache", bench.module.name), here),
            "theirs": Command(python(PARSE, bench.module.name), here),
        },
        bench.rounds,
    )
    many = in_turns(
        {
            "ours": Command(check("--no-cache"), twenty),
            "theirs": Command(python(PARSE, *files), twenty),
        },
        bench.rounds,
    )
    ours, theirs = bench.seconds(one["ours"]), bench.seconds(one["theirs"])
    return [
        at_most("one module, no cache", ours, theirs, 1.3),
        at_most("20 modules, no cache", many["ours"].wall, many["theirs"].wall, 0.8),
    ]


def large_course(bench: Bench) -> list[Row]:
    """Two thousand modules: nothing changed, and one cell."""
    course = bench.courses[2000]
    first = sorted(course.rglob("*.py"))[0]
    one_cell = bench.courses[20].parent / "one_cell_dev.py"
    one_cell.write_text("# %%" + first.read_text().split("# %%")[4], encoding="utf-8")
    times = in_turns(
        {
            "walk": Command(python(WALK), course),
            "same": Command(check(), course),
            "changed": Command(check(), course, before=lambda: change_one_cell(first)),
            # A file that was changed just now is read again: let it come to rest before "same".
            "again": Command(check(), course, before=lambda: sleep(3)),
            "cell": Command(check("--no-cache", one_cell), course),
            "start": Command(check("--help"), course),
        },
        bench.rounds,
    )
    walk, same, changed, cell, start = (
        bench.seconds(times[name]) for name in ("walk", "same", "changed", "cell", "start")
    )
    work = cell - start  # of the cell that changes, alone in a file
    return [
        at_most("nothing changed, 2,000 modules", same, walk, 3),
        at_most("one cell of 2,000 modules changed", changed, 1.2 * same + work, 1),
    ]


def memory(bench: Bench) -> list[Row]:
    """The largest process at 2,000 modules, by that at 20."""
    sizes = {n: peak_memory(Command(check("--no-cache"), bench.courses[n])) for n in (20, 2000)}
    ours, theirs = sizes[2000], sizes[20]
    what = "memory of 2,000 modules, by 20"
    return [Row(what, ours, theirs, ours / theirs, "≤ 200 MB", ours <= 200, "MB")]


def repairs(bench: Bench) -> list[Row]:
    """`fix` without verification, by `check`, on a copy of the module and on a course."""
    rows = []
    for what, folder, path in (
        ("one module", bench.module.parent, bench.module.name),
        ("20 modules", bench.courses[20], "."),
    ):
        times = in_turns(
            {
                "fix": Command([MODFIX, "fix", "--diff", path], folder),
                "check": Command(check("--no-cache", "-j", 1, path), folder),
            },
            bench.rounds,
        )
        ours, theirs = bench.seconds(times["fix"]), bench.seconds(times["check"])
        rows.append(at_most(f"`fix` without verification, {what}", ours, theirs, 2))
    return rows


def peers(bench: Bench) -> list[Row]:
    """Fixit with its built-in rules, flake8 and pylint as they come, where they are installed."""
    here, twenty = bench.module.parent, bench.courses[20]
    rows = []
    for what, folder, path, bar in (
        ("one module, no cache", here, bench.module.name, 4),
        ("20 modules, no cache", twenty, ".", 8),
        ("20 modules, nothing changed", twenty, ".", 30),
    ):
        warm = "nothing" in what
        commands = {
            "ours": Command(check(path) if warm else check("--no-cache", path), folder),
            "fixit": Command([tool("fixit"), "--quiet", "lint", path], folder),
        }
        times = in_turns(commands, 2)
        rows.append(faster(f"Fixit: {what}", times["ours"].wall, times["fixit"].wall, bar))
    times = in_turns(
        {
            "warm": Command(check("."), twenty),
            "cold": Command(check("--no-cache", "."), twenty),
            "flake8": Command([tool("flake8"), "."], twenty),
            "pylint": Command([tool("pylint"), "--recursive=y", "."], twenty),
        },
        2,
    )
    cached, cold = times["warm"].wall, times["cold"].wall
    rows.append(faster("flake8: 20 modules, nothing changed", cached, times["flake8"].wall, 1))
    rows.append(faster("pylint: 20 modules, no cache", cold, times["pylint"].wall, 5))
    return rows


def tool(name: str) -> str:
    """The path of a peer; they live apart, for they want other versions of what we use."""
    return str(PEERS / name)


def has_peers() -> bool:
    """Whether the peers are installed (`make bench` does it)."""
    return all(shutil.which(tool(name)) for name in ("fixit", "flake8", "pylint"))
