"""Whether a module is an instructor's source at all, or what nbgrader made of one."""

from __future__ import annotations

from modfix.nbgrader.kinds import KEY, is_known
from modfix.rule import Module

from ._regions import solution_regions

# nbgrader's own names of the folders behind the source (`coursedir.py`).
_MADE = frozenset({"release", "submitted", "autograded", "feedback"})


def is_release(module: Module) -> bool:
    """Whether the module is a release or was handed in: by its folder, or because it has no
    solution region and nbgrader's checksum in all of its cells, or in one that is still a stub."""
    if "release" not in module.memo:
        module.memo["release"] = _is_release(module)
    found: bool = module.memo["release"]
    return found


def _is_release(module: Module) -> bool:
    if not _MADE.isdisjoint(module.document.path.parts):
        return True
    known = [cell for cell in module.document.cells if KEY in cell.metadata]
    if any(solution_regions(module, cell.source) for cell in known):
        return False
    graded = [cell.nbgrader or {} for cell in known if is_known(cell.nbgrader)]
    if graded and all("checksum" in metadata for metadata in graded):
        return True
    stubs = (*module.settings.nbgrader.code_stub.values(), module.settings.nbgrader.text_stub)
    heads = {stub.split("\n")[0] for stub in stubs} - {""}
    return any(
        "checksum" in (cell.nbgrader or {}) and any(head in cell.source for head in heads)
        for cell in known
    )
