"""The options that say how findings are reported and what makes a run fail."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from modfix.errors import ModfixError

if TYPE_CHECKING:
    from modfix.lint.checked import Located
    from modfix.report.report import Report

Command = TypeVar("Command", bound=Callable[..., Any])
_FORMATS = (
    "concise",
    "full",
    "grouped",
    "json",
    "json-lines",
    "github",
    "gitlab",
    "junit",
    "sarif",
    "rdjson",
)  # fmt: skip  (those of modfix.report.report, which `--help` need not import)


def output_options(function: Command) -> Command:
    """`--output-format`, `--output-file`, `--statistics`, `--quiet`, `--verbose`."""
    for option in (
        click.option("-v", "--verbose", is_flag=True, help="Say which files are looked at."),
        click.option("--statistics", is_flag=True, help="Count findings by rule instead."),
        click.option(
            "--output-file",
            type=click.Path(path_type=Path, dir_okay=False),
            help="Write the report to a file.",
        ),
    ):
        function = option(function)
    return report_options(function)


def report_options(function: Command) -> Command:
    """`--output-format`, `--quiet`."""
    for option in (
        click.option("-q", "--quiet", is_flag=True, help="Print findings and nothing else."),
        click.option(
            "--output-format",
            type=click.Choice(_FORMATS),
            default="concise",
            envvar="MODFIX_OUTPUT_FORMAT",
            show_envvar=True,
            help="One line a finding (default), or another form.",
        ),
    ):
        function = option(function)
    return function


def exit_options(function: Command) -> Command:
    """`--strict`, `--fail-on`, `--exit-zero`."""
    for option in (
        click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found."),
        click.option(
            "--fail-on",
            type=click.Choice(["error", "warning", "never"]),
            default="error",
            help="The least grave finding that fails the run (default: error).",
        ),
        click.option("--strict", is_flag=True, help="The same as --fail-on warning."),
    ):
        function = option(function)
    return function


def exit_code(findings: Sequence[Located], options: Mapping[str, Any]) -> int:
    """0 or 1 for what was found, as `exit_options` ask for (or, without them, for errors)."""
    if options.get("exit_zero") or options.get("fail_on") == "never":
        return 0
    warnings = options.get("strict") or options.get("fail_on") == "warning"
    return int(any(each.is_error or warnings for each in findings))


def print_report(report: Report, options: Mapping[str, Any], *, err: bool = False) -> None:
    """Print a report (`err`: on stderr), or write it to the file that is asked for."""
    from modfix.report.report import render

    name, file = options["output_format"], options.get("output_file")
    text = _quiet(report) if _is_quiet(options) else render(report, name)
    if file is not None:
        _write(file, click.unstyle(text))
    elif text:
        click.echo(text, err=err)


def _is_quiet(options: Mapping[str, Any]) -> bool:
    return bool(options["quiet"]) and options["output_format"] == "concise"


def _quiet(report: Report) -> str:
    """The lines of the findings, without the summary."""
    from modfix.report.concise import finding_line
    from modfix.report.statistics import statistics

    return (
        statistics(report) if report.statistics else "\n".join(map(finding_line, report.findings))
    )


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{text}\n" if text else "", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise ModfixError(f"cannot be written: {error.strerror}", where=str(file)) from None


def stdin_filename_option(function: Command) -> Command:
    """`--stdin-filename`."""
    return click.option(
        "--stdin-filename",
        type=click.Path(path_type=Path),
        help="The name of the module that `-` reads from standard input.",
    )(function)


def read_stdin() -> bytes:
    """Everything on standard input."""
    return sys.stdin.buffer.read()
