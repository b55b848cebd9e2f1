"""Whether a module lies in a course as nbgrader lays one out."""

from __future__ import annotations

from modfix.rule import Module

_CONFIG = "nbgrader_config.py"


def in_course_layout(module: Module, source: str) -> bool:
    """Whether one of its folders is nbgrader's folder of sources, or has its configuration."""
    place = module.folder.place
    parts = module.document.path.parent.parts if place is None else place.resolve().parts
    if source in parts:
        return True
    return any(module.folder.read("../" * up + _CONFIG) is not None for up in range(len(parts)))
