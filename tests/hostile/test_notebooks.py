"""Notebooks of every wrong shape: one clear line or none, and the exit code that is designed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modfix.cli import main
from tests.hostile.notebooks import CODE, NBGRADER, NOTEBOOKS, notebook

QUIET = "--select=FMT001"


def written(folder: Path, text: str | bytes) -> bytes:
    """Write the notebook; escaped surrogates stay escaped."""
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    (folder / "m.ipynb").write_bytes(data)
    return data


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_of_a_wrong_shape(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text, code, expected = NOTEBOOKS[name]
    data = written(tmp_path, text)
    monkeypatch.chdir(tmp_path)
    for arguments in (["check", QUIET], ["check"], ["fix", "--diff"], ["fix", "--no-verify"]):
        with pytest.raises(SystemExit) as stopped:
            main([*arguments, "m.ipynb"])
        out, err = capsys.readouterr()
        assert "Traceback" not in err and "rule-failed" not in out
        assert err.count("\n") <= 1
        assert (stopped.value.code or 0) in ((2,) if code == 2 else (0, 1))
        if arguments[-1] == QUIET:
            assert (stopped.value.code or 0, (out + err)[: len(expected)]) == (code, expected)
    assert (tmp_path / "m.ipynb").read_bytes() == data


@pytest.mark.parametrize("number", range(len(NBGRADER)))
def test_metadata_of_nbgrader_of_a_wrong_shape(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    value = NBGRADER[number]
    cells = [
        CODE | {"metadata": {"nbgrader": value}, "source": "def test_a():\n    pass\ntest_a()"}
    ]
    cells += [CODE | {"id": "b", "metadata": {"nbgrader": {"grade": True, "grade_id": "b"}}}]
    data = written(tmp_path, notebook(json.dumps(cells)))
    script = f"# %% nbgrader={json.dumps(value)}\ndef test_a():\n    pass\ntest_a()\n"
    (tmp_path / "s.py").write_text(script)
    monkeypatch.chdir(tmp_path)
    for path in ("m.ipynb", "s.py"):
        for arguments in (["check"], ["fix", "--diff", "--unsafe-fixes"]):
            with pytest.raises(SystemExit) as stopped:
                main([*arguments, path])
            out, err = capsys.readouterr()
            assert (stopped.value.code or 0) in (0, 1), err
            assert err == "" and "rule-failed" not in out
    assert (tmp_path / "m.ipynb").read_bytes() == data
