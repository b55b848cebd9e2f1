"""What jupytext reads, held against what we read; and where the two differ on purpose.

Our source of a cell is the very text of the file, because that is what is linted and edited.
jupytext's is what it makes of that text; so the text is given to jupytext's own extraction, and
what comes out must be its cell, character for character.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
from jupytext.cell_reader import (
    BaseCellReader,
    DoublePercentScriptCellReader,
    HydrogenCellReader,
)
from jupytext.formats import read_format_from_metadata, read_metadata
from jupytext.languages import set_main_and_cell_language

from modfix.document.cell import Cell
from modfix.document.document import Document
from modfix.document.header import read_header


@dataclass(frozen=True)
class Difference:
    """A difference, and a script that shows it: our cells and jupytext's (None: it fails)."""

    reason: str
    script: bytes
    ours: list[str]
    theirs: list[str] | None


# The one table of deliberate differences. A test shows each, so that one that is gone is noticed.
DIFFERENCES: dict[str, Difference] = {
    "prose": Difference(
        "a cell's source is the text of the file: jupytext takes comment signs and quotes off",
        b"# %% [markdown]\n# prose\n",
        ["# prose"],
        ["prose"],
    ),
    "commented magics": Difference(
        "they are comments, for Python as for us, and stay: jupytext uncomments them",
        b"# %%\n# %matplotlib inline\n",
        ["# %matplotlib inline"],
        ["%matplotlib inline"],
    ),
    "cells of another language": Difference(
        "their commented lines are no Python: jupytext uncomments them below a magic",
        b'# %% language="bash"\n# ls\n',
        ["# ls"],
        ["%%bash\nls"],
    ),
    "the header's raw cell": Difference(
        "it is the whole header, where edits find it: jupytext leaves out Jupyter's part",
        b"# ---\n# title: A\n# jupyter:\n#   a: 1\n# ---\n",
        ["# ---\n# title: A\n# jupyter:\n#   a: 1\n# ---"],
        ["---\ntitle: A\n---"],
    ),
    "other line ends": Difference(
        "form feeds and Unicode's line separators stay: jupytext makes newlines of them",
        b"# %%\nx = 1\n\x0c\ny = 2\n",
        ["x = 1\n\x0c\ny = 2"],
        ["x = 1\n\n\ny = 2"],
    ),
    "byte order marks": Difference(
        "the mark is no text: jupytext reads it as a character and misses the marker behind it",
        b"\xef\xbb\xbf# %%\nx = 1\n",
        ["x = 1"],
        ["\ufeff# %%\nx = 1"],
    ),
    "other encodings": Difference(
        "Python reads them (PEP 263), so we do: jupytext refuses all but `utf-8`",
        b"# coding: latin-1\n# %%\nx = '\xe9'\n",
        ["x = 'é'"],
        None,
    ),
    "broken headers": Difference(
        "the cells below can be read: jupytext fails on YAML that it cannot read",
        b"# ---\n# jupyter:\n#  a: [\n# ---\n# %%\nx = 1\n",
        ["x = 1"],
        None,
    ),
    "options of a wrong type": Difference(
        "they are metadata like any other: jupytext fails on them",
        b"# %% tags=1\nx = 1\n",
        ["x = 1"],
        None,
    ),
}
# What jupytext records to write a cell again; title and depth are on our marker.
READING = {"comment_magics"}  # the options of a header that change what cells hold
LAYOUT = {"lines_to_next_cell", "cell_marker", "region_name"}


def our_cells(data: bytes) -> tuple[Cell, ...]:
    return Document.from_bytes(Path("m_dev.py"), data).cells


def their_cells(data: bytes) -> list[Any] | None:
    """The cells that jupytext reads in a file, or None where it fails."""
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    try:
        cells: list[Any] = jupytext.reads(text, fmt="py:percent").cells
    except Exception:  # its failures have every type
        return None
    return cells


def reader_of(text: str, language: str | None) -> BaseCellReader:
    """What jupytext reads the cells of a script with: its header says whether as Hydrogen's."""
    hydrogen = read_format_from_metadata(text, ".py") == "hydrogen"
    kind = HydrogenCellReader if hydrogen else DoublePercentScriptCellReader
    options = read_metadata(text, ".py").get("jupytext", {})
    return kind({"extension": ".py"} | {k: options[k] for k in READING & set(options)}, language)


def as_theirs(cell: Cell, reader: BaseCellReader) -> dict[str, Any]:
    """Our cell as jupytext would give it: kind, metadata and source. The reader is used up."""
    marker = cell.marker
    metadata = dict(cell.metadata)
    if marker and marker.depth:
        metadata["cell_depth"] = marker.depth
    if marker and marker.title:
        metadata["title"] = marker.title
    source = _extracted(cell, reader)
    return {"kind": cell.kind, "metadata": metadata, "source": source}


def _extracted(cell: Cell, reader: BaseCellReader) -> str:
    language = reader.default_language
    line = cell.marker.text if cell.marker else "x"
    reader.metadata_and_language_from_option_line(line)
    reader.language = (reader.metadata or {}).pop("language", None)
    reader.find_cell_end([line, "x"])
    own = {"language": reader.language} if reader.language else {}
    *lines, last = (cell.source + "|").splitlines()
    source = "\n".join(reader.extract_content([*lines, last[:-1]]))
    made = {"source": source, "metadata": own}
    if "magic_args" in reader.metadata:
        own["magic_args"] = reader.metadata["magic_args"]
    set_main_and_cell_language({"jupytext": {"main_language": language}}, [made], ".py", [])
    return str(made["source"])


def assert_as_jupytext(data: bytes) -> None:
    """Our cells are jupytext's, but for the table above."""
    theirs = their_cells(data)
    document = Document.from_bytes(Path("m_dev.py"), data)
    if theirs is None:
        return
    header = read_header(document.text.splitlines())
    ours = [as_theirs(c, reader_of(document.text, header.language)) for c in document.cells]
    if header.more:
        ours[0]["source"] = theirs[0].source
    assert ours == [
        {
            "kind": cell.cell_type,
            "metadata": {k: v for k, v in cell.metadata.items() if k not in LAYOUT},
            "source": cell.source,
        }
        for cell in theirs
    ]
