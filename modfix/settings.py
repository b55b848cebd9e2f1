"""The typed settings that a standard and a course's configuration come down to.

Key names in TOML are these names with hyphens; unknown keys are refused. The values of the
default standard stand in `standards/module-17.toml`, so that changing one never needs code.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field


class Names(Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """Which functions are what, as shell patterns over their names."""

    tests: tuple[str, ...] = ("test_*",)
    demos: tuple[str, ...] = ("demo_*", "analyze_*")
    integration: str = "test_module"
    test_prefixes: tuple[str, ...] = ("test_unit_", "test_")


class Points(Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """Points of a graded cell that has none: by the test that it defines, else the default.

    Without `give-default` such a cell is only reported.
    """

    give_default: bool = True
    default: Annotated[float, Meta(ge=0)] = 5
    by_name: dict[str, Annotated[float, Meta(ge=0)]] = field(default_factory=dict)


class Template(Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """The nbgrader flags of one kind of cell and the prefix of its derived ids."""

    grade: bool
    locked: bool
    solution: bool
    task: bool = False
    prefix: str = "cell-"


# nbgrader's own stubs (its `preprocessors/clearsolutions.py`), by the language of the kernel.
CODE_STUBS = {
    "python": "# YOUR CODE HERE\nraise NotImplementedError()",
    "R": "# YOUR CODE HERE\nfail()",
    "matlab": "% YOUR CODE HERE\nerror('No Answer Given!')",
    "octave": "% YOUR CODE HERE\nerror('No Answer Given!')",
    "sas": "/* YOUR CODE HERE */\n %notImplemented;",
    "java": "// YOUR CODE HERE",
}
# What nbgrader does not copy beside a notebook (`CourseDirectory.ignore` in its `coursedir.py`).
IGNORED_FILES = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback")

Delimiter = Annotated[str, Meta(min_length=1)]
Enforced = Literal["solution", "hidden-tests", "mark-scheme"]


class Nbgrader(Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """What complete metadata looks like.

    `templates` is keyed by the kind of a cell: implementation, test, demo, imports, export,
    support. `ids` gives the id of a new cell by what it defines, `renames` the new id of an
    existing one. The rest is what nbgrader can be told in its own configuration, with its own
    defaults: the delimiters of the three kinds of regions, the stubs of code (by the language of
    the kernel) and of text, whether regions must stand in cells of their kind (`enforce-metadata`:
    for all kinds, none, or those that are listed), whether attachments in mark schemes are
    refused, and which files beside a notebook are not copied into the release.

    `optional` are keys that may be missing where nbgrader does not need them. `bare_cells` says
    that code cells without metadata are as they should be.
    `inert` says what becomes of metadata whose flags are all false: nbgrader does nothing with it.
    `released` is where the released ids stand, as seen from a folder above the module: nbgrader's
    `release` folder, a notebook, or a JSON file. With it, ids are not renamed.
    """

    schema_version: Literal[3] = 3
    templates: dict[str, Template] = field(default_factory=dict)
    points: Points = field(default_factory=Points)
    ids: dict[str, str] = field(default_factory=dict)
    renames: dict[str, str] = field(default_factory=dict)
    begin_solution: Delimiter = "BEGIN SOLUTION"
    end_solution: Delimiter = "END SOLUTION"
    begin_hidden_tests: Delimiter = "BEGIN HIDDEN TESTS"
    end_hidden_tests: Delimiter = "END HIDDEN TESTS"
    begin_mark_scheme: Delimiter = "BEGIN MARK SCHEME"
    end_mark_scheme: Delimiter = "END MARK SCHEME"
    code_stub: dict[str, str] = field(default_factory=lambda: CODE_STUBS.copy())
    text_stub: str = "YOUR ANSWER HERE"
    enforce_metadata: bool | tuple[Enforced, ...] = True
    check_attachment_leakage: bool = True
    ignored_files: tuple[str, ...] = IGNORED_FILES
    optional: tuple[Literal["task", "grade_id"], ...] = ()
    bare_cells: bool = False
    inert: Literal["keep", "delete"] = "keep"
    released: str = ""


ALL = "ALL"  # the prefix of every code, as in ruff

Step = Literal[
    "run", "import", "notebook", "nbgrader", "grades", "pytest", "integration", "reference"
]


class Verify(Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """How modules are run: seconds a step, MiB of memory and of disk, how many processes at
    once, in which sandbox, and which steps.

    `python` is the interpreter that runs course code (empty: modfix's own); `python_path` are
    folders, relative to the configuration, that its imports are found in beside those that
    modfix finds itself.
    """

    timeout: Annotated[float, Meta(gt=0)] = 120
    memory: Annotated[int, Meta(ge=128)] = 4096
    disk: Annotated[int, Meta(ge=16)] = 1024
    processes: Annotated[int, Meta(ge=16)] = 512
    sandbox: Literal["auto", "bwrap", "none"] = "auto"
    python: str = ""
    python_path: tuple[str, ...] = ()
    steps: Annotated[tuple[Step, ...], Meta(min_length=1)] = (
        "run",
        "import",
        "notebook",
        "nbgrader",
        "grades",
        "pytest",
        "integration",
        "reference",
    )
    reference: str = "reference"


class Pairs(Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """Pairs of a script and a notebook: which half is linted and repaired, the other following."""

    source: Literal["script", "notebook"] = "script"


class Settings(Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """Everything that a course can set in `modfix.toml` or under `[tool.modfix]`."""

    standard: str = "module-17"
    extend: str | tuple[str, ...] = ()
    select: tuple[str, ...] = (ALL,)
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    fixable: tuple[str, ...] = (ALL,)
    unfixable: tuple[str, ...] = ()
    extend_safe_fixes: tuple[str, ...] = ()
    extend_unsafe_fixes: tuple[str, ...] = ()
    per_file_ignores: dict[str, tuple[str, ...]] = field(default_factory=dict)
    severity: dict[str, Literal["error", "warning"]] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    respect_gitignore: bool = True
    cache_dir: str = ""
    baseline: str = ""
    local_rules: tuple[str, ...] = ()
    names: Names = field(default_factory=Names)
    nbgrader: Nbgrader = field(default_factory=Nbgrader)
    pairs: Pairs = field(default_factory=Pairs)
    verify: Verify = field(default_factory=Verify)
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
