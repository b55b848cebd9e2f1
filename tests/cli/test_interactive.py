"""`fix --interactive`: what each answer does, on a terminal and through a pipe."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import DEFECTIVE, GUARDED, course_rule, module, only_run, run
from tests.cli.terminal import on_terminal
from tests.course import MODULE, MODULES, copy_course

# Two tests (RUN101) and two demos (RUN102) that run at import.
FOUR = "".join(
    f"# %%\ndef {name}():\n    return 1\n\n{name}()\n\n"
    for name in ("test_one", "demo_two", "test_three", "demo_four")
)
NAMES = ("test_one", "demo_two", "test_three", "demo_four")
FIX = ("fix", "--interactive", "--no-verify", "--select", "RUN101,RUN102", "m_dev.py")
ASKS = "Make this fix? [y,n,a,d,q,?] "
# Answers, and which of the four calls are guarded then.
ANSWERS = [
    ("yyyy", "1111"),
    ("nnnn", "0000"),
    ("nyny", "0101"),
    ("aa", "1111"),
    ("ad", "1010"),
    ("da", "0101"),
    ("dd", "0000"),
    ("naa", "0111"),
    ("ndyn", "0010"),
    ("yq", "1000"),
    ("q", "0000"),
    ("?yyyy", "1111"),
    (["maybe", "", "yes", "skip", " Y ", "quit"], "1010"),
]


def guarded(text: str) -> str:
    """Which of the four calls stand under a guard, as ones and noughts."""
    return "".join(str(int(f":\n    {name}()" in text)) for name in NAMES)


@pytest.mark.parametrize(("answers", "expected"), ANSWERS)
def test_answers_through_a_pipe(answers: str | list[str], expected: str, tmp_path: Path) -> None:
    path = module(tmp_path, FOUR, name="m_dev.py")
    result = run(*FIX, cwd=tmp_path, input="".join(f"{each}\n" for each in answers))
    assert guarded(path.read_text()) == expected, result.stdout
    done = expected.count("1")
    assert result.stdout.endswith(
        f"Fixed {done} finding{'s' * (done != 1)} in 1 module; {4 - done} left.\n"
    )
    assert result.returncode == int(done < 4) and result.stderr == ""


def test_each_fix_is_shown_with_its_finding_in_the_text_as_it_is_then(tmp_path: Path) -> None:
    module(tmp_path, FOUR, name="m_dev.py")
    result = run(*FIX, cwd=tmp_path, input="y\nq\n")
    first, second = result.stdout.split(ASKS)[:2]
    assert first.startswith("m_dev.py:5:1 RUN101 test `test_one()` runs")
    assert "\nfix: guard the call (safe)\n@@ " in first
    assert '\n-test_one()\n+if __name__ == "__main__":\n+    test_one()\n' in first
    assert "\nm_dev.py:12:1 RUN102 demo `demo_two()` runs" in second  # a line further down by now
    assert "test_one" not in second.partition("RUN102")[2]


def test_when_the_answers_end_before_the_questions_nothing_is_written(tmp_path: Path) -> None:
    paths = [module(tmp_path, FOUR, name=name) for name in ("m_dev.py", "n_dev.py")]
    result = run(*FIX, "n_dev.py", cwd=tmp_path, input="y\ny\ny\ny\ny\n")
    assert result.returncode == 2 and [path.read_text() for path in paths] == [FOUR, FOUR]
    assert result.stderr == (
        "error: the answers ended before the questions; nothing was written; "
        "`q` ends the questions and keeps what was accepted\n"
    )


def test_the_rest_of_a_rule_is_that_of_all_modules(tmp_path: Path) -> None:
    paths = [module(tmp_path, FOUR, name=name) for name in ("m_dev.py", "n_dev.py")]
    result = run(*FIX, "n_dev.py", cwd=tmp_path, input="a\nd\n")
    assert result.returncode == 1 and result.stdout.count(ASKS) == 2
    assert [guarded(path.read_text()) for path in paths] == ["1010", "1010"]


def test_accepted_fixes_are_proven_before_they_are_written(tmp_path: Path) -> None:
    breaking = """
    def found(self, module, cell):
        if "return 3" not in cell.source:
            at = cell.source.index("return 2")
            yield self.at(cell, "m", self.fix(TextEdit(0, at, at + 8, "return 3")))
    """
    env = course_rule(tmp_path, "ZZZ101", breaking)
    path = module(tmp_path)
    only_run(tmp_path)
    result = run("fix", "-i", "--select", "RUN,ZZZ", path.name, cwd=tmp_path, env=env,
                 input="y\ny\n")  # fmt: skip
    assert result.stderr == (
        "refused: sums_dev.py: the fix of ZZZ101 makes `direct execution` fail; "
        "left out; the other fixes are proven\n"
    )
    assert (result.returncode, path.read_text()) == (1, GUARDED)


def test_to_accept_all_is_what_write_writes(tmp_path: Path) -> None:
    paths = [copy_course(tmp_path / name) for name in ("asked", "written")]
    options = ("--no-verify", "--unsafe-fixes")
    asked = run("fix", "-i", *options, paths[0], cwd=tmp_path, input="a\n" * 40)
    run("fix", "--write", *options, paths[1], cwd=tmp_path)
    assert 3 < asked.stdout.count(ASKS) < 40
    assert paths[0].read_bytes() == paths[1].read_bytes() != (MODULES / MODULE).read_bytes()


def test_a_notebook_is_shown_by_its_cells(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [],
            "source": ["def test_one():\n", "    pass\n", "\n", "test_one()"]}  # fmt: skip
    text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    path = module(tmp_path, text, name="m.ipynb")
    result = run(*FIX[:-1], path.name, cwd=tmp_path, input="y\n")
    assert '\n-test_one()\n+if __name__ == "__main__":\n+    test_one()\n' in result.stdout
    assert "__main__" in path.read_text() and result.returncode == 0


def test_a_report_has_standard_output_for_itself(tmp_path: Path) -> None:
    module(tmp_path, FOUR, name="m_dev.py")
    result = run(*FIX, "--output-format", "json", cwd=tmp_path, input="a\nd\n")
    assert [each["code"] for each in json.loads(result.stdout)] == ["RUN102", "RUN102"]
    assert result.stderr.count(ASKS) == 2


CALL = "# %%\ndef demo_a():\n    return 1\n\ndemo_a()"
# A module, the rules that are asked about, the answers, and the module afterwards: in each, what
# is accepted changes the line, the cell or the message of what was skipped.
CHANGED = [
    (f"{CALL}  # modfix: ignore[RUN101] old\n", "RUN101,RUN102,SUP101", "ny", f"{CALL}\n"),
    (
        f"{CALL}  # modfix: ignore[RUN101] old\n\n# %%\ndemo_a()\n",
        "RUN101,RUN102,SUP101", "nny", f"{CALL}\n\n# %%\ndemo_a()\n",
    ),
    (
        "# %%\n# modfix: ignore[RUN101] old\ndef test_a():\n    assert 1\n",
        "NBG101,RUN101,SUP101", "ny", "# %%\ndef test_a():\n    assert 1\n",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "select", "answers", "after"), CHANGED)
def test_what_was_answered_is_not_asked_again(
    text: str, select: str, answers: str, after: str, tmp_path: Path
) -> None:
    path = module(tmp_path, text, name="m_dev.py")
    options = ("--no-verify", "--unsafe-fixes", "--select", select, path.name)
    given = "".join(f"{each}\n" for each in answers)
    result = run("fix", "-i", *options, cwd=tmp_path, input=given)
    assert result.stdout.count(ASKS) == len(answers), result.stdout
    assert (result.stderr, path.read_text()) == ("", after)


def test_a_read_only_module_is_told_before_the_first_question(tmp_path: Path) -> None:
    path = module(tmp_path, FOUR, name="m_dev.py")
    path.chmod(0o444)
    result = run(*FIX, cwd=tmp_path, input="y\n")
    assert "this file is read-only" in result.stderr and ASKS not in result.stdout
    assert (result.returncode, path.read_text()) == (2, FOUR)


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (("--diff",), "--interactive shows each fix by itself; leave out --diff"),
        (("-",), "`-` is standard input, where --interactive has nothing to write to"),
    ],
)
def test_what_contradicts_it(options: tuple[str, ...], what: str, tmp_path: Path) -> None:
    result = run("fix", "-i", *options, cwd=tmp_path, input="")
    assert result.returncode == 2 and what in result.stderr


def test_on_a_terminal_it_is_coloured_and_typed_answers_are_not_repeated(tmp_path: Path) -> None:
    path = module(tmp_path, FOUR, name="m_dev.py")
    shown = on_terminal(*FIX, cwd=tmp_path, types=[(ASKS, "y\n"), (ASKS, "d\n"), (ASKS, "a\n")])
    assert guarded(path.read_text()) == "1010" and shown.returncode == 1
    assert "\x1b[31m-test_one()\x1b[0m" in shown.text
    assert f"{ASKS}y\n" in shown.plain and f"{ASKS}y\ny" not in shown.plain
    assert shown.plain.endswith("Fixed 2 findings in 1 module; 2 left.\n")


@pytest.mark.parametrize(
    ("typed", "code", "what"),
    [("\x03", 130, "error: stopped by SIGINT"), ("\x04", 2, "error: the answers ended")],
)
def test_ctrl_c_and_ctrl_d_write_nothing(typed: str, code: int, what: str, tmp_path: Path) -> None:
    path = module(tmp_path, FOUR, name="m_dev.py")
    shown = on_terminal(*FIX, cwd=tmp_path, types=[(ASKS, "y\n"), (ASKS, typed)])
    assert shown.returncode == code and what in shown.plain
    assert path.read_text() == FOUR


def test_no_colour_where_nobody_wants_it(tmp_path: Path) -> None:
    module(tmp_path, DEFECTIVE, name="m_dev.py")
    shown = on_terminal(*FIX, cwd=tmp_path, types=[(ASKS, "q\n")], env={"NO_COLOR": "1"})
    assert "\x1b[" not in shown.text and "-test_double()" in shown.text
