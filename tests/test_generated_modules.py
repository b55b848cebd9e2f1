"""Modules made of real code: files of the standard library, cut into cells at random, with
directives, metadata, bare calls and guarded tails strewn in. Whatever comes out, a repair settles,
leaves no fix undone, keeps the text parseable, and is done the second time."""

from __future__ import annotations

import ast
import random
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from modfix.config import settings_from
from modfix.document.document import Document
from modfix.fix.rounds import repair_with
from modfix.lint.linter import make_linter, overridden, wanted

FOLDER = Path(sysconfig.get_path("stdlib"))
LARGEST = 60_000  # bytes: larger files show nothing new and take long
MARKERS = [
    "# %%",
    "# %%",
    '# %% nbgrader={{"grade": false, "grade_id": "c{0}", "solution": true}}',
    '# %% nbgrader={{"grade": true, "grade_id": "t{0}", "points": 3}}',
]
SETTINGS = settings_from({}, where="tests")
LINTERS = {
    strategy: make_linter(overridden(SETTINGS, {}, {"strategy": strategy}), where="tests")
    for strategy in ("import", "explicit")
}


def library_files() -> list[Path]:
    """Files with tests first: they have what most rules look for."""
    found = [p for p in FOLDER.rglob("*.py") if "site-packages" not in p.parts]
    sizes = {path: path.stat().st_size for path in found}
    fitting = sorted(path for path in found if 500 < sizes[path] < LARGEST)
    return sorted(fitting, key=lambda path: "test" not in path.name)


def generated(path: Path, rng: random.Random) -> str | None:
    """A module made of a file, or None for one that cannot be parsed (tests of the parser)."""
    try:
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    calls = dict(_callable_functions(tree))
    cuts = {_first_line(node) for node in tree.body if rng.random() < 0.4} | {1}
    lines: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if number in cuts:
            lines += _cell_start(number, rng)
        lines.append(line)
        if number in calls and rng.random() < 0.6:
            lines += ["", calls[number] + rng.choice(["()", "();", "()  # go"])]
    if calls and rng.random() < 0.4:
        tail = [f"    {name}()" for name in list(calls.values())[:2]]
        lines += ["# %%", 'if __name__ == "__main__":', *tail, *rng.choice([[], ["    print(1)"]])]
    return "\n".join(lines)


def _callable_functions(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.args.args:
            yield node.end_lineno or node.lineno, node.name


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def _cell_start(number: int, rng: random.Random) -> list[str]:
    prose = ["", "# %% [markdown]", "# Some **title** of Sequential", ""]
    export = ["#| export"] if rng.random() < 0.3 else []
    before = prose if number > 1 and rng.random() < 0.2 else []
    return [*before, rng.choice(MARKERS).format(number), *export]


def assert_repair_holds(text: str, strategy: str, *, unsafe: bool) -> None:
    linter = LINTERS[strategy]
    document = Document.from_bytes(Path("m_dev.py"), text.encode())
    result = repair_with(linter, document, lambda each: wanted(each, unsafe=unsafe))
    ast.parse(result.after.text)
    assert not [each for each in result.left if wanted(each, unsafe=unsafe)]
    again = repair_with(linter, result.after, lambda each: wanted(each, unsafe=unsafe))
    assert not again.changed


def check_files(files: list[Path], seed: int) -> int:
    rng, checked = random.Random(seed), 0
    for path in files:
        text = generated(path, rng)
        if text is None:
            continue
        for strategy in LINTERS:
            assert_repair_holds(text, strategy, unsafe=bool(checked % 2))
        checked += 1
    return checked


def test_repairs_of_a_few_generated_modules_hold() -> None:
    files = library_files()
    assert check_files(random.Random(17).sample(files[:200], 6), seed=17) > 0


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_repairs_of_many_generated_modules_hold(seed: int) -> None:
    files = random.Random(seed).sample(library_files(), 25)
    assert check_files(files, seed) > 0
