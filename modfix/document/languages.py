"""Languages that a cell of a script can be in, as jupytext knows them (its `languages.py`).

Only what decides where cells begin and end and what their metadata is.
"""

from __future__ import annotations

_HASH = "bash coconut gnuplot julia powershell python R robotframework sage sos tcl xonsh"
_SLASHES = "c++ csharp fsharp go groovy java javascript rust scala stata typescript"
_OTHERS = {
    ";;": ("scheme", "clojure"),
    "/": ("q",),
    "%": ("matlab", "logtalk"),
    "(*": ("wolfram language", "ocaml"),
    ";": ("idl",),
    "--": ("haskell", "lua"),
    "/*": ("maxima", "sas", "jenner"),
}
COMMENTS: dict[str, str] = {
    **dict.fromkeys(_HASH.split(), "#"),
    **dict.fromkeys(_SLASHES.split(), "//"),
    **{language: comment for comment, each in _OTHERS.items() for language in each},
}

# Languages for which a notebook has a cell magic of the same name (`%%bash`).
_MAGICS = "sh python2 python3 js perl html latex markdown pypy ruby script svg octave spark sql"
MAGIC_LANGUAGES = frozenset(COMMENTS).union(_MAGICS.split(), ("cython", "c#", "f#", "cs", "fs"))

_USUAL = {
    "r": "R",
    "octave": "matlab",
    "cs": "csharp",
    "c#": "csharp",
    "fs": "fsharp",
    "f#": "fsharp",
    "sas": "SAS",
}


def usual_name(language: str) -> str:
    """The name under which jupytext compares a language."""
    name = language.lower()
    return "c++" if name.startswith("c++") else _USUAL.get(name, name)
