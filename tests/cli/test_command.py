"""The command as people meet it: options, exit codes, signals, terminals."""

import json
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from playground.cli.app import run_verb
from playground.cli.options import Options, only_shared, options_first
from playground.cli.output import safe
from playground.client.announced import read_announced
from tests.cli.conftest import Run, process
from tests.servers import PROJECTS, SAMPLES, Server, StartServer


def test_shared_options_may_stand_behind_the_verb() -> None:
    assert options_first(["serve", "--project", "x", "--port", "1", "--key=k"]) == [
        "--project",
        "x",
        "--key=k",
        "serve",
        "--port",
        "1",
    ]
    assert options_first(["run", "a", "--", "--demo"]) == ["run", "a", "--", "--demo"]
    assert options_first(["graphs", "--url"]) == ["--url", "graphs"]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--demo"],
        ["--debug", "--project", "a b", "--store=s", "--key", "k", "--python", "py"],
        ["--url=http://h:1", "--url", "http://h:2"],
    ],
)
def test_the_short_way_to_the_screens_reads_options_as_the_long_one(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYGROUND_STORE", "/from/environment")
    monkeypatch.setenv("PLAYGROUND_PYTHON", "")
    opened: list[Options] = []
    monkeypatch.setattr("playground.cli.screens.screens", lambda options: opened.append(options) or 0)
    run_verb(arguments)
    assert [only_shared(arguments)] == opened


@pytest.mark.parametrize(
    "arguments",
    [
        ["graphs"],
        ["--help"],
        ["--version"],
        ["--nix"],
        ["--project"],
        ["--project="],
        ["--project", "--demo"],
        ["--demo=1"],
    ],
)
def test_all_else_goes_the_long_way(arguments: list[str]) -> None:
    assert only_shared(arguments) is None


def test_what_a_terminal_would_obey_is_taken_out() -> None:
    assert safe("a\x1b[31m\x07\x9b\u202e\ud800\r\nb\tü漢👍") == "a�[31m����\nb\tü漢👍"


def test_version_and_help(command: Run) -> None:
    assert re.fullmatch(r"langgraph-playground \d+\.\d+\.\d+\S*\n", command("--version").out)
    help_ = command("--help")
    assert help_.code == 0
    verbs = "graphs assistants versions show diff new fork save rename promote label delete export import run doctor"
    for verb in f"{verbs} serve backup restore".split():
        assert re.search(f"^  {verb} .*[^.][.]$", help_.out, re.MULTILINE), verb  # whole, not cut with three dots
    assert "PLAYGROUND_PROJECT" in help_.out


def test_an_unknown_verb(command: Run) -> None:
    result = command("nix")
    assert (result.code, result.out) == (2, "")
    assert result.err == "No such command 'nix'. See `playground --help`.\n"


def test_outside_a_project(command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for verb in (["graphs"], ["run", "x", "hi"], ["--project", str(tmp_path), "assistants"]):
        result = command(*verb)
        assert (result.code, result.out) == (2, "")
        assert "There is no langgraph.json" in result.err
        assert "--demo" in result.err


def test_without_a_terminal_there_are_no_screens(command: Run) -> None:
    result = command("--demo")
    assert result.code == 2
    assert "need a terminal" in result.err


def test_no_server(command: Run, server: Server) -> None:
    server.kill()
    refused = command("graphs", "--url", server.url)
    assert (refused.code, refused.out) == (3, "")
    assert "does not answer (connection refused)" in refused.err


def test_a_wrong_key(command: Run, odd_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_URL", odd_server.url)
    monkeypatch.setenv("PLAYGROUND_KEY", "wrong-secret")
    refused = command("graphs")
    assert refused.code == 2
    assert "--key" in refused.err
    assert "wrong-secret" not in refused.err
    monkeypatch.setenv("PLAYGROUND_KEY", odd_server.key)
    assert command("graphs").code == 0


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROJECTS / "runs", tmp_path / "project", ignore=shutil.ignore_patterns(".playground")))


def test_doctor(command: Run, project: Path) -> None:
    result = command("doctor", "--project", str(project))
    assert result.code == 1
    lines = {line.split()[1]: line for line in result.out.splitlines()}
    assert lines["project"] == f"✔ project    {project}"
    assert lines["store"].startswith("✔")
    assert lines["echo"].startswith("✔")
    assert lines["broken"].startswith("✘")
    assert "no_such_module" in lines["broken"]
    assert "Traceback" not in result.out + result.err
    checks = json.loads(command("doctor", "--project", str(project), "--json").out)
    found = {check["name"]: check["ok"] for check in checks}
    assert (found["server"], found["echo"], found["broken"]) == (True, True, False)
    _end(project)


def test_doctor_without_a_project_or_with_a_broken_one(command: Run, project: Path, tmp_path: Path) -> None:
    result = command("doctor", "--project", str(tmp_path))
    assert result.code == 1
    assert "✘ project" in result.out
    (project / "langgraph.json").write_text("{")
    result = command("doctor", "--project", str(project))
    assert result.code == 1
    assert "✘ server" in result.out
    assert "langgraph.json" in result.out


def test_a_project_in_a_folder_that_looks_like_ours(
    command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module named `playground` in the project must not be taken for the server's."""
    folder = tmp_path / "it's a project"
    shutil.copytree(PROJECTS / "runs", folder, ignore=shutil.ignore_patterns(".playground"))
    (folder / "playground.py").write_text("raise RuntimeError('not me')\n")
    (folder / "deeper").mkdir()
    monkeypatch.chdir(folder / "deeper")
    result = command("run", "tokens", "2")
    assert (result.code, result.out) == (0, "word0 word1 \n")
    _end(folder)


def test_serve_says_where_and_keeps_its_key(tmp_path: Path) -> None:
    server = process(
        "serve", "--project", str(SAMPLES), "--store", str(tmp_path / "s"), "--port", "0", "--key", "secret"
    )
    assert server.stdout is not None
    line = server.stdout.readline()
    url = line.rsplit(maxsplit=1)[1]
    assert line == f"Serving {SAMPLES} at {url}\n"
    assert httpx.get(f"{url}/assistants/x", trust_env=False).status_code in (401, 403)
    server.send_signal(signal.SIGTERM)
    out, err = server.communicate(timeout=20)
    assert "secret" not in out + err


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        server = process("serve", "--project", str(SAMPLES), "--store", str(tmp_path / "s"), "--port", port)
        out, err = server.communicate(timeout=20)
    assert (server.returncode, out) == (3, "")
    assert err.count("\n") == 1
    assert port in err


def test_a_reader_that_has_enough_is_no_error(odd_server: Server) -> None:
    running = process("run", "shout", "hi", "--json", "--url", odd_server.url, "--key", odd_server.key)
    assert running.stdout is not None
    running.stdout.close()
    assert running.stderr is not None
    err = running.stderr.read()
    assert running.wait(20) == 0
    assert "Traceback" not in err
    assert "BrokenPipe" not in err


def test_ctrl_c_stops_the_run(start_server: StartServer) -> None:
    server = start_server(PROJECTS / "runs")
    running = process("run", "sleep", '{"seconds": 60}', "--url", server.url, "--key", server.key)
    assert running.stderr is not None
    thread = running.stderr.readline().split()[-1]
    running.send_signal(signal.SIGINT)
    assert running.wait(20) == 130
    assert "Traceback" not in running.stderr.read()
    (run,) = server.sync_client().runs.list(thread)
    server.sync_client().runs.join(thread, run["run_id"])
    assert server.sync_client().runs.get(thread, run["run_id"])["status"] == "interrupted"


def test_a_terminal_gets_no_control_characters(odd_server: Server) -> None:
    ours, theirs = pty.openpty()
    running = process(
        "run", "shout", "hi", "--url", odd_server.url, "--key", odd_server.key, stdout=theirs, stderr=subprocess.PIPE
    )
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # EIO is a terminal's end
        while piece := os.read(ours, 65536):
            shown += piece
    os.close(ours)
    assert running.wait(20) == 0
    assert b"[/bold] [red]not red" in shown
    assert b"\x1b" not in shown
    assert b"\x07" not in shown
    assert "\u202e" not in shown.decode()


def test_the_kill_of_a_server_during_a_run_is_one_sentence(start_server: StartServer) -> None:
    server = start_server(PROJECTS / "runs")
    running = process("run", "sleep", '{"seconds": 60}', "--url", server.url, "--key", server.key)
    assert running.stderr is not None
    running.stderr.readline()
    assert running.stderr.readline() == '· "sleeping"\n'
    server.kill()
    assert running.stderr.readline().startswith("· "), "that it is gone, by the connection or by the stream"
    assert running.wait(40) == 3, "it may come back: it is waited for"
    err = running.stderr.read()
    assert err.count("\n") == 1
    assert "didn't come back within 15 seconds" in err


def test_verbs_import_neither_langgraph_nor_textual() -> None:
    """What a verb needs loads fast; the server has the rest."""
    script = (
        "import sys; from playground.cli import run; run(['graphs', '--url', 'http://127.0.0.1:9']);"
        "print([m for m in ('langgraph', 'textual', 'tinydb', 'fastapi') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def _end(project: Path) -> None:
    """Ends the server that a verb started, without waiting until it ends by itself."""
    if announced := read_announced(project / ".playground"):
        with suppress(ProcessLookupError):
            os.kill(announced.pid, signal.SIGKILL)
