"""FMT107: a kernel whose language nbgrader has no stub for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from modfix.rule import Applicability, Example, FileEdit, Finding, Fix, Module, Rule

from ..nbg._entries import entries
from ._kernel import kernel_languages


class UnknownLanguage(Rule):
    """nbgrader has no stub for the language of the kernel.

    ## What it does

    Compares `language` in the `kernelspec` of a script's header or a notebook's metadata with
    the languages that have a stub: nbgrader's own, and those of `[nbgrader.code-stub]`.

    ## Why is this bad?

    `generate_assignment` stops: "language 'x' has not been specified in ClearSolutions.code_stub".

    ## Fix safety

    Unsafe, and only where it is one of these languages in another spelling (`Python`, `ipython3`):
    the kernel's own description is changed. For others give the language a stub, in nbgrader's
    configuration and in `[nbgrader.code-stub]`.
    """

    code = "FMT107"
    name = "unknown-language"
    fixes = (Applicability.UNSAFE,)
    source = "nbgrader, preprocessors/clearsolutions.py (preprocess)"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a name in another case",
            bad="""\
# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: Python
#     name: python3
# ---

# %% nbgrader={"grade": false, "grade_id": "cell-a", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
""",  # noqa: E501
            good="""\
# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% nbgrader={"grade": false, "grade_id": "cell-a", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at such a language."""
        if "kernelspec" not in module.document.text or not entries(module):
            return
        known = module.settings.nbgrader.code_stub
        for match in kernel_languages(module):
            name = match["name"]
            if name not in known:
                text = f"nbgrader has no stub for `{name}`, the language of the kernel: "
                text += "it will not make a release"
                yield self.outside(match.start("name"), text, _fix(match, known))


def _fix(match: re.Match[str], known: dict[str, str]) -> Fix | None:
    folded = match["name"].lower().removeprefix("i").rstrip("0123456789.")
    meant = [name for name in known if name.lower() == folded]
    if not meant:
        return None
    edit = FileEdit(match.start("name"), match.end("name"), meant[0])
    return Fix("name the language as nbgrader does", (edit,), Applicability.UNSAFE)
