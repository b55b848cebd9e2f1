"""The first files of a course that takes modfix in: a configuration and a pre-commit hook."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from modfix.cli.selection import Selection
from modfix.config.layer import CONFIG_NAME, PROJECT_NAME, read_layer
from modfix.errors import ModfixError

if TYPE_CHECKING:
    from modfix.document.document import Document

HOOKS_NAME = ".pre-commit-config.yaml"
_HOOK = """\
repos:
- repo: local
  hooks:
  - id: modfix-check
    name: modfix check
    entry: modfix check
    language: system
    types_or: [python, jupyter]
    require_serial: true
"""
_CONFIG = """\
# What modfix checks here. `modfix config` shows every value that applies and where it comes from,
# `modfix explain CODE` what a rule wants and its options.

standard = "{standard}"  # {why}

# ignore = ["SYS"]          # rules to leave out, by code or prefix
# exclude = ["archive/"]    # files to leave out, as in .gitignore

# [severity]
# NBG301 = "error"
"""
_STANDARDS = {
    (True, True): ("module-17", "graded by nbgrader and exported by nbdev"),
    (True, False): ("nbgrader", "graded by nbgrader"),
    (False, True): ("nbdev", "exported by nbdev"),
    (False, False): ("module-17", "the default: nothing here says more"),
}


def add_config(selection: Selection) -> None:
    """Write a first `modfix.toml` into the current folder. Raises ModfixError where one applies."""
    here = Path()
    for name in (CONFIG_NAME, PROJECT_NAME):
        if (here / name).is_file() and read_layer((here / name).resolve()) is not None:
            raise ModfixError("there is a configuration already", where=name)
    standard, why = _STANDARDS[_kind(_documents(selection))]
    _create(here / CONFIG_NAME, _CONFIG.format(standard=standard, why=why))
    click.echo(f"Wrote {CONFIG_NAME}: standard `{standard}` ({why}).")


def add_hook() -> None:
    """Write a first `.pre-commit-config.yaml` into the current folder, or say what to add."""
    file = Path(HOOKS_NAME)
    if not file.exists():
        _create(file, _HOOK)
        click.echo(f"Wrote {HOOKS_NAME}: `modfix check` before every commit.")
        return
    if "modfix" in file.read_text(encoding="utf-8", errors="replace"):
        raise ModfixError("modfix has a hook there already", where=HOOKS_NAME)
    lines = "\n".join(_HOOK.splitlines()[1:])
    click.echo(f"{HOOKS_NAME} is there already; add to its `repos`:\n{lines}")


def _create(file: Path, text: str) -> None:
    from modfix.fix.transaction import create_file

    try:
        create_file(file, text.encode())
    except OSError as error:
        raise ModfixError(f"cannot be written: {error.strerror}", where=str(file)) from None


def _documents(selection: Selection) -> Iterable[Document]:
    from modfix.lint.discover import read_document

    for path in selection.files():
        with selection.failures.going_on():
            yield read_document(path)


def _kind(documents: Iterable[Document]) -> tuple[bool, bool]:
    """Whether anything is graded by nbgrader, and whether anything is exported by nbdev."""
    from modfix.document.directives import read_directives

    graded = exported = False
    for document in documents:
        for cell in document.cells:
            graded = graded or cell.nbgrader is not None
            exported = exported or any(
                each.exports or each.name == "default_exp" for each in read_directives(cell.source)
            )
    return graded, exported
