"""Cell markers of percent scripts: `# %% title [markdown] key=value`, read with the place of each
value, so that one value can be replaced without touching the rest of the line.

The grammar is jupytext's (its `cell_metadata.text_to_metadata`): values are JSON or, failing
that, Python literals; what cannot be read makes the whole text one `incorrectly_encoded_metadata`.
"""

from __future__ import annotations

import ast
import json
import re

from modfix.document.cell import CellKind, Marker, Option

MARKER = re.compile(r"^\s*#\s*%%(%*)\s(.*)$")
BARE_MARKER = re.compile(r"^\s*#\s*(%%|<codecell>|In\[[0-9 ]*\]:?)\s*$")
UNREADABLE = "incorrectly_encoded_metadata"

_KEY = re.compile(r"^[a-zA-Z0-9_\.@/-]+$")
_IDENTIFIER = re.compile(r"^[a-zA-Z_\.]+[a-zA-Z0-9_\.]*$")
_KINDS: dict[str, CellKind] = {"[markdown]": "markdown", "[raw]": "raw", "[md]": "markdown"}


def is_marker(line: str) -> bool:
    """Whether a line begins a cell."""
    stripped = line.lstrip()
    return stripped.startswith("#") and bool(MARKER.match(line) or BARE_MARKER.match(line))


def read_marker(line: str) -> Marker:
    """Read one marker line (without its line end)."""
    match = MARKER.match(line)
    if match is None:
        return Marker(line, "code", "", ())
    start, rest = match.start(2), match.group(2)
    head = _title_end(rest)
    title = rest[:head]
    options, json_style = _options(rest[head:], start + head)
    for name, kind in _KINDS.items():
        if name in title:
            title = title.replace(name, "")
            return Marker(line, kind, title.strip(), options, json_style)
    return Marker(line, "code", title.strip(), options, json_style)


def _title_end(rest: str) -> int:
    """The offset at which a title ends and the options begin."""
    brace, equal = rest.find("{"), rest.find("=")
    if brace >= 0 and (equal < 0 or brace < equal):
        return brace
    end = len(rest) if equal < 0 else rest[:equal].rstrip().rfind(" ") + 1
    while (words := rest[:end].rstrip()) and words[words.rfind(" ") + 1] == ".":
        end = words.rfind(" ") + 1  # words that begin with a dot are options without a value
    return end


def _options(text: str, offset: int) -> tuple[tuple[Option, ...], bool]:
    if text.lstrip().startswith("{"):
        return _json_options(text, offset), True
    return _key_values(text, offset), False


def _key_values(text: str, offset: int) -> tuple[Option, ...]:
    """Options `key=value`, found from the right as jupytext does."""
    found: list[Option] = []
    end = len(text.rstrip())
    while text[:end].strip():
        option = _last_option(text[:end], offset)
        if option is None:
            return (Option(UNREADABLE, text.strip(), offset, offset + len(text)),)
        found.append(option)
        end = option.start - offset
        end = text.rfind(option.key, 0, end)
    return tuple(reversed(found))


def _last_option(text: str, offset: int) -> Option | None:
    stripped = text.rstrip()
    word = stripped[stripped.rfind(" ") + 1 :]
    if _IDENTIFIER.match(word):
        return Option(word, None, offset + len(stripped), offset + len(stripped))
    equal = len(stripped)
    while (equal := stripped.rfind("=", 0, equal)) >= 0:
        key = stripped[:equal].rstrip()
        key = key[key.rfind(" ") + 1 :]
        if not _KEY.match(key):
            continue
        try:
            value = literal(stripped[equal + 1 :])
        except ValueError:
            continue
        lead = len(stripped[equal + 1 :]) - len(stripped[equal + 1 :].lstrip())
        return Option(key, value, offset + equal + 1 + lead, offset + len(stripped))
    return None


def literal(text: str) -> object:
    """A value of a marker line: JSON, else a Python literal. Raises ValueError for neither."""
    try:
        return json.loads(text)
    except ValueError:
        pass
    try:
        return ast.literal_eval(text.strip())
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        raise ValueError(text) from None


def _json_options(text: str, offset: int) -> tuple[Option, ...]:
    """The members of the one JSON object of the older form, with the place of each value."""
    unreadable = (Option(UNREADABLE, text.strip(), offset, offset + len(text)),)
    try:
        whole = literal(text)
    except ValueError:
        return unreadable
    if not isinstance(whole, dict):
        return unreadable
    decoder, at, found = json.JSONDecoder(), text.index("{") + 1, []
    try:
        while (key_at := text.find('"', at)) >= 0:
            key, at = decoder.raw_decode(text, key_at)
            at = text.index(":", at) + 1
            at += len(text[at:]) - len(text[at:].lstrip())
            value, end = decoder.raw_decode(text, at)
            found.append(Option(key, value, offset + at, offset + end))
            at = end
    except ValueError:  # a Python literal: readable as a whole, without places
        return tuple(Option(str(k), v, offset, offset + len(text)) for k, v in whole.items())
    return tuple(found)


def with_option(marker: Marker, key: str, value: object) -> str:
    """The marker's line with one option set; everything else stays to the letter."""
    text = json.dumps(value, ensure_ascii=False)
    for option in marker.options:
        if option.key == key:
            return marker.text[: option.start] + text + marker.text[option.end :]
    if marker.json_style and marker.options:
        last = marker.options[-1].end
        return f'{marker.text[:last]}, "{key}": {text}{marker.text[last:]}'
    return f"{marker.text.rstrip()} {key}={text}"


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
        start, end = text.rindex(json.dumps(key), 0, option.start), option.end
        after = re.match(r"\s*,\s*", text[end:])
        before = re.search(r"\s*,\s*$", text[:start])
        if after:
            end += after.end()
        elif before:
            start = before.start()
        text = text[:start] + text[end:]
    return text


def new_marker(kind: CellKind, metadata: object) -> str:
    """A marker line for a new cell with a mapping of metadata."""
    assert isinstance(metadata, dict)
    options = [f"{k}={json.dumps(v, ensure_ascii=False)}" for k, v in metadata.items()]
    return " ".join(["# %%", *([] if kind == "code" else [f"[{kind}]"]), *options])
