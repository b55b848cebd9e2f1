"""FMT106: an instructor's file that nbgrader would copy into the release."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import ClassVar

from modfix.rule import Example, Finding, Module, Options, Rule, Severity

from ..nbg._entries import entries
from ..nbg._regions import solution_regions
from ..nbg._release import is_release
from ._course_layout import in_course_layout

_NOTEBOOK = ".ipynb"
_TEXT = (".py", ".md", ".r", ".jl", ".m", ".qmd", ".rmd", ".java", ".sas")
_LARGEST = 2**20  # bytes; no text by hand is longer


class InstructorFileOptions(Options, frozen=True):
    """`names` are shell patterns of file and folder names that say that they are not for students;
    `source` is the name of nbgrader's folder of sources."""

    names: tuple[str, ...] = ("*solution*", "*instructor*", "*answer*key*")
    source: str = "source"


class InstructorFile(Rule):
    """A file of the instructor's stands beside a notebook that is released.

    ## What it does

    Looks at what stands beside a notebook with nbgrader metadata: files with solution regions, a
    paired script above all, and files and folders that are called like solutions. A script is
    looked at where it is itself paired with a notebook beside it. What nbgrader is told to ignore
    (`[nbgrader] ignored-files`) is left out, and so are, outside of nbgrader's own layout, scripts
    of another name.

    ## Why is this bad?

    `generate_assignment` copies every file beside the notebook into the release as it is: the
    solutions that it clears in the notebook go to the students in the script. It is an error in
    nbgrader's own layout (a folder `source`, or `nbgrader_config.py` above) and a warning
    elsewhere, where the notebook may be copied to the course first.

    ## Fix safety

    There is no fix: move the file elsewhere, or add its name to `CourseDirectory.ignore` in
    nbgrader's configuration.

    ## Options
    `names`: patterns of names that are not for students. `source`: nbgrader's folder of sources.
    """

    code = "FMT106"
    name = "instructor-file"
    source = "nbgrader, converters/base.py (init_destination), coursedir.py (ignore)"
    options_type = InstructorFileOptions
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="a script and its notebook",
            bad="""\
# %% nbgrader={"grade": false, "grade_id": "cell-a", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
x = 1
### END SOLUTION
""",  # noqa: E501
            good=None,
            beside={"example_dev.ipynb": "{}"},
        ),
        Example(
            title="a script alone",
            bad=None,
            good="""\
# %% nbgrader={"grade": false, "grade_id": "cell-a", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
x = 1
### END SOLUTION
""",  # noqa: E501
        ),
    )

    def check(self, module: Module) -> Iterator[Finding]:
        """Yield a finding at the start of the file for each such file beside it."""
        if not entries(module) or is_release(module):
            return
        told = list(self._told(module))
        if told:
            severity = (
                Severity.ERROR
                if in_course_layout(module, self.options.source)
                else Severity.WARNING
            )
            for text in told:
                yield self.outside(0, text, severity=severity)

    def _told(self, module: Module) -> Iterator[str]:
        path, names = module.document.path, module.folder.names()
        if not module.document.is_notebook:
            notebook = path.with_suffix(_NOTEBOOK).name
            if notebook in names and any(solution_regions(module, c.source) for c in module.cells):
                yield f"nbgrader would copy this script and its solutions along with `{notebook}`"
            return
        ignored = module.settings.nbgrader.ignored_files
        for name in names:
            if name.endswith(_NOTEBOOK) or any(fnmatchcase(name, each) for each in ignored):
                continue
            if why := self._why(module, name):
                yield f"nbgrader would copy `{name}` into the release: {why}"

    def _why(self, module: Module, name: str) -> str:
        if any(fnmatchcase(name.lower(), pattern) for pattern in self.options.names):
            return "by its name it is not for students"
        data = module.folder.read(name) if name.lower().endswith(_TEXT) else None
        begin = module.settings.nbgrader.begin_solution.encode()
        if data is None or begin not in data[:_LARGEST]:
            return ""
        paired = name.rpartition(".")[0] == module.document.path.stem
        return "it has solutions" if paired or in_course_layout(module, self.options.source) else ""
