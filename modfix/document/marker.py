"""Cell markers of percent scripts: `# %% title [markdown] key=value`, read with the place of each
value, so that one value can be replaced without touching the rest of the line.

The grammar is jupytext's (its `cell_metadata.text_to_metadata`): values are JSON or, failing
that, Python literals; what cannot be read is kept as one `incorrectly_encoded_metadata`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from modfix.document.cell import CellKind, Marker, Option
from modfix.document.marker_options import UNREADABLE, as_mapping, read_object, read_pairs

__all__ = ["UNREADABLE", "as_mapping", "is_marker", "new_marker", "read_marker", "with_option"]

MARKER = re.compile(r"^\s*#\s*%%(%*)\s(.*)$")
BARE_MARKER = re.compile(r"^\s*#\s*(%%|<codecell>|In\[[0-9 ]*\]:?)\s*$")
_KINDS: dict[str, CellKind] = {"[markdown]": "markdown", "[raw]": "raw", "[md]": "markdown"}

# JSON leaves these as they are, and jupytext ends a line at each of them.
_LINE_ENDS = {char: f"\\u{char:04x}" for char in (0x85, 0x2028, 0x2029)}


def is_marker(line: str) -> bool:
    """Whether a line begins a cell."""
    stripped = line.lstrip()
    return stripped.startswith("#") and bool(MARKER.match(line) or BARE_MARKER.match(line))


def read_marker(line: str) -> Marker:
    """Read one marker line (without its line end)."""
    if MARKER.match(line) is None:
        return Marker(line, "code", "", ())
    start = line.index("%%") + 2
    start += len(line[start:]) - len(line[start:].lstrip())
    text = line[start:].rstrip()
    brace, equal = text.find("{"), text.find("=")
    in_object = brace >= 0 and (equal < 0 or brace < equal)
    head = brace if in_object else _title_length(text, equal)
    options = (read_object if in_object else read_pairs)(text[head:], start + head)
    kind, title = _kind(text[:head].strip() if in_object else text[:head])
    depth = len(title) - len(title.lstrip("%"))
    title = title[depth:].strip() if depth else title
    return Marker(line, kind, title, options, in_object, depth)


def _title_length(text: str, equal: int) -> int:
    """The length of the title: all words before the first `key=`, or all."""
    words = (text if equal < 0 else text[:equal]).split(" ")
    if equal >= 0:
        while words and not words[-1]:
            words.pop()
        words = words[:-1]  # the key
    while words and (not words[-1].strip() or words[-1].startswith(".")):
        words.pop()  # words that begin with a dot are options without a value
    return len(" ".join(words))


def _kind(title: str) -> tuple[CellKind, str]:
    for name, kind in _KINDS.items():
        if name in title:
            return kind, title.replace(name, "").strip()
    return "code", title


def with_option(marker: Marker, key: str, value: object) -> str:
    """The marker's line with one option set; everything else stays to the letter.

    NOTE: not every line can take one: a title with a `{` makes jupytext read all that follows as
    one object. Who needs to know reads the line again.
    """
    text = marker.text
    for option in reversed(marker.options):
        if option.key == key:
            equal = "=" if option.bare else ""
            return f"{text[: option.start]}{equal}{_written(value, option)}{text[option.end :]}"
    if marker.json_style and not marker.options:
        inside = text.index("{") + 1
        return f'{text[:inside]}"{key}": {_dumped(value)}{text[inside:]}'
    if marker.json_style and marker.options[-1].key != UNREADABLE:
        last = marker.options[-1]
        return f'{text[: last.end]}, "{key}": {_written(value, last)}{text[last.end :]}'
    head = text.rstrip()
    if MARKER.match(text) is None and not head.endswith("%%"):  # `# In[3]:` takes no options
        head = "# %%"
    return f"{head} {key}={_dumped(value)}"


def without_option(marker: Marker, key: str) -> str:
    """The marker's line without an option; everything else stays to the letter."""
    text = marker.text
    for option in reversed(marker.options):
        if option.key != key:
            continue
        if not marker.json_style:
            start = text.rindex(key, 0, option.start)
            text = text[:start].rstrip() + text[option.end :]
            continue
        quoted = repr(key) if option.python and repr(key) in text else json.dumps(key)
        start, end = text.rindex(quoted, 0, option.start), option.end
        after = re.match(r"\s*,\s*", text[end:])
        before = re.search(r"\s*,\s*$", text[:start])
        if after:
            end += after.end()
        elif before:
            start = before.start()
        text = text[:start] + text[end:]
    return text


def new_marker(kind: CellKind, metadata: Mapping[str, object]) -> str:
    """A marker line for a new cell."""
    options = [f"{key}={_dumped(value)}" for key, value in metadata.items()]
    return " ".join(["# %%", *([] if kind == "code" else [f"[{kind}]"]), *options])


def _written(value: object, beside: Option) -> str:
    return repr(value).translate(_LINE_ENDS) if beside.python else _dumped(value)


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).translate(_LINE_ENDS)
