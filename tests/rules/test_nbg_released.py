"""A module that was released keeps its ids, and says which of them are gone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modfix.document.folder import Folder
from tests.rules.forms import entries_of, found, mended, notebook, script, with_nbgrader
from tests.rules.test_nbg_metadata import GONE, READ, SOLUTION, TEST, cells, changed

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
RELEASED = cells(
    ({**SOLUTION, "grade_id": "one"}, STUB),
    ({**TEST, "grade_id": "two"}, "assert x"),
    ({**READ, "grade_id": "three"}, "import os"),
)
SETTINGS = with_nbgrader(released="release", renames={"two": "test-two"})


@pytest.fixture(params=["folder", "flat", "script", "json", "list"])
def course(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Folder, Any]:
    """The folder of a module whose release stands above it, and the settings that name it."""
    source = tmp_path / "source" / "ps1"
    source.mkdir(parents=True)
    (tmp_path / "release" / "ps1").mkdir(parents=True)
    ids = ["one", "two", "three"]
    files = {
        "folder": ("release/ps1/a_dev.ipynb", notebook(RELEASED)),
        "flat": ("release/a_dev.py", script(RELEASED)),
        "script": ("old/a_dev.py", script(RELEASED)),
        "json": ("old/ids.json", json.dumps({"ps1/a_dev": ids, "other": []})),
        "list": ("old/ids.json", json.dumps(ids)),
    }
    name, text = files[request.param]
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text, encoding="utf-8")
    named = "release" if name.startswith("release") else name
    return Folder(source), with_nbgrader(released=named, renames={"two": "test-two"})


def now(*ids: str, **more: Any) -> str:
    """The module as it is now, with other ids."""
    kinds = (SOLUTION, TEST, READ, READ)
    given = [{**kinds[at], "grade_id": each, **more} for at, each in enumerate(ids)]
    return script(cells(*((metadata, "x = 1") for metadata in given)))


CHANGES = [
    (("one", "two", "three"), []),
    (("one", "zwei", "three"), [(1, "released as `two`")]),
    (("one", "three"), [(1, "`two` is missing")]),
    (("one", "two"), [(1, "`three` is missing")]),
    (("two", "one", "three"), []),
    (("one", "two", "three", "four"), []),
    (("uno", "due", "tre"), [(0, "as `one`"), (1, "as `two`"), (2, "as `three`")]),
]


@pytest.mark.parametrize(("ids", "told"), CHANGES)
def test_ids_that_are_gone_are_told_where_they_stood(
    course: tuple[Folder, Any], ids: tuple[str, ...], told: list[tuple[int, str]]
) -> None:
    folder, settings = course
    findings = found(now(*ids), "NBG204", settings=settings, folder=folder)
    assert [each.cell_index for each in findings] == [at for at, _ in told]
    for finding, (_, text) in zip(findings, told, strict=True):
        assert text in finding.finding.message


def test_what_was_released_is_not_renamed(course: tuple[Folder, Any]) -> None:
    folder, settings = course
    text = now("one", "two", "one", "four five")
    told = [each.finding for each in found(text, "NBG2", settings=settings, folder=folder)]
    assert {each.code for each in told} >= {"NBG202", "NBG203", "NBG204"}
    assert [each for each in told if each.fix is not None] == []
    assert not mended(text, unsafe=True, settings=settings, folder=folder).changed


def test_the_rest_of_its_metadata_is_repaired_all_the_same(course: tuple[Folder, Any]) -> None:
    folder, settings = course
    text = now("one", "two", "three", schema_version=2)
    after = entries_of(mended(text, settings=settings, folder=folder).after.text)
    assert [entry["grade_id"] for entry in after] == ["one", "two", "three"]
    assert {entry["schema_version"] for entry in after} == {3}


def test_an_id_that_was_lost_is_not_guessed(course: tuple[Folder, Any]) -> None:
    folder, settings = course
    text = script(cells(({**SOLUTION, "grade_id": "one"}, "x = 1"), (changed(TEST, grade_id=GONE), "assert x"), ({**READ, "grade_id": "three"}, "y = 1")))  # fmt: skip  # noqa: E501
    told = [each.finding for each in found(text, "NBG2", settings=settings, folder=folder)]
    assert [each.code for each in told] == ["NBG201", "NBG204"]
    assert "`two` is missing" in told[0].message and told[0].fix is None
    fresh = now("one", "two", "three") + "\n" + script(cells((changed(READ, grade_id=""), "z = 1")))
    after = mended(fresh, settings=settings, folder=folder).after.text
    assert entries_of(after)[-1]["grade_id"] == "cell-z"


def test_without_a_release_of_this_module_nothing_is_held_back(tmp_path: Path) -> None:
    (tmp_path / "release" / "other").mkdir(parents=True)
    (tmp_path / "source").mkdir()
    text = now("one", "two", "one")
    result = mended(text, unsafe=True, settings=SETTINGS, folder=Folder(tmp_path / "source"))
    assert [e["grade_id"] for e in entries_of(result.after.text)] == ["one", "two", "one-2"]


@pytest.mark.parametrize("text", ["not JSON", '{"a_dev": "one"}', '{"a_dev": [1]}'])
def test_a_baseline_that_cannot_be_read_holds_everything_back(tmp_path: Path, text: str) -> None:
    (tmp_path / "ids.json").write_text(text, encoding="utf-8")
    settings = with_nbgrader(released="ids.json")
    folder = Folder(tmp_path)
    (finding,) = found(now("one", "two"), "NBG204", settings=settings, folder=folder)
    assert "cannot be read" in finding.finding.message
    twice = now("one", "one")
    assert not mended(twice, unsafe=True, settings=settings, folder=folder).changed


def test_a_release_is_not_compared_with_itself(tmp_path: Path) -> None:
    place = tmp_path / "release" / "ps1"
    place.mkdir(parents=True)
    (place / "a_dev.py").write_text(now("one"), encoding="utf-8")
    folder = Folder(place)
    assert (
        found(now("two"), "NBG204", settings=with_nbgrader(released="release"), folder=folder) == []
    )
