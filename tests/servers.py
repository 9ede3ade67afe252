"""`playground serve` in a process of its own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from langgraph_sdk import get_client, get_sync_client
from langgraph_sdk.client import LangGraphClient, SyncLangGraphClient

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "sample_graphs"
PROJECTS = ROOT / "tests" / "projects"
KEY = "key-of-the-tests"


@dataclass
class Server:
    """`playground serve` on a project and a store of its own."""

    project: Path
    store: Path
    key: str = KEY
    env: dict[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    url: str = ""
    process: "subprocess.Popen[str] | None" = None

    def start(self) -> "Server":
        """Start it (again, on the same store) and wait until it answers."""
        command = [sys.executable, "-m", "playground", "serve", "--port", "0", "--key", self.key]
        command += ["--project", str(self.project), "--store", str(self.store), *self.options]
        environment = {**os.environ, "SCRIPTED_DELAY_MS": "0", "LANGSMITH_TRACING": "false", **self.env}
        log = (self.store.parent / "server-output.log").open("a+")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        match = re.search(r"http://\S+", line)
        if match is None:
            log.seek(0)
            raise AssertionError(f"the server did not start: {line!r}\n{log.read()}")
        self.url = match[0]
        return self

    @property
    def output(self) -> str:
        """What it wrote to stderr so far."""
        return (self.store.parent / "server-output.log").read_text()

    def client(self) -> LangGraphClient:
        """The official SDK's async client of it."""
        return get_client(url=self.url, api_key=self.key)

    def sync_client(self) -> SyncLangGraphClient:
        """The official SDK's sync client of it."""
        return get_sync_client(url=self.url, api_key=self.key)

    def stop(self) -> int:
        """End it as a user would; returns its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a crash would."""
        self._end(signal.SIGKILL)

    def _end(self, sign: signal.Signals) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(sign)
        code = self.process.wait(20)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.process = None
        return code


StartServer = Callable[..., Server]
