"""A fix leaves suppressions that cover more than the statement that it takes away."""

from pathlib import Path

import pytest

from tests.cli.running import run

TWICE = """\
# %%
def test_a(x=1):
    assert x

if __name__ == "__main__":
    test_a()

# %%
{comment}
test_a()
{rest}"""


@pytest.mark.parametrize(
    ("comment", "rest"),
    [
        ("# modfix: ignore[RUN101] shown in the lecture", "test_a(3)\n"),
        ("# modfix: ignore-file[RUN101] a lecture", ""),
    ],
)
def test_a_call_that_goes_leaves_the_suppression_above_it(
    comment: str, rest: str, tmp_path: Path
) -> None:
    path = tmp_path / "a_dev.py"
    path.write_text(TWICE.format(comment=comment, rest=rest))
    run("fix", "--select", "RUN", "--write", "--no-verify", cwd=tmp_path)
    assert path.read_text() == TWICE.format(comment=comment, rest=rest).replace(
        f"{comment}\ntest_a()\n", f"{comment}\n"
    )
