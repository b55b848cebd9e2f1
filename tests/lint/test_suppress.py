"""Suppressions: what each covers, in every place where one can stand, in both formats."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from modfix.config import settings_from
from modfix.document.document import Document
from modfix.fix.rounds import repair
from modfix.lint.registry import make_rule, rule_types
from modfix.lint.run import lint
from modfix.rule import Finding, Module, Rule

SETTINGS = settings_from({}, where="tests")


class Bad(Rule):
    """Finds each statement that has `bad` in it, and each cell with `BAD` in its prose."""

    code = "ZZZ101"
    name = "bad"

    def check(self, module: Module) -> Iterator[Finding]:
        for statement in module.statements:
            cell = module.cell(statement.cell)
            if "bad" in cell.source[statement.start : statement.end]:
                yield self.at(statement, f"line {cell.source.count(chr(10), 0, statement.start)}")
        for prose in module.document.cells:
            if prose.kind != "code" and "BAD" in prose.source:
                yield self.at(prose, "prose")


COVERED = [
    ("at the end of its line", "bad()  # modfix: ignore[ZZZ101]\nbad()\n", ["line 1"]),
    ("with a reason", "bad()  # modfix: ignore[ZZZ101] shown on purpose\n", []),
    ("with another comment before it", "bad()  # see above  # modfix: ignore[ZZZ101]\n", []),
    ("a prefix", "bad()  # modfix: ignore[ZZZ]\n", []),
    ("several codes", "bad()  # modfix: ignore[RUN101, ZZZ101]\n", []),
    ("another code", "bad()  # modfix: ignore[RUN101]\n", ["line 0"]),
    ("no code", "bad()  # modfix: ignore\n", ["line 0"]),
    ("above the next statement", "x = 1\n# modfix: ignore[ZZZ101]\nbad()\nbad()\n", ["line 3"]),
    ("above, with more comments", "x = 1\n# modfix: ignore[ZZZ101]\n# so\n\nbad()\nbad()\n",
     ["line 5"]),
    ("above the first statement: the cell", "# modfix: ignore[ZZZ101]\nbad()\nbad()\n", []),
    ("below a directive: the cell", "#| export\n# modfix: ignore[ZZZ101]\nbad()\nbad()\n", []),
    ("below a cell magic: the cell", "%%time\n# modfix: ignore[ZZZ101]\nbad()\nbad()\n", []),
    ("the file", "bad()\n# %%\nx = 1\n# modfix: ignore-file[ZZZ101]\n", []),
    ("first line of several", "bad(  # modfix: ignore[ZZZ101]\n    1,\n)\nbad()\n", ["line 3"]),
    ("last line of several", "bad(\n    1,\n)  # modfix: ignore[ZZZ101]\nbad()\n", ["line 3"]),
    ("a line in the middle", "bad(\n    1,  # modfix: ignore[ZZZ101]\n)\nbad()\n", ["line 3"]),
    ("behind a long string", 'bad("""\n# no\n""")  # modfix: ignore[ZZZ101]\n', []),
    ("in a string it is none", 'bad("# modfix: ignore[ZZZ101]")\n', ["line 0"]),
    ("in a long string it is none", 'bad("""\n# modfix: ignore[ZZZ101]\n""")\n', ["line 0"]),
    ("of a decorator", "@bad  # modfix: ignore[ZZZ101]\ndef f(): ...\n", []),
    ("of a decorated function", "@bad\ndef f():  # modfix: ignore[ZZZ101]\n    pass\n", []),
    ("above a magic", "x = 1\n# modfix: ignore[ZZZ101]\n%bad\nbad()\n", ["line 3"]),
    ("beside magics", "!ls\nbad()  # modfix: ignore[ZZZ101]\nbad()\n", ["line 2"]),
    ("another cell is not covered", "# modfix: ignore[ZZZ101]\nbad()\n# %%\nbad()\n", ["line 0"]),
    ("prose", "x = 1\n# %% [markdown]\n# BAD <!-- modfix: ignore[ZZZ101] so -->\n", []),
    ("quoted prose", 'x = 1\n# %% [markdown]\n"""\nBAD <!-- modfix: ignore[ZZZ101] -->\n"""\n', []),
    ("prose about it", "x = 1\n# %% [markdown]\n# BAD: write modfix: ignore[ZZZ101]\n", ["prose"]),
    ("a tag", 'x = 1\n# %% tags=["modfix: ignore[ZZZ101] so"]\nbad()\n', []),
    ("a tag of prose", 'x = 1\n# %% [markdown] tags=["a", "modfix: ignore[ZZZ]"]\n# BAD\n', []),
    ("a cell that does not parse", "bad(\n# %%\nbad()  # modfix: ignore[ZZZ101]\n", []),
]  # fmt: skip


def script(text: str) -> Document:
    return Document.from_bytes(Path("a_dev.py"), f"# %%\n{text}".encode())


def notebook(document: Document) -> Document:
    """The same cells as an `.ipynb`."""
    cells = []
    for cell in document.cells:
        source = cell.source
        if cell.kind == "markdown":
            plain = source.strip('"').strip("\n")
            source = "\n".join(line.removeprefix("# ") for line in plain.split("\n"))
        cells.append({"cell_type": cell.kind, "metadata": dict(cell.metadata), "source": source})
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    return Document.from_bytes(Path("a.ipynb"), json.dumps(whole, indent=1).encode())


@pytest.mark.parametrize(
    ("text", "left"), [case[1:] for case in COVERED], ids=[c[0] for c in COVERED]
)
def test_what_a_suppression_covers(text: str, left: list[str]) -> None:
    for document in (script(text), notebook(script(text))):
        found = lint(document, [Bad()], SETTINGS)
        assert [finding.message for finding in found] == left


REMOVED = [
    ("x = 1  # modfix: ignore[ZZZ101] so\ny = 2\n", "x = 1\ny = 2\n"),
    ("x = 1  # note  # modfix: ignore[ZZZ101]\n", "x = 1  # note\n"),
    ("x = 1\n# modfix: ignore[ZZZ101]\ny = 2\n", "x = 1\ny = 2\n"),
    ("x = 1\n# modfix: ignore[ZZZ101]\n", "x = 1\n"),
    ("# modfix: ignore[ZZZ101]\nx = 1\n", "x = 1\n"),
    ("bad()  # modfix: ignore[ZZZ101, SUP102]\n", "bad()  # modfix: ignore[ZZZ101]\n"),
    ("bad()  # modfix: ignore[SUP102,ZZZ101] so\n", "bad()  # modfix: ignore[ZZZ101] so\n"),
    ("x = 1  # modfix: ignore[RUN101]\n", None),
    ("bad()  # modfix: ignore[ZZZ101]\n", None),
]


@pytest.mark.parametrize(("text", "after"), REMOVED)
def test_what_is_unused_is_removed_and_nothing_else(text: str, after: str | None) -> None:
    kinds = {kind.code: kind for kind in rule_types()}
    rules = [Bad(), make_rule(kinds["SUP101"], {}), make_rule(kinds["SUP102"], {})]
    for read in (script, lambda text: notebook(script(text))):
        done = repair(read(text), rules, SETTINGS, lambda finding: finding.code == "SUP101")
        source = done.after.cells[0].source.rstrip("\n")
        assert source == (text if after is None else after).rstrip("\n")
        assert done.changed is (after is not None)


UNCLEAR = [
    ("RNU101", "there is no rule `RNU101`; did you mean `RUN101`?"),
    ("quite-another", "there is no rule `quite-another`; see `modfix rules`"),
    (
        "unguarded-test-call",
        "`unguarded-test-call` is the name of RUN101: write `ignore[RUN101]`",
    ),
    (
        "Unguarded-Test",
        "there is no rule `Unguarded-Test`; did you mean `RUN101` (unguarded-test-call)?",
    ),
    ("bad", "`bad` is the name of ZZZ101: write `ignore[ZZZ101]`"),
]


@pytest.mark.parametrize(("code", "message"), UNCLEAR)
def test_what_is_no_code_is_told_with_the_code_that_was_meant(code: str, message: str) -> None:
    rule = make_rule({kind.code: kind for kind in rule_types()}["SUP102"], {})
    document = script(f"x = 1  # modfix: ignore[{code}]\n")
    assert [each.message for each in lint(document, [Bad(), rule], SETTINGS)] == [message]


TAGS = [
    ('["modfix: ignore[ZZZ101]"]', "[]"),
    ('["a", "modfix: ignore[ZZZ101, RUN101] so"]', '["a", "modfix: ignore[RUN101] so"]'),
]


@pytest.mark.parametrize(("tags", "after"), TAGS)
def test_an_unused_tag_is_removed(tags: str, after: str) -> None:
    rule = make_rule({kind.code: kind for kind in rule_types()}["SUP101"], {})
    text = f"x = 1\n# %% tags={tags}\ny = 2\n"
    done = repair(script(text), [Bad(), rule], SETTINGS, lambda _: True)
    assert done.after.text == f"# %%\nx = 1\n# %% tags={after}\ny = 2\n"


def test_a_crash_cannot_be_suppressed() -> None:
    class Broken(Bad):
        """Raises."""

        def check(self, module: Module) -> Iterator[Finding]:
            raise ValueError("oh")

    (finding,) = lint(script("# modfix: ignore-file[ZZZ101]\nbad()\n"), [Broken()], SETTINGS)
    assert finding.name == "rule-failed"
