"""Notebooks of every format and style, made by hypothesis: nbformat 3 and 4.0 to 4.9, any
indentation, order of keys and escapes, sources as lists and strings, attachments, outputs, odd
metadata."""

from __future__ import annotations

import json
import random
from typing import Any

from hypothesis import strategies as st

SOURCES = st.text(alphabet=st.sampled_from(list('ab\n\t"\\é𝒳 {}[],#%\r\x0c\u2028')), max_size=30)
IMAGE = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBOR" * 40}}
STREAM = {"output_type": "stream", "name": "stdout", "text": ["a\n", "b"]}
JSON_OUT = {"output_type": "display_data", "metadata": {}, "data": {"application/json": {"a": []}}}
IMAGE_3 = {"output_type": "display_data", "metadata": {}, "png": "iVBOR" * 40}
STREAM_3 = {"output_type": "stream", "stream": "stdout", "text": ["a\n", "b"]}
METADATA: list[dict[str, Any]] = [
    {},
    {"nbgrader": {"a": "é"}, "tags": []},
    {"a": None, "b": 1e30, "c": {"d": [[], {}]}, "": ""},
    {"trusted": True, "collapsed": False, "scrolled": "auto"},
]
STYLES: list[dict[str, Any]] = [
    {"indent": 1, "ensure_ascii": False},
    {"indent": 4, "ensure_ascii": True},
    {"indent": "\t", "ensure_ascii": False},
    {"indent": None, "ensure_ascii": False, "separators": (",", ":")},
    {"indent": 2, "ensure_ascii": True, "sort_keys": True},
]


def split(source: str, how: str) -> Any:
    """A source as a notebook holds it."""
    if how == "string":
        return source
    if how == "unended":
        return source.split("\n")
    if how == "pieces":  # not at line ends: what merge tools leave
        return [source[at : at + 3] for at in range(0, len(source), 3)]
    return source.splitlines(keepends=True)


@st.composite
def cell_4(draw: st.DrawFn, number: int, minor: int) -> dict[str, Any]:
    kind = draw(st.sampled_from(["code", "markdown", "raw"]))
    source = split(draw(SOURCES), draw(st.sampled_from(["list", "string", "pieces"])))
    cell = {"cell_type": kind, "metadata": draw(st.sampled_from(METADATA)), "source": source}
    if minor >= 5:
        cell["id"] = f"c{number}"
    if kind == "code":
        outputs = draw(st.lists(st.sampled_from([IMAGE, STREAM, JSON_OUT]), max_size=2))
        cell |= {"execution_count": draw(st.sampled_from([None, 3])), "outputs": outputs}
    elif minor >= 1 and draw(st.booleans()):
        cell["attachments"] = {"a.png": {"image/png": "iVBOR" * 20}}
    return cell


@st.composite
def cell_3(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["code", "markdown", "raw", "heading", "html"]))
    how = draw(st.sampled_from(["list", "string", "unended"]))
    source = split(draw(SOURCES), how)
    cell: dict[str, Any] = {"cell_type": kind}
    if draw(st.booleans()):
        cell["metadata"] = draw(st.sampled_from(METADATA))
    if kind == "heading":
        cell["level"] = 2
    if kind != "code":
        return {**cell, "source": source}
    outputs = draw(st.lists(st.sampled_from([IMAGE_3, STREAM_3]), max_size=2))
    return {**cell, "input": source, "language": "python", "outputs": outputs, "collapsed": False}


@st.composite
def notebooks_4(draw: st.DrawFn, minors: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 9)) -> dict[str, Any]:
    """A notebook of format 4 as plain data."""
    minor = draw(st.sampled_from(minors))
    cells = [draw(cell_4(number, minor)) for number in range(draw(st.integers(1, 4)))]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": minor}


@st.composite
def notebooks_3(draw: st.DrawFn) -> dict[str, Any]:
    """A notebook of format 3 as plain data, of one worksheet or two."""
    sheets = [
        {"cells": [draw(cell_3()) for _ in range(draw(st.integers(0, 3)))], "metadata": {}}
        for _ in range(draw(st.integers(1, 2)))
    ]
    return {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": sheets}


def shuffled(value: Any, rng: random.Random) -> Any:
    """The same data with the keys of every object in another order."""
    if isinstance(value, list):
        return [shuffled(each, rng) for each in value]
    if not isinstance(value, dict):
        return value
    keys = list(value)
    rng.shuffle(keys)
    return {key: shuffled(value[key], rng) for key in keys}


@st.composite
def written(draw: st.DrawFn, whole: dict[str, Any]) -> str:
    """The JSON text of a notebook in any style."""
    rng = draw(st.randoms(use_true_random=False))
    text = json.dumps(
        shuffled(whole, rng) if draw(st.booleans()) else whole, **draw(st.sampled_from(STYLES))
    )
    return text + draw(st.sampled_from(["", "\n", " \n\n"]))
