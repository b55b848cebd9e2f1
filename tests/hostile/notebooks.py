"""Notebooks that no program should write, and what is told of each."""

from __future__ import annotations

import json
from typing import Any

CODE: dict[str, Any] = {
    "cell_type": "code",
    "execution_count": None,
    "id": "a",
    "metadata": {},
    "outputs": [],
    "source": "x = 1",
}


def notebook(cells: str, **more: Any) -> str:
    """A notebook whose list of cells is this JSON text."""
    rest = {"metadata": {}, "nbformat": 4, "nbformat_minor": 5} | more
    return f'{{"cells": {cells}, {json.dumps(rest)[1:]}'


def one(raw: str = "", **members: Any) -> str:
    """A notebook of one code cell with other members, and `raw` text of members before them."""
    return notebook(f"[{{{raw}{json.dumps(CODE | members)[1:]}]")


def without(key: str) -> str:
    """A notebook of one code cell that lacks a member."""
    return notebook(json.dumps([{k: v for k, v in CODE.items() if k != key}]))


def metadata(value: Any) -> str:
    """A notebook of one code cell with this metadata."""
    return one(metadata=value)


def nested(depth: int, opening: str = "[", closing: str = "]") -> str:
    """A JSON value in so many brackets."""
    return opening * depth + "1" + closing * depth


DIGITS = "9" * 1_000_000
REFUSED = "m.ipynb:1: this is not a notebook that can be read: "
# Text, exit code, the beginning of what is printed (stdout and stderr).
NOTEBOOKS: dict[str, tuple[str | bytes, int, str]] = {
    "empty": ("", 2, f"error: {REFUSED}the file is empty"),
    "a number": ("3", 2, f"error: {REFUSED}Expecting '{{'"),
    "null": ("null", 2, f"error: {REFUSED}Expecting '{{'"),
    "a string": ('"x"', 2, f"error: {REFUSED}Expecting '{{'"),
    "cut off": (one()[:60], 2, f"error: {REFUSED}"),
    "a null byte": ('{"cells": "\0"}', 2, "error: m.ipynb: this is a binary file"),
    "a null byte far on": (one(source="x" * 9_000)[:-1] + "\0}", 2, f"error: {REFUSED}"),
    "an escaped null byte": (one(source="x = '\0'"), 1, "m.ipynb:1:"),
    "invalid UTF-8": (b'{"cells": "\xff"}', 2, "error: m.ipynb:1: not UTF-8: byte 0xff"),
    "UTF-16": (one().encode("utf-16"), 2, "error: m.ipynb: this is a binary file"),
    "a byte order mark": (b"\xef\xbb\xbf" + one().encode(), 0, "All checks passed"),
    "half a surrogate pair": (one(source="x = '\ud800'"), 1, "m.ipynb:1:"),
    "half a pair in prose": (one(cell_type="markdown", source="\ud800"), 0, "All checks passed"),
    "half a pair in an id": (one(id="\udfff"), 0, "All checks passed"),
    "half a pair in metadata": (metadata({"\ud800": "\udc00"}), 0, "All checks passed"),
    "half a pair as a key": (one('"\\ud800": 1,'), 0, "All checks passed"),
    "nested arrays": (nested(1_000_000), 2, f"error: {REFUSED}"),
    "nested objects": (
        one(f'"a": {nested(1_000_000, "{" + chr(34) + "a" + chr(34) + ":", "}")},'),
        2,
        f"error: {REFUSED}nested too deeply",
    ),
    "metadata nested 100,000 deep": (
        one(f'"metadata": {{"a": {nested(100_000)}}},'),
        2,
        f"error: {REFUSED}nested too deeply",
    ),
    "outputs nested 600 deep": (one(f'"more": {nested(600)},'), 0, "All checks passed"),
    "a float beyond all": (metadata({"a": float("inf")}), 0, "All checks passed"),
    "1e999999": (one('"more": 1e999999,'), 0, "All checks passed"),
    "NaN": (metadata({"a": float("nan")}), 0, "All checks passed"),
    "a million digits": (
        one(f'"more": {DIGITS},'),
        2,
        f"error: {REFUSED}a whole number of more than 4,300 digits",
    ),
    "a version of a million digits": (
        notebook("[]").replace('"nbformat": 4', f'"nbformat": {DIGITS}'),
        2,
        f"error: {REFUSED}a whole number of more than 4,300 digits",
    ),
    "a version of 4,000 digits": (notebook("[]", nbformat=10**4000), 2, f"error: {REFUSED}"),
    "a version below zero": (notebook("[]", nbformat=-4), 2, f"error: {REFUSED}"),
    "a version in words": (notebook("[]", nbformat="four"), 2, f"error: {REFUSED}"),
    "a version that is true": (notebook("[]", nbformat=True), 2, f"error: {REFUSED}"),
    "a minor version in words": (
        notebook("[]", nbformat_minor="five"), 0, "All checks passed"),
    "a hundred thousand keys": (
        metadata({f"k{n}": n for n in range(100_000)}), 0, "All checks passed"),
    "duplicate keys of a cell": (one('"source": "def f(:",'), 0, "All checks passed"),
    "duplicate cells": (notebook("[]").replace("{", f'{{"cells": [{json.dumps(CODE)}], ', 1),
                        0, "All checks passed"),
    "duplicate metadata": (one('"metadata": {"nbgrader": 3},'), 0, "All checks passed"),
    "no cells": (json.dumps({"nbformat": 4, "nbformat_minor": 5}), 2,
                 f"error: {REFUSED}no list of cells"),
    "cells that are a number": (notebook("3"), 2, f"error: {REFUSED}"),
    "cells that are null": (notebook("null"), 2, f"error: {REFUSED}"),
    "cells that are an object": (notebook("{}"), 2, f"error: {REFUSED}"),
    "a cell that is a number": (notebook("[3]"), 2, f"error: {REFUSED}Expecting '{{'"),
    "a cell that is null": (notebook("[null]"), 2, f"error: {REFUSED}Expecting '{{'"),
    "a cell that is a string": (notebook('["x = 1"]'), 2, f"error: {REFUSED}Expecting '{{'"),
    "a cell that is a list": (notebook("[[]]"), 2, f"error: {REFUSED}Expecting '{{'"),
    "an empty cell": (notebook("[{}]"), 0, "All checks passed"),
    "a cell of no type": (without("cell_type"), 0, "All checks passed"),
    "a cell type that is a number": (one(cell_type=3), 0, "All checks passed"),
    "a cell type that is a list": (one(cell_type=["code"]), 0, "All checks passed"),
    "a cell type that is an object": (one(cell_type={}), 0, "All checks passed"),
    "a cell of an unknown type": (one(cell_type="heading"), 0, "All checks passed"),
    "no source": (without("source"), 0, "All checks passed"),
    "a source that is a number": (one(source=3), 0, "All checks passed"),
    "a source that is null": (one(source=None), 0, "All checks passed"),
    "a source that is an object": (one(source={"a": 1}), 0, "All checks passed"),
    "a source that is true": (one(source=True), 0, "All checks passed"),
    "a source of no lines": (one(source=[]), 0, "All checks passed"),
    "a source of other than strings": (
        one(source=["x = 1\n", 3, None, ["y"], {"z": 1}]), 0, "All checks passed"),
    "a source of empty lines": (one(source=["", "", ""]), 0, "All checks passed"),
    "no metadata": (without("metadata"), 0, "All checks passed"),
    "metadata that is a number": (metadata(3), 0, "All checks passed"),
    "metadata that is null": (metadata(None), 0, "All checks passed"),
    "metadata that is a string": (metadata("nbgrader"), 0, "All checks passed"),
    "metadata that is a list": (metadata(["nbgrader"]), 0, "All checks passed"),
    "an id that is a number": (one(id=3), 0, "All checks passed"),
    "an id that is a list": (one(id=["a"]), 0, "All checks passed"),
    "no id": (without("id"), 0, "All checks passed"),
    "twice the same id": (notebook(json.dumps([CODE, CODE])), 0, "All checks passed"),
    "format 3 without worksheets": (
        json.dumps({"nbformat": 3}), 2, f"error: {REFUSED}a notebook of format 3"),
    "format 3 with a worksheet that is none": (
        json.dumps({"nbformat": 3, "worksheets": [3]}), 2, f"error: {REFUSED}Expecting '{{'"),
    "format 3 with a cell that is none": (
        json.dumps({"nbformat": 3, "worksheets": [{"cells": [3]}]}), 2, f"error: {REFUSED}"),
}  # fmt: skip
# What stands where nbgrader's metadata should: nothing of it stops a run.
NBGRADER: list[Any] = [
    3, None, "x", [], [1], {}, {"grade": 3}, {"grade": None, "grade_id": None},
    {"grade": True, "grade_id": 3, "points": "many"}, {"grade": True, "grade_id": []},
    {"grade": True, "grade_id": {}, "points": {}, "solution": [], "locked": {}},
    {"grade": True, "grade_id": "a", "points": float("inf")},
    {"grade": True, "grade_id": "a", "points": float("nan"), "schema_version": float("nan")},
    {"grade": True, "grade_id": "a", "points": 10**4000, "schema_version": -(10**4000)},
    {"grade": True, "grade_id": "\ud800", "points": -1, "schema_version": "3"},
    {"grade": [[[[]]]], "grade_id": "a" * 100_000, "task": {"task": {"task": {}}}},
]  # fmt: skip
