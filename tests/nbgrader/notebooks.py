"""Notebooks as authors mangle them, for comparing what we do with what nbgrader does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from modfix.document.document import Document

PLAIN = (
    "x = 1",
    "",
    "    return x",
    "\ty = 2",
    "assert x == 1",
    "if x:",
    "![a](attachment:key.png)",
    "text — ünï 🚀",
    "# begin solution",
    "### BEGIN  SOLUTION",
)
MARKS = (
    "BEGIN SOLUTION",
    "END SOLUTION",
    "BEGIN HIDDEN TESTS",
    "END HIDDEN TESTS",
    "BEGIN MARK SCHEME",
    "END MARK SCHEME",
    "BEGIN SOLUTION END SOLUTION",
    "BEGIN SOLUTION BEGIN HIDDEN TESTS",
)
FRAMES = (
    "### {}",
    "    ### {}",
    "\t# {}",
    "{}",
    "s = '{}'",
    "x = 1  # {}",
    "\u2003# {}",
    "=== {} ===",
)

marked = st.builds(
    lambda frame, mark: frame.format(mark), st.sampled_from(FRAMES), st.sampled_from(MARKS)
)
# Most regions are whole, so that the whole of the clearing is reached and not only refusals.
region = st.builds(
    lambda kind, frame, inner: "\n".join(
        [frame.format(f"BEGIN {kind}"), *inner, frame.format(f"END {kind}")]
    ),
    st.sampled_from(("SOLUTION", "SOLUTION", "HIDDEN TESTS", "MARK SCHEME")),
    st.sampled_from(FRAMES),
    st.lists(st.sampled_from(PLAIN[:6]), max_size=3),
)
line = st.one_of(st.sampled_from(PLAIN), region, region, st.sampled_from(PLAIN), marked)
source = st.lists(line, max_size=6).map("\n".join)

# grade, solution, locked, task: the kinds that nbgrader knows, and one that it does not.
FLAGS = (
    (True, False, True, False),
    (True, True, False, False),
    (False, True, False, False),
    (False, False, True, False),
    (False, False, True, True),
    (False, False, False, False),
    (False, True, True, True),
)


def metadata(index: int, flags: tuple[bool, bool, bool, bool]) -> dict[str, Any]:
    """Complete nbgrader metadata of schema 3."""
    grade, solution, locked, task = flags
    points = {"points": 2} if grade or task else {}
    return {
        "grade": grade,
        "grade_id": f"cell-{index}",
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": task,
        **points,
    }


def cell(kind: str, source: str, nbgrader: dict[str, Any] | None) -> dict[str, Any]:
    """A cell of an `.ipynb` of format 4.4."""
    value: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source}
    if nbgrader is not None:
        value["metadata"]["nbgrader"] = nbgrader
    if kind == "code":
        value |= {"execution_count": None, "outputs": []}
    return value


# Cells as they should be: each kind of region in a cell of its kind.
SOUND = (
    ("code", FLAGS[0], "HIDDEN TESTS"),
    ("code", FLAGS[1], "SOLUTION"),
    ("code", FLAGS[2], "SOLUTION"),
    ("markdown", FLAGS[1], "SOLUTION"),
    ("markdown", FLAGS[4], "MARK SCHEME"),
)


@st.composite
def sound_cells(draw: st.DrawFn, index: int) -> dict[str, Any]:
    """A cell that nbgrader takes, mostly."""
    kind, flags, region = draw(st.sampled_from(SOUND))
    parts = []
    for whole in draw(st.lists(st.booleans(), max_size=4)):
        frame, inner = draw(st.sampled_from(FRAMES)), draw(st.sampled_from(PLAIN[:6]))
        stray = draw(st.sampled_from(("", "", "", f"# END {region}", frame.format("END SOLUTION"))))
        parts += [frame.format(f"BEGIN {region}"), inner] if whole else []
        parts += [frame.format(f"END {region}")] if whole else [inner, stray]
    return cell(kind, "\n".join(parts), metadata(index, flags))


@st.composite
def notebooks(draw: st.DrawFn, languages: tuple[str, ...] = ("python",)) -> dict[str, Any]:
    """A notebook of up to three cells of every kind, with and without metadata."""
    cells = []
    sound = draw(st.booleans())
    for index in range(draw(st.integers(1, 3))):
        if sound:
            cells.append(draw(sound_cells(index)))
            continue
        flags = draw(st.none() | st.sampled_from(FLAGS))
        kind = draw(st.sampled_from(("code", "code", "code", "markdown", "raw")))
        own = None if flags is None else metadata(index, flags)
        cells.append(cell(kind, draw(source), own))
    language = draw(st.sampled_from(languages))
    kernel = {"name": language, "display_name": language, "language": language}
    return notebook(cells, kernel if language else None)


def notebook(cells: list[dict[str, Any]], kernel: dict[str, str] | None = None) -> dict[str, Any]:
    """A notebook of format 4.4."""
    own = {} if kernel is None else {"kernelspec": kernel}
    return {"cells": cells, "metadata": own, "nbformat": 4, "nbformat_minor": 4}


def document(value: dict[str, Any]) -> Document:
    """The notebook as we read it."""
    return Document.from_bytes(Path("notebook.ipynb"), json.dumps(value).encode())
