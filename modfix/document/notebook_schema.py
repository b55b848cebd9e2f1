"""What nbformat refuses of a notebook: Jupyter calls the file invalid, nbconvert will not touch it.

Source: nbformat, `v4/nbformat.v4.*.schema.json`, as nbconvert validates before and after every
preprocessor (`exporters/exporter.py`): keys that the schema does not know are let pass. Notebooks
of format 3 are converted first, and only what the conversion cannot mend is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from modfix.document.json_text import Member
from modfix.document.notebook import Notebook, Parts

_KINDS = {3: ("code", "markdown", "raw", "heading", "html"), 4: ("code", "markdown", "raw")}
_PROSE = ("markdown", "raw", "html")  # of format 3, which cannot do without a source
_NEWEST_MINOR = 5  # of later ones nbformat takes cells and outputs that it does not know
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}\n?\Z")
_OUTPUTS: Mapping[str, Mapping[str, tuple[type, ...]]] = {
    "execute_result": {"data": (dict,), "metadata": (dict,), "execution_count": (int, type(None))},
    "display_data": {"data": (dict,), "metadata": (dict,)},
    "stream": {"name": (str,), "text": (str, list)},
    "error": {"ename": (str,), "evalue": (str,), "traceback": (list,)},
}
_NAMES = {dict: "an object", list: "a list", str: "a text", int: "a whole number"}


# What a missing member can be given without a loss.
EMPTY: Mapping[str, object] = {"execution_count": None, "metadata": {}, "outputs": [], "source": []}


class Flaw(Struct, frozen=True):
    """Something that nbformat refuses of a member, or that it is missing."""

    member: str
    text: str
    missing: bool = False

    @property
    def can_be_added(self) -> bool:
        """Whether the member is missing and there is an empty value for it (in `EMPTY`)."""
        return self.missing and self.member in EMPTY


def notebook_flaws(notebook: Notebook) -> Iterator[Flaw]:
    """What is wrong with the notebook's own members (its cells apart)."""
    members = notebook.members
    metadata = _metadata(members, "the notebook's `metadata`")
    if notebook.major < 4:
        if isinstance(metadata, Flaw) and metadata.missing:
            yield metadata
        return
    if "nbformat_minor" not in members:
        yield Flaw("nbformat_minor", "`nbformat_minor` is missing", missing=True)
    elif not _is_count(_value(members, "nbformat_minor")):
        yield Flaw("nbformat_minor", "`nbformat_minor` is not a whole number")
    if isinstance(metadata, Flaw):
        yield metadata
    else:
        yield from _described(metadata, "kernelspec", ("name", "display_name"))
        yield from _described(metadata, "language_info", ("name",))
        if notebook.minor >= 2:
            yield from _typed(metadata, {"title": (str,)})
            if not isinstance(metadata.get("authors", []), list):
                yield Flaw("metadata", "`authors` in the metadata is not a list")


def cell_flaws(notebook: Notebook, cell: int) -> tuple[Flaw, ...]:
    """What is wrong with a cell, by its index."""
    parts = notebook.parts[cell]
    kind = _value(parts.members, "cell_type")
    if notebook.major < 4:
        return tuple(_old(parts, kind))
    if "cell_type" not in parts.members:
        return (Flaw("cell_type", "`cell_type` is missing", missing=True),)
    if kind not in _KINDS[4] and notebook.minor <= _NEWEST_MINOR:
        return (Flaw("cell_type", "`cell_type` is not code, markdown or raw"),)
    return tuple(_of_kind(notebook, parts, kind))


def _of_kind(notebook: Notebook, parts: Parts, kind: object) -> Iterator[Flaw]:
    members = parts.members
    yield from _cell_metadata(notebook, members, kind)
    if kind not in _KINDS[4]:
        return
    yield from _source(members, "source")
    if notebook.minor >= 5 and "id" in members:
        given = _value(members, "id")
        if not isinstance(given, str) or not _ID.match(given):
            yield Flaw("id", "`id` is not one of 1 to 64 letters, digits, `-` and `_`")
    if "attachments" in members and not _is_of_objects(_value(members, "attachments")):
        yield Flaw("attachments", "`attachments` is not an object of objects")
    if kind == "code":
        yield from _ran(notebook, members)


def _old(parts: Parts, kind: object) -> Iterator[Flaw]:
    if kind not in _KINDS[3]:
        yield Flaw("cell_type", f"`cell_type` is not one of {', '.join(_KINDS[3])}")
    key = "input" if kind == "code" else "source"
    if key in parts.members or kind in _PROSE:
        yield from _source(parts.members, key)


def _source(members: Mapping[str, Member], key: str) -> Iterator[Flaw]:
    if key not in members:
        yield Flaw(key, f"`{key}` is missing", missing=True)
        return
    value = _value(members, key)
    lines = [each.value for each in value] if isinstance(value, tuple) else [value]
    if not all(isinstance(each, str) for each in lines):
        yield Flaw(key, f"`{key}` is not a text or a list of texts")


def _ran(notebook: Notebook, members: Mapping[str, Member]) -> Iterator[Flaw]:
    """What a code cell has of its last run."""
    count = _value(members, "execution_count")
    if "execution_count" not in members:
        yield Flaw("execution_count", "`execution_count` is missing", missing=True)
    elif count is not None and not _is_count(count):
        yield Flaw("execution_count", "`execution_count` is not a whole number from 0 on, or null")
    outputs = _value(members, "outputs")
    if "outputs" not in members:
        yield Flaw("outputs", "`outputs` is missing", missing=True)
    elif not isinstance(outputs, list):
        yield Flaw("outputs", "`outputs` is not a list")
    else:
        for number, output in enumerate(outputs, start=1):
            if text := _output(notebook, output):
                yield Flaw("outputs", f"output {number} {text}")
                return


def _output(notebook: Notebook, output: object) -> str:
    if not isinstance(output, dict) or "output_type" not in output:
        return "has no `output_type`"
    kind = output["output_type"]
    if not isinstance(kind, str) or kind not in _OUTPUTS:
        later = notebook.minor > _NEWEST_MINOR and not isinstance(kind, (list, dict))
        return "" if later else "is of no type that there is"
    for key, types in _OUTPUTS[kind].items():
        if key not in output:
            return f"({kind}) lacks `{key}`"
        if not _fits(output[key], types):
            return f"({kind}) has a value of the wrong type in `{key}`"
    text = output.get("text") if kind == "error" else None
    if isinstance(text, list) and not _fits(text, (list,)):
        return f"({kind}) has a value of the wrong type in `text`"
    return ""


def _cell_metadata(
    notebook: Notebook, members: Mapping[str, Member], kind: object
) -> Iterator[Flaw]:
    metadata = _metadata(members, "`metadata`")
    if isinstance(metadata, Flaw):
        yield metadata
        return
    if "name" in metadata and not (isinstance(metadata["name"], str) and metadata["name"]):
        yield Flaw("metadata", "`name` in the metadata is not a text, or empty")
    if "tags" in metadata and not _are_tags(metadata["tags"]):
        yield Flaw("metadata", "`tags` is not a list of different texts without commas")
    if notebook.minor >= 3:
        yield from _typed(metadata, {"jupyter": (dict,)})
    if kind == "raw":
        yield from _typed(metadata, {"format": (str,)})
    if kind == "code":
        yield from _code_metadata(notebook, metadata)


def _code_metadata(notebook: Notebook, metadata: Mapping[str, object]) -> Iterator[Flaw]:
    yield from _typed(metadata, {"collapsed": (bool,)})
    scrolled = metadata.get("scrolled", True)
    if not isinstance(scrolled, bool) and scrolled != "auto":
        yield Flaw("metadata", '`scrolled` in the metadata is not true, false or "auto"')
    times = metadata.get("execution", {})
    if notebook.minor >= 4 and not (
        isinstance(times, dict) and all(isinstance(each, str) for each in times.values())
    ):
        yield Flaw("metadata", "`execution` in the metadata is not an object of texts")


def _metadata(members: Mapping[str, Member], whose: str) -> dict[str, object] | Flaw:
    """The metadata of a notebook or cell, or why there are none."""
    if "metadata" not in members:
        return Flaw("metadata", f"{whose} is missing", missing=True)
    value = _value(members, "metadata")
    return value if isinstance(value, dict) else Flaw("metadata", f"{whose} is not an object")


def _described(metadata: Mapping[str, object], key: str, needed: tuple[str, ...]) -> Iterator[Flaw]:
    if key not in metadata:
        return
    value = metadata[key]
    if not isinstance(value, dict):
        yield Flaw("metadata", f"`{key}` in the notebook's metadata is not an object")
        return
    for name in needed:
        if not isinstance(value.get(name), str):
            yield Flaw("metadata", f"`{key}` in the notebook's metadata has no text `{name}`")


def _typed(metadata: Mapping[str, object], types: Mapping[str, tuple[type, ...]]) -> Iterator[Flaw]:
    for key, wanted in types.items():
        if key in metadata and not _fits(metadata[key], wanted):
            names = {bool: "true or false", **_NAMES}
            yield Flaw("metadata", f"`{key}` in the metadata is not {names[wanted[0]]}")


def _fits(value: object, types: tuple[type, ...]) -> bool:
    if isinstance(value, bool):
        return bool in types
    if isinstance(value, list):
        return list in types and all(isinstance(each, str) for each in value)
    return isinstance(value, types) and (not isinstance(value, int) or value >= 0)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_of_objects(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(each, dict) for each in value.values())


def _are_tags(value: object) -> bool:
    texts = value if isinstance(value, list) else [None]
    good = all(isinstance(each, str) and each and "," not in each for each in texts)
    return good and len(set(texts)) == len(texts)


def _value(members: Mapping[str, Member], key: str) -> object:
    """The value of a member; an object that was read with its places as a plain one."""
    if key not in members:
        return None
    value = members[key].value.value
    if isinstance(value, tuple) and key == "metadata":
        return {each.key: each.value.value for each in value}
    return value
