"""What is typed and saved survives: a killed app, a server that goes away, an answer that never arrives."""

import asyncio
import json
import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from langgraph_sdk.client import SyncLangGraphClient

from playground.client.target import Target
from playground.tui.screens.edit_save import SaveDialog
from playground.tui.widgets.form_inline import InlineInput
from tests.servers import Server
from tests.tui.edit_help import HEAT, Driver, edit, run


class Network:
    """A line to the server that can break: as a whole, or after a request got through and before its answer."""

    def __init__(self, server: Server) -> None:
        self.target = int(server.url.rpartition(":")[2])
        self.key = server.key
        self.url = ""
        self.is_down = False
        self.lose_answer_to = b""
        self._writers: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """The line is down."""
        self.is_down = True
        for writer in self._writers:
            writer.close()

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_down:
            writer.close()
            return
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.target)
        self._writers |= {writer, up_writer}
        losing = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._pump(reader, up_writer, losing, to_server=True))
                tasks.create_task(self._pump(up_reader, writer, losing, to_server=False))
        except* ConnectionError:
            pass
        finally:
            writer.close()
            up_writer.close()
            self._writers -= {writer, up_writer}

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, losing: asyncio.Event, *, to_server: bool
    ) -> None:
        while data := await reader.read(65536):
            if to_server and self.lose_answer_to and self.lose_answer_to in data:
                losing.set()
            if not to_server and losing.is_set():
                self.lose_answer_to = b""
                break
            writer.write(data)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def network_to(server: Server) -> AsyncIterator[Network]:
    network = Network(server)
    listener = await asyncio.start_server(network.connect, "127.0.0.1", 0)
    network.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    yield network
    network.cut()
    listener.close()


@pytest.fixture
def sdk(server: Server) -> SyncLangGraphClient:
    return server.sync_client()


async def type_heat(driver: Driver, text: str) -> None:
    await driver.go_to(HEAT)
    await driver.press("enter")
    await driver.until(lambda: isinstance(driver.app.focused, InlineInput))
    await driver.type(text)
    await driver.press("enter")


async def confirm_save(driver: Driver) -> None:
    await driver.press("ctrl+s")
    await driver.until(lambda: isinstance(driver.app.screen, SaveDialog))
    await driver.press("enter")


async def test_a_save_whose_answer_is_lost_is_made_once(server: Server, sdk: SyncLangGraphClient) -> None:
    assistant_id = sdk.assistants.create("writer", context={"temperature": 0.5}, name="Tester")["assistant_id"]
    async with network_to(server) as network, edit(network, assistant_id) as driver:
        await type_heat(driver, "1.5")
        network.lose_answer_to = b"PATCH "
        await confirm_save(driver)
        await driver.until(lambda: "Your edit is kept" in driver.told())
        assert [row["version"] for row in sdk.assistants.get_versions(assistant_id)] == [2, 1]
        await driver.press("ctrl+s")
        await driver.until(lambda: "Saved as v2 already" in driver.told())
        assert [row["version"] for row in sdk.assistants.get_versions(assistant_id)] == [2, 1]
        await driver.until(lambda: "v2  no changes" in driver.text())


async def test_while_the_server_is_away_the_edit_stays_and_is_saved_when_it_is_back(
    server: Server, sdk: SyncLangGraphClient
) -> None:
    assistant_id = sdk.assistants.create("writer", context={"temperature": 0.5}, name="Tester")["assistant_id"]
    async with network_to(server) as network, edit(network, assistant_id) as driver:
        network.cut()
        await type_heat(driver, "1.5")
        await driver.until(lambda: "draft not stored" in driver.text())
        await driver.press("ctrl+s")
        await driver.until(lambda: "our edit is kept" in driver.told())
        assert driver.field(*HEAT).entry.value == 1.5
        network.is_down = False
        await driver.until(lambda: driver.screen.session and driver.screen.session.is_stored, 30)
        await driver.until(lambda: not isinstance(driver.app.screen, SaveDialog))
        await confirm_save(driver)
        await driver.until(lambda: "Saved as v2." in driver.told())
    assert sdk.assistants.get(assistant_id)["context"] == {"temperature": 1.5}


async def test_a_managed_server_that_is_killed_comes_back_and_takes_the_save(tmp_path: Path) -> None:
    target = Target(project=Path(__file__).parents[2] / "sample_graphs", store=tmp_path / "store", url=None, key=None)
    async with run(target) as driver:
        client = driver.app.connected_client
        assistant = await client.assistants.create("writer", "Tester", {"temperature": 0.5})
        await driver.open(assistant.assistant_id)
        await type_heat(driver, "1.5")
        await driver.until(lambda: driver.screen.session and driver.screen.session.is_stored)
        os.kill(_server_pid(tmp_path / "store"), signal.SIGKILL)
        await driver.until(
            lambda: driver.app.client is not client or driver.app.screen.query_one("Banner").has_class("-shown"), 30
        )
        await driver.until(lambda: not driver.app.screen.query_one("Banner").has_class("-shown"), 60)
        await confirm_save(driver)
        await driver.until(lambda: "Saved as v2." in driver.told(), 30)
        found = await driver.app.connected_client.assistants.versions(assistant.assistant_id)
        assert [one.context["temperature"] for one in found] == [1.5, 0.5]


def _server_pid(store: Path) -> int:
    return int(json.loads((store / "server.json").read_text())["pid"])


class Terminal:
    """The app in a process of its own, on a pseudo-terminal."""

    def __init__(self, server: Server, **env: str) -> None:
        master, slave = pty.openpty()
        command = [sys.executable, "-m", "playground", "--url", server.url, "--key", server.key]
        environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40", **env}
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
        )
        os.close(slave)
        self._master = master
        self._seen = b""

    def wait_for(self, found: Callable[[bytes], bool], seconds: float = 30) -> None:
        """Read what the app writes until that holds for it."""
        end = monotonic() + seconds
        while not found(self._seen):
            assert monotonic() < end, self._seen[-2000:]
            if select.select([self._master], [], [], 0.1)[0]:
                self._seen += os.read(self._master, 65536)

    def send(self, keys: str) -> None:
        """Press keys."""
        self._seen = b""
        os.write(self._master, keys.encode())

    def kill(self) -> None:
        """As a crash would."""
        self.process.kill()
        self.process.wait()
        os.close(self._master)


async def test_a_draft_survives_a_killed_app_also_what_came_from_the_users_editor(
    server: Server, sdk: SyncLangGraphClient, tmp_path: Path
) -> None:
    assistant_id = sdk.assistants.create("writer", context={"temperature": 0.5}, name="Tester")["assistant_id"]
    editor = tmp_path / "editor.sh"
    editor.write_text('#!/bin/sh\necho "Written outside." > "$1"\n')
    editor.chmod(0o755)

    def draft() -> dict[str, Any]:
        found = sdk.store.search_items(["playground", "drafts"])["items"]
        return found[0]["value"]["content"]["context"] if found else {}

    terminal = await asyncio.to_thread(Terminal, server, VISUAL=str(editor))
    try:
        await asyncio.to_thread(terminal.wait_for, lambda seen: b"Tester" in seen)
        terminal.send("e")
        await asyncio.to_thread(terminal.wait_for, lambda seen: b"Fields by node" in seen and b"tok" in seen)
        terminal.send("\x1bOS")  # F4
        await asyncio.to_thread(terminal.wait_for, lambda _: draft().get("system_prompt") == "Written outside.")
        terminal.send("\t")
        await asyncio.to_thread(terminal.wait_for, lambda seen: b"Back" in seen)  # the footer of the editor
        terminal.send("And typed: ")
        await asyncio.to_thread(terminal.wait_for, lambda _: "And typed: " in draft().get("system_prompt", ""))
    finally:
        terminal.kill()

    async with edit(server, assistant_id) as driver:
        assert driver.screen.form_view.editor.area.text == "And typed: Written outside."
        assert "draft on v1 ~1 field" in driver.text()
    assert len(sdk.assistants.get_versions(assistant_id)) == 1
