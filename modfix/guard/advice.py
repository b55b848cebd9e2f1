"""The setting that would have prevented a damage, by the tool that did it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import PurePath

from modfix.guard.damage import Facet

_ISORT = "isort takes a script for one file: `# isort: skip_file` in it, or `skip` in the settings"
_BY_TOOL: dict[tuple[str, Facet], str] = {
    ("black", "directive"): "black has no setting for it: use `ruff format`, or exclude the file",
    ("nb-clean", "metadata"): (
        "`nb-clean clean --preserve-cell-metadata-field nbgrader` "
        "(before version 5 `--preserve-cell-metadata nbgrader`)"
    ),
    ("nbdev-clean", "metadata"): (
        '`allowed_cell_metadata_keys = ["nbgrader", "tags"]` in [tool.nbdev] of pyproject.toml '
        "(before version 3 in settings.ini)"
    ),
    ("jupytext", "metadata"): "`cell_metadata_filter: all` in the header of the script",
    ("autoflake", "name"): "`# noqa` on the import, or `# autoflake: skip_file`",
    ("ruff", "name"): '`unfixable = ["F401"]` and no `I` for this file, or `# noqa` on the import',
}
_BY_NAME = {
    "isort": _ISORT,
    "ruff": "leave `I` out for this file (`per-file-ignores`): it sorts imports across cells",
}
_BY_FACET: dict[Facet, str] = {
    "directive": "of formatters, `ruff format` leaves `#|` lines as they are",
    "metadata": "let the tool keep the metadata keys `nbgrader` and `tags`",
}
_SHELLS = {"sh", "bash", "dash", "zsh", "fish"}
_RUNNERS = {"python", "python3", "uv", "uvx", "pipx", "poetry", "hatch", "run", "env", *_SHELLS}
_TEXT_NEXT = re.compile(r"-[a-z]*c")  # `-c`, `-ec`
_OF_SHELLS = frozenset(";&|<>$`()\n")  # what makes more of a line than one command with arguments


def advice(command: Sequence[str], facet: Facet) -> str:
    """What to set so that the tool does not do it again."""
    name = tool_of(command)
    tool = name.replace("_", "-")
    known = _BY_TOOL.get((tool, facet)) or _BY_NAME.get(tool) or _BY_FACET.get(facet)
    return known or f"keep {f'`{name}`' if name else 'the command'} from this file"


def tool_of(command: Sequence[str]) -> str:
    """The name of the tool in a command line: of `python -m black .` it is black.

    "" where it is a text of its own (`python -c …`, a shell's `a && b`), which is no tool.
    """
    runner = ""
    for number, word in enumerate(command):
        name = PurePath(word).name.removesuffix(".exe")
        if runner and _TEXT_NEXT.fullmatch(word):
            return _tool_in(command[number + 1 :]) if runner in _SHELLS else ""
        if word.startswith("-") or "=" in word:
            continue
        if name not in _RUNNERS:
            return name
        runner = name
    return PurePath(command[0]).name


def _tool_in(words: Sequence[str]) -> str:
    """The tool of a shell's `-c`, where that is one command."""
    script = words[0] if words else ""
    if not _OF_SHELLS.isdisjoint(script):
        return ""
    try:
        inner = shlex.split(script)
    except ValueError:  # a quote without its end
        return ""
    return tool_of(inner) if inner else ""
