"""A session from its beginning to its end, in order and otherwise."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.cli.running import COMMAND, module, only_run
from tests.server.editor import PATIENCE, Editor, line

TESTED = "# %%\ndef test_a():\n    assert 1\n\ntest_a()\n"
MANY = TESTED * 200


def test_the_server_says_what_it_can(editor: Editor) -> None:
    said = editor.said.capabilities
    assert said.hover_provider
    assert isinstance(said.code_action_provider, types.CodeActionOptions)
    assert said.code_action_provider.resolve_provider
    assert said.execute_command_provider is not None
    assert list(said.execute_command_provider.commands) == ["modfix.verify"]
    assert isinstance(said.text_document_sync, types.TextDocumentSyncOptions)
    assert said.text_document_sync.open_close
    assert said.text_document_sync.change == types.TextDocumentSyncKind.Incremental
    assert said.notebook_document_sync is not None
    assert editor.said.server_info is not None and editor.said.server_info.name == "modfix"


def test_a_session_that_ends_in_order_ends_with_0(session: Editor) -> None:
    assert session.shut_down() == 0


def test_leaving_without_a_word_before_ends_with_1(session: Editor) -> None:
    session.tell(session.client.exit, None)
    assert session.ended() == 1


@pytest.mark.parametrize("busy", [False, True])
def test_a_client_that_is_gone_ends_the_server(session: Editor, busy: bool) -> None:
    if busy:
        session.open((session.root / "a.py").as_uri(), MANY)
    assert session.gone() == 1
    assert "Traceback" not in session.errors.decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_server(session: Editor, number: signal.Signals) -> None:
    uri = (session.root / "a.py").as_uri()
    session.open(uri, TESTED)
    session.diagnostics(uri)
    session.process.send_signal(number)
    assert session.ended() == -number


def test_what_a_rule_prints_and_reads_is_not_the_protocols(session: Editor) -> None:
    (session.root / "rules.py").write_text(
        "import os, sys\n"
        "from modfix.rule import *\n\n"
        'print("imported")\n\n'
        "class Loud(Rule):\n"
        '    """Loud."""\n\n'
        '    code, name = "ABC101", "loud"\n\n'
        "    def check(self, module):\n"
        '        print("Content-Length: 5")\n'
        '        os.write(1, b"from below")\n'
        "        yield self.at(module.document.cells[0], repr(sys.stdin.read()))\n"
    )
    (session.root / "modfix.toml").write_text('local-rules = ["rules.py"]\nselect = ["ABC"]\n')
    uri = (session.root / "a.py").as_uri()
    session.open(uri, TESTED)
    assert [each.message for each in session.diagnostics(uri)] == ["''"]
    assert session.shut_down() == 0
    assert "from below" in session.errors.decode()


def test_a_rule_that_raises_is_one_finding(session: Editor) -> None:
    (session.root / "rules.py").write_text(
        "from modfix.rule import *\n\n"
        "class Broken(Rule):\n"
        '    """Broken."""\n\n'
        '    code, name = "ABC101", "broken"\n\n'
        "    def check(self, module):\n"
        '        raise ValueError("no")\n'
    )
    (session.root / "modfix.toml").write_text('local-rules = ["rules.py"]\nselect = ["ABC"]\n')
    uri = (session.root / "a.py").as_uri()
    session.open(uri, TESTED)
    (found,) = session.diagnostics(uri)
    assert "rule ABC101 failed with ValueError: no" in found.message
    assert [each.title for each in session.actions(uri, line(1))] == []
    session.open((session.root / "b.py").as_uri(), TESTED)
    assert session.diagnostics((session.root / "b.py").as_uri())
    before = len(session.published)  # mended while the server runs
    (session.root / "rules.py").write_text("")
    session.changed_on_disk(session.root / "rules.py")
    (found,) = session.diagnostics(uri, after=before)
    assert "unknown rule `ABC`" in found.message


@pytest.mark.parametrize("leave", ["shut_down", "gone"])
def test_a_rule_that_never_ends_does_not_keep_the_server(session: Editor, leave: str) -> None:
    (session.root / "rules.py").write_text(
        "import sys, time\n"
        "from modfix.rule import *\n\n"
        "class Endless(Rule):\n"
        '    """Endless."""\n\n'
        '    code, name = "ABC101", "endless"\n\n'
        "    def check(self, module):\n"
        '        print("it runs", flush=True)\n'
        "        while True:\n"
        "            time.sleep(1)\n"
        "        yield\n"
    )
    (session.root / "modfix.toml").write_text('local-rules = ["rules.py"]\nselect = ["ABC"]\n')
    session.open((session.root / "a.py").as_uri(), TESTED)
    for _ in range(20 * PATIENCE):
        if b"it runs" in session.errors:
            break
        time.sleep(0.05)
    assert getattr(session, leave)() == (0 if leave == "shut_down" else 1)


def test_a_cancelled_request_is_answered_so(editor: Editor) -> None:
    uri = (editor.root / "slow.py").as_uri()
    editor.open(uri, MANY)

    async def ask_and_cancel() -> None:
        context = types.CodeActionContext([])
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), line(1), context)
        request = editor.client.protocol.send_request(
            "textDocument/codeAction", params, msg_id="mine"
        )
        editor.client.cancel_request(types.CancelParams("mine"))
        await asyncio.wrap_future(request)

    with pytest.raises(JsonRpcException) as raised:
        editor.wait_for(ask_and_cancel())
    assert raised.value.code == types.LSPErrorCodes.RequestCancelled.value
    assert editor.diagnostics(uri)  # the review went on
    editor.close(uri)


def test_verifying_runs_the_saved_module_and_only_when_asked(editor: Editor, folder: Path) -> None:
    mark = folder / "it ran"
    text = f"# %%\ndef test_a():\n    assert 1\n\nopen({str(mark)!r}, 'w').close()\ntest_a()\n"
    only_run(folder)
    with (folder / "modfix.toml").open("a") as settings:
        settings.write('sandbox = "none"\n')
    path = module(folder, text)
    uri = path.as_uri()
    editor.open(uri, f"{text}assert False\n")
    editor.diagnostics(uri)
    for action in editor.actions(uri, line(6)):
        editor.resolve(action)
    editor.save(uri)
    assert editor.actions(uri, line(6)) and not mark.exists()
    messages, progress = len(editor.messages), len(editor.progress)
    answer = editor.execute("modfix.verify", uri)
    assert mark.exists()
    assert answer["passed"] is True
    (told,) = editor.messages[messages:]
    assert told.message.startswith("sums_dev.py: verified: 1 passed (sandbox: none")
    assert told.message.endswith("; what is not saved yet was not run")
    kinds = [each.value["kind"] for each in editor.progress[progress:]]
    assert kinds == ["begin", "report", "report", "end"]
    assert "direct execution" in editor.logged[-1].message


def test_a_verdict_says_what_failed(editor: Editor, folder: Path) -> None:
    only_run(folder)
    path = module(folder, "# %%\nassert 1 == 2\n")
    messages = len(editor.messages)
    editor.execute("modfix.verify", path.as_uri())  # open or not
    (told,) = editor.messages[messages:]
    assert (told.type, "direct execution failed" in told.message) == (types.MessageType.Error, True)


def test_a_verification_can_be_stopped(editor: Editor, folder: Path) -> None:
    only_run(folder)
    path = module(folder, "# %%\nimport time\ntime.sleep(1)\n")
    messages, progress = len(editor.messages), len(editor.progress)
    command = types.ExecuteCommandParams("modfix.verify", [path.as_uri()])
    running = asyncio.run_coroutine_threadsafe(
        editor.client.workspace_execute_command_async(command), editor.loop
    )
    (begun, *_) = editor.until(lambda: editor.progress[progress:])
    stop = types.WorkDoneProgressCancelParams(begun.token)
    editor.tell(editor.client.window_work_done_progress_cancel, stop)
    assert running.result(PATIENCE) is None
    (told,) = editor.messages[messages:]
    assert told.message == "modfix: the verification of sums_dev.py was stopped"
    assert editor.progress[-1].value["kind"] == "end"


@pytest.mark.parametrize("argument", ["untitled:Untitled-1", "file:///no/such_dev.py", "nonsense"])
def test_what_is_not_saved_cannot_be_verified(editor: Editor, argument: str) -> None:
    messages = len(editor.messages)
    assert editor.execute("modfix.verify", argument) is None
    assert "saved" in editor.messages[messages:][0].message


@pytest.mark.parametrize("arguments", [(), (1,), ("a", "b")])
def test_a_command_without_its_argument_is_refused(
    editor: Editor, arguments: tuple[object]
) -> None:
    with pytest.raises(JsonRpcException):
        editor.execute("modfix.verify", *arguments)


@pytest.mark.parametrize("leave", ["shut_down", "gone"])
def test_leaving_ends_what_is_verified(session: Editor, leave: str, tmp_path: Path) -> None:
    only_run(tmp_path)
    mark = tmp_path / "running"
    text = f"# %%\nimport os, time\nprint(os.getpid())\ntime.sleep(600)\n# {mark}\n"
    path = module(tmp_path, text)
    asyncio.run_coroutine_threadsafe(
        session.client.workspace_execute_command_async(
            types.ExecuteCommandParams("modfix.verify", [path.as_uri()])
        ),
        session.loop,
    )
    session.until(lambda: any(each.value["kind"] == "report" for each in session.progress))
    assert getattr(session, leave)() == (0 if leave == "shut_down" else 1)


def test_without_the_extra_the_command_says_what_to_install(tmp_path: Path) -> None:
    for name in ("pygls", "lsprotocol"):  # as if it were not installed: found first, and nothing
        blocked = "import sys; sys.modules[{!r}] = None; from modfix.cli import main; main()"
        result = subprocess.run(
            [sys.executable, "-c", blocked.format(name), "server"],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        said = "error: the editor server needs pygls 2; `pip install 'modfix[server]'`\n"
        assert (result.returncode, result.stdout, result.stderr) == (2, "", said)


@pytest.mark.parametrize("command", [("check",), ("rules",), ("fix", "--diff"), ("--help",)])
def test_no_other_command_imports_it(tmp_path: Path, command: tuple[str, ...]) -> None:
    module(tmp_path)
    code = (
        "import sys, atexit\n"
        "atexit.register(lambda: print([n for n in sys.modules if n.split('.')[0] in"
        " ('pygls', 'lsprotocol', 'cattrs', 'asyncio')], file=sys.stderr))\n"
        "from modfix.cli import main\nmain()\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, *command],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "MODFIX_CACHE_DIR": str(tmp_path / "cache")},
        check=False,
    )
    assert result.stderr.endswith("[]\n"), result.stderr
    assert COMMAND
