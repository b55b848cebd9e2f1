"""Course code hangs, leaves, floods and deletes: each way has its reason, and none passes."""

import os
from pathlib import Path

import pytest

from tests.verify.modules import levels, line_of, settings, step, write

# Step, module, a part of the reason ("": it passes), and a part of the line that is blamed.
CASES = {
    "it is fine": ("run", "print('fine')", "", ""),
    "it hangs": (
        "run",
        """
        # %%
        def forever():
            while True:
                pass  # here

        # %%
        forever()
        """,
        "did not finish within 2 s (settings: verify.timeout)",
        "",
    ),
    "it waits in C": ("run", "import time\ntime.sleep(60)", "did not finish within 2 s", "sleep"),
    "it leaves with a status": (
        "run",
        "import sys\n# %%\nsys.exit(3)",
        "exited with code 3 by itself (sys.exit) at line 3",
        "sys.exit(3)",
    ),
    "it leaves with status 0 halfway": (
        "run",
        "import sys\n# %%\nsys.exit(0)\n# %%\nassert False",
        "exited with code 0 by itself (sys.exit) at line 3",
        "sys.exit(0)",
    ),
    "its last statement is sys.exit": (
        "run",
        "import sys\nif __name__ == '__main__':\n    print(1)\n    sys.exit(0)",
        "",
        "",
    ),
    "it leaves without a trace": (
        "run",
        "import os\n# %%\nos._exit(0)",
        "exited with code 0 by itself (os._exit) at line 3",
        "os._exit(0)",
    ),
    "it leaves while it is imported": (
        "import",
        "import sys\n# %%\nsys.exit()",
        "exited with code 0 by itself (sys.exit) at line 3",
        "sys.exit()",
    ),
    "a test leaves": (
        "pytest",
        "import os\n# %%\ndef test_a():\n    os._exit(0)\n\ndef test_b():\n    assert False",
        "exited with code 0 by itself (os._exit) at line 4",
        "os._exit(0)",
    ),
    "the integration test leaves": (
        "integration",
        "import os\n# %%\ndef test_module():\n    os._exit(0)",
        "exited with code 0 by itself (os._exit) at line 4",
        "os._exit(0)",
    ),
    "it kills itself": (
        "run",
        "import os\nos.kill(os.getpid(), 9)",
        "killed by signal 9 (SIGKILL)",
        "",
    ),
    "it crashes": (
        "run",
        "import ctypes\n# %%\nctypes.string_at(0)",
        "killed by signal 11 (SIGSEGV)",
        "string_at",
    ),
    "its end fails": (
        "run",
        "import atexit, os\natexit.register(lambda: os._exit(4))",
        "exited with code 4 by itself (os._exit)",
        "",
    ),
    "it wants too much memory": (
        "run",
        "# %%\nwhole = bytearray(1 << 30)",
        "used more than 512 MiB (settings: verify.memory)",
        "bytearray",
    ),
    "it fills the memory bit by bit": (
        "run",
        "# %%\nparts = []\nwhile True:\n    parts.append(bytearray(1 << 20))",
        "used more than 512 MiB (settings: verify.memory)",
        "parts.append",
    ),
    "it fills the disk": (
        "run",
        "with open('big', 'wb') as f:\n    f.truncate(2 << 30)",
        "OSError: [Errno 27] File too large",
        "",
    ),
    "it asks": ("run", "# %%\nname = input('who? ')", "EOFError: EOF when reading", "input("),
    "it is no Python": ("run", "# %%\ndef f(:\n    pass", "SyntaxError", "def f(:"),
    "it fails elsewhere": (
        "run",
        "# %%\nimport json\njson.loads('{')",
        "JSONDecodeError",
        "json.l",
    ),
    "its error cannot be shown": (
        "run",
        "class E(Exception):\n    def __str__(self): raise ValueError\nraise E",
        "E: <its message cannot be shown: ValueError>",
        "raise E",
    ),
    "it speaks other languages": (
        "run",
        "print('Größe 🚀')\n# %%\nassert 1 > 2, 'größer als 🚀'",
        "AssertionError: größer als 🚀",
        "assert 1 > 2",
    ),
    "it asserts without a word": (
        "run",
        "# %%\nassert 1 > 2",
        "AssertionError at `assert 1 > 2`",
        "assert 1 > 2",
    ),
    "it pickles what it defines": (
        "run",
        "import pickle, sys\nclass A: pass\n"
        "assert type(pickle.loads(pickle.dumps(A()))) is A\n"
        "assert sys.argv == [__file__] and __name__ == '__main__'\n"
        "assert sys.modules['__main__'].A is A and __spec__ is None",
        "",
        "",
    ),
    "it starts workers": (
        "run",
        "from multiprocessing import get_context\n"
        "def double(x): return 2 * x\n"
        "if __name__ == '__main__':\n"
        "    for way in ('fork', 'spawn'):\n"
        "        with get_context(way).Pool(2) as pool:\n"
        "            assert pool.map(double, [1, 2]) == [2, 4]",
        "",
        "",
    ),
    "its threads outlive its text": (
        "run",
        "import threading, time, pickle\nclass A: pass\n"
        "def late():\n    time.sleep(0.2); pickle.dumps(A())\n"
        "threading.Thread(target=late).start()",
        "",
        "",
    ),
}


@pytest.mark.parametrize("level", levels())
@pytest.mark.parametrize(("name", "text", "reason", "blamed"), CASES.values(), ids=CASES)
def test_what_it_does_is_told(
    tmp_path: Path, name: str, text: str, reason: str, blamed: str, level: str
) -> None:
    document = write(tmp_path, text)
    hangs = "did not finish" in reason
    result = step(document, name, timeout=2 if hangs else 30, memory=512, sandbox=level)
    assert result.outcome == ("failed" if reason else "passed"), result
    assert result.reason == "" if not reason else reason in result.reason
    assert "\n" not in result.reason
    if blamed:
        assert result.place is not None
        assert result.place.line == line_of(document, blamed)
        assert blamed in result.detail


@pytest.mark.parametrize("level", levels())
def test_a_flood_is_bounded(tmp_path: Path, level: str) -> None:
    text = (
        "line = 'x' * 99 + '\\n'\nfor _ in range(200):\n    print(line * 10_000)\nprint('end')\n1/0"
    )
    result = step(write(tmp_path, text), "run", sandbox=level)
    assert result.reason.startswith("ZeroDivisionError")
    assert "output: end" in result.detail
    assert len(result.detail) < 5000


HARM = """
import os, pathlib, shutil
here = pathlib.Path(__file__).resolve()
assert (here.parent / "data" / "numbers.txt").read_text() == "1"
(here.parent / "written.txt").write_text("x")
(here.parent / "data" / "numbers.txt").write_text("2")
(here.parent / "linked.txt").write_text("2")
(here.parent / "linked" / "far.txt").write_text("2")
pathlib.Path("written.txt").write_text("x")
pathlib.Path.home().joinpath("written.txt").write_text("x")
here.unlink()
shutil.rmtree(here.parent)
"""


@pytest.mark.parametrize("level", levels())
def test_the_source_tree_is_untouched(tmp_path: Path, level: str) -> None:
    far = tmp_path / "far"
    far.mkdir()
    (far / "far.txt").write_text("1")
    course = tmp_path / "course"
    document = write(course, HARM, "17 harm-dev.py")
    (course / "data").mkdir()
    (course / "data" / "numbers.txt").write_text("1")
    (course / "linked.txt").symlink_to(far / "far.txt")
    (course / "linked").symlink_to(far)
    (course / "loop").symlink_to(course)
    (course / "gone").symlink_to(course / "nowhere")
    os.mkfifo(course / "pipe")
    before = listing(tmp_path)
    result = step(document, "run", sandbox=level)
    assert result.outcome == "passed", result
    assert listing(tmp_path) == before


def listing(root: Path) -> dict[str, object]:
    return {
        str(path): (path.lstat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in sorted(root.rglob("*"))
    }


def test_what_is_too_large_is_not_copied_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("modfix.verify.scratch.LARGEST_FILE", 1000)
    (tmp_path / "large.bin").write_bytes(bytes(1001))
    (tmp_path / "small.bin").write_bytes(bytes(1000))
    result = step(write(tmp_path, "open('small.bin')\nopen('large.bin')\n"), "run")
    assert result.reason.startswith("FileNotFoundError")
    assert "not copied, too large: large.bin" in result.detail


def test_nothing_is_left_in_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    locked = "import os\nos.makedirs('a/b')\nos.chmod('a', 0)\n"
    deep = "for _ in range(2000):\n    os.mkdir('d' * 20)\n    os.chdir('d' * 20)\n"
    assert step(write(tmp_path / "course", locked + deep), "run").outcome == "passed"
    assert [path.name for path in tmp_path.iterdir()] == ["course"]


def test_the_text_that_is_verified_need_not_be_on_disk(tmp_path: Path) -> None:
    from modfix.document.document import Document

    path = write(tmp_path, "raise SystemExit(1)").path
    assert step(Document.from_bytes(path, b"x = 1\r\nassert x == 1\r\n"), "run").outcome == "passed"
    assert step(Document.from_bytes(tmp_path / "new" / "a.py", b"x = 1"), "run").outcome == "passed"


def test_a_python_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    from modfix.errors import ModfixError

    with pytest.raises(ModfixError, match="cannot be run"):
        step(write(tmp_path, "x = 1"), "run", python="no-such-python")


def test_an_unknown_step_is_an_error(tmp_path: Path) -> None:
    from modfix.errors import ModfixError
    from modfix.verify.run import verify

    with pytest.raises(ModfixError, match="there is no `fly`; choose from run, import"):
        verify(write(tmp_path, "x = 1"), settings(steps=["fly"]))
