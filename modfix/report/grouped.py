"""`--output-format grouped`: the findings of each module under its name."""

from __future__ import annotations

import click

from modfix.errors import one_line
from modfix.lint.checked import Located
from modfix.report.concise import closing, styled_code
from modfix.report.report import Report, told


def render(report: Report) -> str:
    """A block for each module that has findings, and the summary."""
    blocks = [_block(path, found) for path, found in report.by_path.items()]
    return "\n".join([*blocks, *closing(report)])


def _block(path: str, found: list[Located]) -> str:
    width = max(len(_place(each)) for each in found)
    lines = [f"  {_place(each):<{width}}  {styled_code(each)} {_message(each)}" for each in found]
    return "\n".join([f"{click.style(one_line(path), bold=True)}:", *lines, ""])


def _place(each: Located) -> str:
    return f"{each.line}:{each.column}"


def _message(each: Located) -> str:
    return one_line(told(each))
