"""Course code at the record of its own run, and at the scratch folder: neither costs more than it.

That a module can make its own tests look passed is said in the README; here it must not stop
modfix, keep it waiting, have it read or write elsewhere, or leave anything behind.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.running import only_run, run, without_privileges
from tests.verify.modules import levels, step, write

KILLED = "killed by signal 9 (SIGKILL)"
# What the code can know: the folder of the record, the order with its secret, the root of all.
KNOWING = """
import json, os, pathlib, shutil
root = pathlib.Path.home().parent
job = json.loads((root / "control" / "job.json").read_text())
record, stack, module = job["events"], job["stack"], job["module"]

def tell(**facts):
    with open(record, "a") as file:
        file.write(json.dumps({"nonce": job["nonce"], **facts}) + "\\n")

def end():
    os.kill(os.getpid(), 9)
"""
ERROR = "event='error', kinds=['E'], message='m', frames=[[1, 'f']], last=[]"
# What it does, and the reason that is told ("": it passes).
ACTS: dict[str, tuple[str, str]] = {
    "brackets without end": ("open(record, 'a').write('[' * 200_000 + '\\n')", ""),
    "bytes of no text": ("open(record, 'ab').write(b'\\0\\xff\\n{}\\n[]\\n3\\n')", ""),
    "no kind": ("tell()", ""),
    "a kind of no driver": ("tell(event='score ')", ""),
    "an error without facts": ("tell(event='error')", ""),
    "an error of wrong facts": ("tell(event='error', kinds=3, message=[], frames={'a': 1})", ""),
    "an error of no kinds": (f"tell(**(dict({ERROR}) | dict(kinds=[])))", ""),
    "an error at no line": (f"tell(**(dict({ERROR}) | dict(frames=[[1e400, 'f']])))", ""),
    "an error far below": (f"tell(**(dict({ERROR}) | dict(frames=[[10**9, 'f']]))); end()", "E: m"),
    "an exit of wrong facts": ("tell(event='exit', how=[1], code='', frames=[3]); end()", KILLED),
    "an end, but none": ("tell(event='finished'); end()", KILLED),
    "a stack far below": (
        "line = '9' * 5000\n"
        "open(stack, 'w').write(f'  File \"{module}\", line {line} in x\\n'); end()", KILLED),
    "a pipe": ("os.mkfifo(record); end()", KILLED),
    "a folder": ("os.mkdir(record); end()", KILLED),
    "an endless device": ("os.symlink('/dev/zero', record); end()", KILLED),
    "a file that is waited for": ("os.symlink('/proc/kmsg', record); end()", KILLED),
    "a link to itself": ("os.symlink(record, record); end()", KILLED),
    "a link to a name that is too long": ("os.symlink('x' * 300, record); end()", KILLED),
    "no record": ("shutil.rmtree(root / 'control'); end()", KILLED),
    "stdout that is none": ("import sys; sys.stdout = sys.stderr = sys.exit = None; 1 / 0",
                            "ZeroDivisionError: division by zero"),
    "an end without json": ("json.dumps = None", "exited with code 1 before it was done"),
    "an end without open": ("os.open = None", "exited with code 1 before it was done"),
    "an end that the system makes": ("import ctypes; ctypes.CDLL(None)._exit(0)",
                                     "exited with code 0 before it was done"),
    "another program": ("os.execv('/bin/true', ['true'])",
                        "exited with code 0 before it was done"),
    "no descriptors": ("os.closerange(0, 1000); 1 / 0", "ZeroDivisionError: division by zero"),
    "ignored signals": (
        "import signal, time\n"
        "for each in set(signal.Signals) - {9, 19}: signal.signal(each, signal.SIG_IGN)\n"
        "time.sleep(60)", "did not finish within 2 s (settings: verify.timeout)"),
    "threads that never end": (
        "import threading, time\n"
        "for _ in range(5): threading.Thread(target=time.sleep, args=(60,)).start()",
        "did not finish within 2 s (settings: verify.timeout)"),
}  # fmt: skip


@pytest.mark.parametrize("level", levels())
@pytest.mark.parametrize(("act", "reason"), ACTS.values(), ids=ACTS)
def test_the_record_is_only_read(act: str, reason: str, level: str, tmp_path: Path) -> None:
    timeout = 2 if "did not finish" in reason else 30
    result = step(write(tmp_path, KNOWING + act), "run", timeout=timeout, sandbox=level)
    assert (result.outcome, result.reason) == ("failed" if reason else "passed", reason)


# The step, what is done besides, and the outcome and reason.
ENDS = {
    "of tests": (
        "pytest", "tell(event='finished'); __import__('ctypes').CDLL(None)._exit(0)",
        "failed", "its result is missing from the record"),
    "of a notebook": (
        "nbgrader", "tell(event='validated'); tell(event='cell', cell=9); tell(event='refused')",
        "passed", "no graded cell"),
}  # fmt: skip


@pytest.mark.parametrize("level", levels())
@pytest.mark.parametrize(("name", "act", "outcome", "reason"), ENDS.values(), ids=ENDS)
def test_results_of_no_driver(
    name: str, act: str, outcome: str, reason: str, level: str, tmp_path: Path
) -> None:
    result = step(write(tmp_path, f"# %%{KNOWING}{act}\n"), name, sandbox=level)
    assert (result.outcome, result.reason) == (outcome, reason)


# It writes into every pipe of the processes that watch over it, where it can see them.
PIPES = """
def pipes(process):
    for each in os.listdir(f"/proc/{process}/fd"):
        path = f"/proc/{process}/fd/{each}"
        if os.readlink(path).startswith("pipe"):
            yield os.open(path, os.O_WRONLY | os.O_NONBLOCK)

keeper = os.getppid()
above = int(pathlib.Path(f"/proc/{keeper}/stat").read_text().rpartition(")")[2].split()[1])
"""
SAID = {
    "no facts": r'b"garbage {]\n[3]\n3\n\xff\n"',
    "facts of wrong types": r"""b'{"code":"0","left_behind":[],"exceeded":"luck"}\n""" "",
}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="opens pipes through /proc")
@pytest.mark.parametrize("level", levels())
@pytest.mark.parametrize("above", [False, True])
@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_what_it_writes_into_our_pipes(said: str, above: bool, level: str, tmp_path: Path) -> None:
    whose = "(keeper, above)" if above else "(keeper,)"
    each = f"    for pipe in pipes(process):\n        os.write(pipe, {said})"
    act = f"for process in {whose}:\n{each}"
    result = step(write(tmp_path, f"{KNOWING}{PIPES}{act}\n"), "run", sandbox=level)
    assert result.outcome in ("passed", "failed") and "sandbox" not in result.reason


# What it does with the scratch folder, whose root a sandbox does not let it move.
PLACES = {
    "links out": "os.symlink(victim, 'out'); os.symlink(victim, root / 'tmp' / 'out')",
    "links in place of folders": "shutil.rmtree(root / 'tmp'); os.symlink(victim, root / 'tmp')",
    "locked folders": "os.makedirs('a/b'); os.chmod('a/b', 0); os.chmod('a', 0); os.chmod('.', 0)",
    "a locked record": "os.chmod(root / 'control', 0)",
    "a locked root": "os.chmod(root, 0)",
    "a moved root": "os.rename(root, f'{root}-moved')",
    "a link in place of the root": "os.rename(root, f'{root}-moved'); os.symlink(victim, root)",
    "many files": "os.mkdir('m')\nfor n in range(20_000): open(f'm/{n}', 'w').close()",
}


@pytest.mark.parametrize("level", levels())
@pytest.mark.parametrize("act", PLACES.values(), ids=PLACES)
def test_the_scratch_folder_goes_and_nothing_else(act: str, level: str, tmp_path: Path) -> None:
    victim, temporary, course = (tmp_path / name for name in ("victim", "tmp", "course"))
    for folder in (victim, temporary, course):
        folder.mkdir()
    (victim / "kept").write_text("1")
    only_run(course)
    document = write(course, f"# %%{KNOWING}\nvictim = {str(victim)!r}\n{act}\n")
    result = run(
        "verify", "--no-cache", "--sandbox", level, document.path.name, cwd=course,
        env={"TMPDIR": str(temporary)}, preexec_fn=without_privileges,
    )  # fmt: skip
    assert result.returncode in (0, 1) and result.stderr == "", result
    assert list(temporary.iterdir()) == []
    assert (victim / "kept").read_text() == "1"
    assert document.path.read_bytes() == document.to_bytes()


# Files beside the module that bear the names of what a driver, pytest or Python imports.
BESIDE = ("json", "pytest", "sitecustomize", "usercustomize", "conftest", "run", "record", "start",
          "traceback", "faulthandler", "ast", "importlib", "pathlib", "contextlib", "nbformat",
          "jupytext", "nbgrader_config", "modfix")  # fmt: skip


@pytest.mark.parametrize("name", BESIDE)
def test_a_file_beside_it_that_is_named_like_one_of_ours(name: str, tmp_path: Path) -> None:
    (tmp_path / f"{name}.py").write_text("raise SystemExit('not asked for')\n")
    document = write(tmp_path, "x = 1\ndef test_module(): assert x\n")
    assert step(document, "run", sandbox="none").outcome == "passed"
