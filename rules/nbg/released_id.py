"""NBG204: an id that students have and the module has not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from modfix.nbgrader.kinds import is_known
from modfix.rule import Example, Finding, Module, Options, Rule

from ._baseline import Baseline, baseline
from ._entries import Entry, entries


class ReleasedOptions(Options, frozen=True):
    """`released` is what to compare with, in place of `[nbgrader] released`."""

    released: str = ""


class ReleasedIdChanged(Rule):
    """A cell of the released assignment is missing, or has another id.

    ## What it does

    Compares the ids of the module with those that were released, where the settings say what was:
    `[nbgrader] released` is the name of nbgrader's `release` folder, of a released notebook or
    script, or of a JSON file `{"module": ["id", …]}`, looked for in the folders above the module,
    the nearest first. In a folder the release of `ps1/one.ipynb` is `ps1/one.ipynb` or `one.ipynb`
    (or `.py`). New ids are no finding.

    ## Why is this bad?

    Ids are the keys of the grades. nbgrader refuses to make the assignment again once there are
    submissions ("Cannot add or remove cells"), and grades of a cell whose id changed are lost.

    ## Fix safety

    There is no fix: which cell had the id only the author knows. A module that was released keeps
    its ids: no fix renames one.

    ## Options
    `released`: what to compare with, in place of `[nbgrader] released`.
    """

    code = "NBG204"
    name = "released-id-changed"
    source = "nbgrader, preprocessors/savecells.py, overwritecells.py"
    options_type = ReleasedOptions
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a test that was called otherwise",
            bad="""\
# %% nbgrader={"grade": true, "grade_id": "test-square", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert square(2) == 4
""",  # noqa: E501
            good=None,
            options={"released": "released.json"},
            beside={"released.json": '{"example_dev": ["test-a"]}'},
        ),
        Example(
            title="without a release there is nothing to compare",
            bad=None,
            good="""\
# %% nbgrader={"grade": true, "grade_id": "test-a", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert square(2) == 4
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding where the cell of each released id stood."""
        released = baseline(module, self.options.released)
        known = [entry for entry in entries(module) if is_known(entry.plain)]
        if released is None:
            return
        if released.fault:
            text = f"what was released cannot be read, so no id is renamed: {released.fault}"
            yield self.at(module.document.cells[0], f"{text} ({released.where})")
            return
        yield from self._compared(module, released, known)

    def _compared(
        self, module: Module, released: Baseline, known: list[Entry]
    ) -> Iterator[Finding]:
        from modfix.document.alignment import Aligned  # PERF: only courses that released need it

        now = [str(entry.plain.get("grade_id", "")) for entry in known]
        matcher = Aligned(released.ids, now, autojunk=False)
        here, there = frozenset(now), frozenset(released.ids)
        for tag, old, end, new, new_end in matcher.get_opcodes():
            if tag not in ("replace", "delete"):
                continue
            changed = end - old == new_end - new
            for number in range(old, end):
                if released.ids[number] in here:
                    continue  # it only moved
                at = min(new + number - old, len(known) - 1) if changed else min(new, len(now) - 1)
                cell = known[at].cell if known else module.document.cells[0]
                text = f"the released cell `{released.ids[number]}` is missing"
                if changed and now[at] not in there:
                    text = f"this cell was released as `{released.ids[number]}`, and is not now"
                yield self.at(cell, f"{text}: its grades would be lost")
