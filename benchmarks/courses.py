"""Courses of any size to measure with: modules that differ, most clean, as real ones are."""

from __future__ import annotations

import random
import re
from pathlib import Path

_WORDS = (
    *("linear", "matrix", "weight", "layer", "batch", "token"),
    *("cache", "pixel", "sample", "kernel", "score", "window"),
)
_MARK = '# %%{title} nbgrader={{"grade": {grade}, "grade_id": "{name}", "locked": {locked}, '
_REST = '{points}"schema_version": 3, "solution": {solution}, "task": false}}'


def write_course(
    folder: Path, modules: int, *, cells: int = 14, defects: float = 0.1
) -> list[Path]:
    """Write a course of so many modules, one a folder; a share of them has a defect.

    The same arguments give the same course.
    """
    rng = random.Random(modules * 1000 + cells)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "modfix.toml").write_text("select = ['ALL']\n", encoding="utf-8")
    paths = []
    for number in range(modules):
        path = folder / f"{number:04}_topic" / f"topic_{number}_dev.py"
        path.parent.mkdir()
        text = module_text(rng, number, cells=cells, defect=rng.random() < defects)
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


def module_text(rng: random.Random, number: int, *, cells: int, defect: bool) -> str:
    """A module that exports functions, tests each in a graded cell and analyses at its end."""
    parts = [f"# %% [markdown]\n# # Module {number}\n", _head(number)]
    names = []
    for step in range(max(1, (cells - 2) // 2)):
        word = f"{rng.choice(_WORDS)}_{step}"
        names.append(word)
        parts += [_prose(rng, word), _function(rng, word), _test(word, bare=defect and step == 0)]
    parts.append(_whole(names))
    return "\n".join(parts)


def _cell(name: str, body: str, *, grade: bool = False, solution: bool = False) -> str:
    mark = _MARK.format(
        title="", grade=str(grade).lower(), name=name, locked=str(not solution).lower()
    ) + _REST.format(points='"points": 5, ' if grade else "", solution=str(solution).lower())
    return f"{mark}\n{body}"


def _head(number: int) -> str:
    body = f"#| default_exp topics.topic_{number}\n\nimport numpy as np\n"
    return _cell("cell-imports", body)


def _prose(rng: random.Random, word: str) -> str:
    lines = [" ".join(rng.choices(_WORDS, k=12)) for _ in range(6)]
    return "# %% [markdown]\n# ## About " + word + "\n" + "".join(f"# {line}\n" for line in lines)


def _function(rng: random.Random, word: str) -> str:
    steps = "".join(
        f"    {rng.choice('abc')} = {rng.choice('abc')} * {rng.randint(2, 99)} + np.mean(values)\n"
        f"    if {rng.choice('abc')} > {rng.randint(100, 999)}:\n"
        f"        values = [value - {rng.randint(1, 9)} for value in values if value != a]\n"
        for _ in range(rng.randint(8, 16))
    )
    body = (
        f'#| export\ndef {word}(values, a=1, b=2, c=3):\n    """Work on values."""\n'
        f"    ### BEGIN SOLUTION\n{steps}    return np.array(values) + a + b + c\n"
        "    ### END SOLUTION\n"
    )
    return _cell(f"{word.replace('_', '-')}", body, solution=True)


def _test(word: str, *, bare: bool) -> str:
    call = f"test_unit_{word}()" if bare else f'if __name__ == "__main__":\n    test_unit_{word}()'
    checks = "".join(f"    assert {word}([{n}, {n + 1}]) is not None\n" for n in range(12))
    body = f'def test_unit_{word}():\n    """It works."""\n{checks}    print("ok")\n\n{call}\n'
    return _cell(f"test-{word.replace('_', '-')}", body, grade=True)


def _whole(names: list[str]) -> str:
    calls = "".join(f"    test_unit_{name}()\n" for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    test = f'def test_module():\n{calls}\nif __name__ == "__main__":\n    test_module()\n'
    exports = _cell("cell-exports", f"#| export\n__all__ = [{listed}]\n")
    return f"{_cell('test-module', test, grade=True)}\n{exports}"


def change_one_cell(path: Path) -> None:
    """Change a number in one cell of a module, in place, to one that it was not."""
    text = path.read_text(encoding="utf-8")
    found = re.search(r"\* (\d+) \+", text)
    assert found is not None
    number = str(int(found[1]) + 1)
    path.write_text(text[: found.start(1)] + number + text[found.end(1) :], encoding="utf-8")
