"""What the tests of the frame and of Browse share: a store with known contents, and an app on it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from playground.client.client import Client
from playground.client.target import Target
from playground.tui.app import PlaygroundApp
from playground.tui.screens.browse import BrowseScreen
from playground.tui.widgets.row_list import RowList
from tests.servers import Server
from tests.tui.screen_text import screen_text

PROJECT = Path(__file__).parent / "shelf"

EARLY = datetime(2000, 1, 1, tzinfo=UTC)
"""Before anything was made: every age is `now`, whenever a picture is taken."""

READERS = {"catalog", "versions", "details", "examine", "notices"}
"""The workers that ask the server for what is shown; the others may wait for the user."""

HOSTILE = "[/bold] [red]x[/] \x1b[31mred\x07 \u202egnp.exe $accent {0}"


class StillApp(PlaygroundApp):
    """The app, with the same place and the same ages wherever and whenever it runs."""

    @property
    def place(self) -> str:
        return "~/code/project"


@dataclass
class Browsing:
    """A connected app on the Browse screen, and the pilot that drives it."""

    app: PlaygroundApp
    pilot: Pilot[None]

    @property
    def screen(self) -> BrowseScreen:
        """Browse, whatever lies over it."""
        screen = self.app.screens_opened[0]
        assert isinstance(screen, BrowseScreen)
        return screen

    async def until(self, condition: Callable[[], Any], what: str = "it") -> None:
        """Let the app work until the condition holds."""
        for _ in range(800):
            await self.pilot.pause(0.01)
            if condition():
                return
        raise AssertionError(f"{what} did not happen")

    async def press(self, *keys: str) -> None:
        """Keys, one after the other, each handled before the next."""
        for key in keys:
            await self.pilot.press(key)

    async def choose(self, list_id: str, key: str) -> None:
        """Put the cursor of a list on a row, and the focus on the list."""
        rows = self.screen.query_one(f"#{list_id}-list", RowList)
        assert rows.move_to(key), f"{list_id} has no {key}"
        rows.focus()
        await self.until(lambda: rows.has_focus and self.screen.column == list_id, f"the focus on {list_id}")
        await self.settled()

    async def choose_assistant(self, name: str) -> None:
        """Put the cursor on an assistant, and wait for its versions."""
        found = next(one for one in self.screen.catalog.assistants if one.name == name)
        await self.choose("graphs", found.graph_id)
        await self.choose("assistants", found.assistant_id)
        await self.until(lambda: self.screen.versions and self.screen.versions[0].assistant_id == found.assistant_id)
        await self.settled()

    async def settled(self) -> None:
        """Wait until all that was asked for is read and shown.

        `pilot.pause()` alone takes a process that gets no processor time for one that is done.
        """
        quiet = 0
        for _ in range(800):
            await self.pilot.pause(0.01)
            quiet = 0 if self._is_busy() else quiet + 1
            if quiet == 3:  # what one widget handled may have been a message to another
                return
        raise AssertionError("the app did not settle")

    def _is_busy(self) -> bool:
        reading = any(worker.group in READERS and not worker.is_finished for worker in self.app.workers)
        return reading or any(
            node.message_queue_size for node in (self.app, *self.app.screen.walk_children(with_self=True))
        )

    async def on_screen(self, name: str) -> None:
        """Wait until a screen of that class lies on top."""
        await self.until(lambda: type(self.app.screen).__name__ == name, name)
        await self.settled()

    def text(self) -> str:
        """What the terminal shows."""
        return screen_text(self.app)


def app_on(server: Server) -> StillApp:
    """An app that will connect to the server."""
    return StillApp(Target(url=server.url, key=server.key), clock=lambda: EARLY)


@asynccontextmanager
async def browsing(server: Server, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Browsing]:
    """An app on the server, with everything loaded."""
    app = app_on(server)
    async with app.run_test(size=size, notifications=True) as pilot:
        running = Browsing(app, pilot)
        await loaded(pilot)
        yield running


async def loaded(pilot: Pilot[None]) -> None:
    """Wait until Browse shows graphs, assistants and versions, and what the graph is made of."""
    app = pilot.app
    assert isinstance(app, PlaygroundApp)
    for _ in range(1500):
        await pilot.pause(0.01)
        screen = app.screens_opened[0] if app.screens_opened else None
        if isinstance(screen, BrowseScreen) and _complete(screen):
            await pilot.pause()
            return
    raise AssertionError("Browse did not load")


def _complete(screen: BrowseScreen) -> bool:
    states = {graph.state for graph in screen.catalog.graphs}
    return bool(screen.versions) and "loading" not in states and bool(screen.details)


async def empty(server: Server) -> None:
    """Delete all that a user can delete."""
    sdk = server.client()
    for thread in await sdk.threads.search(limit=1000):
        await sdk.threads.delete(thread["thread_id"])
    for assistant in await sdk.assistants.search(limit=1000):
        if assistant["metadata"].get("created_by") != "system":
            await sdk.assistants.delete(assistant["assistant_id"])
    for namespace in (await sdk.store.list_namespaces(limit=1000))["namespaces"]:
        for item in (await sdk.store.search_items(namespace, limit=1000))["items"]:
            await sdk.store.delete_item(item["namespace"], item["key"])


async def seed(server: Server) -> None:
    """`blog writer` with four versions (v3 active, v2 is prod), `tweet writer` with a draft, `refunds` of support."""
    client = await Client.connect(server.url, server.key)
    try:
        prompt = "You write long blog posts.\nBe thorough.\nUse headings."
        blog = await client.assistants.create("writer", "blog writer", {"system_prompt": prompt, "temperature": 0.7})
        first = (await client.assistants.versions(blog.assistant_id))[0]
        asking = prompt.replace("thorough", "thorough and kind") + "\nEnd with a question."
        second = await client.assistants.save(
            first, context={"system_prompt": asking, "temperature": 0.2, "model": "scripted"}, note="ask at the end"
        )
        third = await client.assistants.save(second, context={**second.context, "temperature": 1.2}, note="warmer")
        await client.assistants.save(third, context=first.context)
        await client.assistants.promote(blog.assistant_id, 3)
        await client.notes.set_label(blog.assistant_id, "prod", 2)
        tweet = await client.assistants.create("writer", "tweet writer", {"system_prompt": "Write a concise tweet."})
        await client.notes.save_draft(tweet.assistant_id, 1, {"context": {"system_prompt": "Shorter."}})
        await client.assistants.create("support", "refunds", {"system_prompt": "Refund nothing."})
    finally:
        await client.close()
