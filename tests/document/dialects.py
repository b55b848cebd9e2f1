"""Percent scripts of every dialect that jupytext reads, made by hypothesis: odd markers in odd
places, prose in every quotation, any head, any line end."""

from __future__ import annotations

import codecs
import re

from hypothesis import strategies as st

MARKERS = [
    "# %%",
    "#%%",
    "#  %%",
    "    # %% indented",
    "# %% a title",
    "# %%  spaced  title ",
    "# %%\ttabbed\ta=1",
    "# %% [markdown]",
    "# %% [md]",
    "# %% [raw]",
    '# %% about things [markdown] tags=["x"]',
    '# %% nbgrader={"grade": false, "grade_id": "a-b", "solution": true}',
    '# %% deletable=false editable=false nbgrader={"grade": true} slideshow={"slide_type": ""}',
    "# %% nbgrader={'grade': True}",
    '# %% {"nbgrader": {"grade": true}, "tags": ["a"]}',
    "# %% {'nbgrader': {\"grade\": True}, \"tags\": ('a',)}",
    '# %% a title {"x": 1}',
    "# %% a set {x, y}",
    "# %% {}",
    "# %% tags=[1, 2",
    "# %% a = b",
    "# %% a=1 ju-nk b=2",
    "# %% a=1 .class b",
    "# %% a=1 a=2 a",
    "# %%% sub-cell",
    "# %%%% deeper [markdown]",
    "# %% % not deeper",
    "# In[3]:",
    "# In[ ]",
    "# <codecell>",
    '# %% active="py"',
    '# %% active="ipynb"',
    '# %% active=""',
    '# %% tags=["active-py"]',
    '# %% run_control={"frozen": true} active="py"',
    '# %% cell_type="markdown"',
    '# %% {"cell_type": "raw"}',
    '# %% cell_type="code" active="py"',
    '# %% language="bash"',
    '# %% language="R" magic_args="-i x"',
    '# %% language="python"',
    '# %% language="klingon"',
    "# %% [markdown] active='py'",
    "#%%time",
    "# %%bash",
    "#%% ünïcode 🚀 a=[1]",
]
BODIES = [
    "x = 1",
    "",
    "def f():\n    return 1",
    "@decorator\nclass C:\n\tx = 1\n",
    'def f():\n    """text\n# %% not a marker\n    """',
    "s = '''\n# %%\n'''",
    'print("%% no")  # it\'s',
    's = "\\"" """\n# %%\n"""',
    "s = 'it'''\n# %% ends it",
    "#| export\nimport numpy as np",
    "x = (1\n\n\n     + 2)",
    "if x:\n    # %% inside\n    y = 2",
    '"""\nprose with # %% inside\n"""',
    'r"""\n$\\alpha$\n# %% no\n"""',
    "'''prose'''",
    "# prose\n#\n# ```\n# # %% fenced\n# ```",
    "# ~~~ mermaid\n# %% state\n# ~~~~",
    "# ```never closed\n#",
    "# ``` `not a fence\n# ```",
    "#     ```\n#     indented\n#     ```",
    "# # A heading\n#\n# * a list",
    "# %matplotlib inline\n# !pip install x\nx = 1",
    "%matplotlib inline\n!ls\nx?",
    "# %%bash\n# ls",
    "\n\ny = 2",
    "  \n",
    "x = 1\t# tab",
    "x = 1\x0c\n\x0c\ny = 2",
    "s = 'a\x0bb\x85c\u2028d'\ny = 1",
    "x = 1\n\x0c",
    "# +\nx = 1\n# -",
    "await f();",
]
_JUPYTER = "# jupyter:\n#   jupytext:\n#     text_representation:\n#       extension: .py\n"
HEADERS = [
    "",
    "# ---\n# jupyter:\n#   jupytext:\n#     cell_metadata_filter: -all\n# ---\n\n",
    f"# ---\n{_JUPYTER}#       format_name: percent\n#   kernelspec:\n#     name: python3\n"
    "#     display_name: P\n#     language: python\n# ---\n",
    f"# ---\n{_JUPYTER}#       format_name: hydrogen\n# ---\n\n\n",
    # Without its extension the format counts for nothing; of `formats` it counts.
    "# ---\n# jupyter:\n#   jupytext:\n#     text_representation:\n#       format_name: hydrogen\n"
    "# ---\n",
    "# ---\n# jupyter:\n#   jupytext:\n#     formats: ipynb,py:hydrogen\n# ---\n\n",
    "# ---\n# jupyter:\n#   jupytext:\n#     comment_magics: true\n"
    "#     formats: ipynb,py:hydrogen\n# ---\n\n",
    "# ---\n# jupyter:\n#   jupytext:\n#     comment_magics: false\n# ---\n\n",
    "# ---\n# jupyter:\n#   kernelspec:\n#     language: R\n#     name: ir\n#     display_name: R\n"
    "# ---\n",
    "# ---\n# jupyter:\n#   jupytext:\n#     main_language: sage\n# ---\n\n",
    "#!/usr/bin/env python\n",
    "# -*- coding: utf-8 -*-\n",
    "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n\n",
    "#\n# -*- coding: utf-8 -*-\n",
    "# ---\n# never closed\n",
    "# ---\n# title: A course\n# jupyter:\n#   jupytext:\n#     main_language: python\n# ---\n\n",
    "#!/usr/bin/env python\n# ---\n# jupyter:\n#   nbgrader: {}\n# author:\n#   - me\n# ---\n",
    "#\n#\n# ---\n# jupyter:\n#   nbgrader: {}\n# ---\n##\n",
    "#---\n#title: x\n#---\n#\n",
]
GAPS = ["\n", "\n\n", "\n\n\n", "\n\n\n\n", "\n  \n", "\n \n\n", "\n\n \n", "\n\x0c\n"]
_TOKENS = ["# %%", "#%%", " ", "%", "=", "{", "}", '"', "'", "a", "nb.g-r", "[markdown]", "[md]"]
_TOKENS += ["[", "]", ".b", ":", ",", "1", "-", "--", "true", "True", "\t", "null", "(", ")", "é"]


def marker_lines() -> st.SearchStrategy[str]:
    """Known markers, and lines of the characters that markers are made of."""
    tokens = st.lists(st.sampled_from(_TOKENS), max_size=14)
    return st.sampled_from(MARKERS) | tokens.map(lambda each: "# %% " + "".join(each))


@st.composite
def scripts(draw: st.DrawFn) -> str:
    """A percent script, its line ends all `\\n`."""
    parts = [draw(st.sampled_from(HEADERS)), draw(st.sampled_from(["", "z = 0\n\n", '"""d"""\n']))]
    for _ in range(draw(st.integers(0, 5))):
        parts += [
            draw(marker_lines()) + "\n",
            draw(st.sampled_from(BODIES)),
            draw(st.sampled_from(GAPS)),
        ]
    text = "".join(parts)
    return text if draw(st.booleans()) else text.rstrip("\n")


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """The bytes of a script: any line ends, mixed too, a mark, a declared encoding."""
    text = draw(scripts())
    newline = draw(st.sampled_from(["\n", "\r\n", "\r", "mixed"]))
    if newline == "mixed":
        ends = draw(st.randoms(use_true_random=False))
        text = re.sub("\n", lambda _: ends.choice(["\n", "\r\n", "\r"]), text)
    else:
        text = text.replace("\n", newline)
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "cp1252", "shift_jis"]))
    if encoding == "utf-8":
        return text.encode()
    if encoding == "utf-8-sig":
        return codecs.BOM_UTF8 + text.encode()
    first = f"# -*- coding: {encoding} -*-\n"
    return (first + text.replace("utf-8", encoding)).encode(encoding, "ignore")
