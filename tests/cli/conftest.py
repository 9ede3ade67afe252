"""The command: in this process where only its words count, in one of its own where signals and terminals do."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from playground.cli import run
from tests.servers import PROJECTS, Server


@dataclass(frozen=True, slots=True)
class Result:
    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("PLAYGROUND_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def odd_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Graphs that do one odd thing each."""
    server = Server(PROJECTS / "runs", tmp_path_factory.mktemp("odd") / "store").start()
    yield server
    server.kill()


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Run:
    """`command("versions", "writer")`: the command's exit code and output."""

    def call(*arguments: str) -> Result:
        code = run(list(arguments))
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return call


@pytest.fixture
def samples(command: Run, shared_server: Server) -> Run:
    """The command on the sample project."""
    return lambda *arguments: command(*arguments, "--url", shared_server.url, "--key", shared_server.key)


@pytest.fixture
def odd(command: Run, odd_server: Server) -> Run:
    """The command on the odd graphs."""
    return lambda *arguments: command(*arguments, "--url", odd_server.url, "--key", odd_server.key)


def process(*arguments: str, cwd: Path | None = None, **given: object) -> "subprocess.Popen[str]":
    """The command as a process."""
    command = [sys.executable, "-m", "playground", *arguments]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **given}
    return subprocess.Popen(command, cwd=cwd, **options)  # type: ignore[call-overload,no-any-return]
