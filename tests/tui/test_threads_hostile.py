"""Text nobody should trust, wherever Threads shows text: it is text, and nothing else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Server
from tests.tui.project.nasty import TEXT
from tests.tui.runs import PROJECT, Running, running
from tests.tui.screen_text import screen_text

FORBIDDEN = ("\x1b", "\x07", "\u202e", "\ud800")
SHOWN = "[/bold] [red]x[/]"


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server, and a thread on it that waits with all that its graph wrote."""
    server = Server(PROJECT, Path(tmp_path_factory.mktemp("nasty")) / "store").start()
    client = server.sync_client()
    said = TEXT.replace("\ud800", "")  # which a client refuses to send
    thread = client.threads.create(metadata={"title": said})
    given: Any = {"messages": [{"role": "user", "content": said}, {"role": "user", "content": "z" * 1_000_000}]}
    client.runs.wait(thread["thread_id"], "nasty", input=given, raise_error=False)
    yield server, thread["thread_id"]
    server.kill()


async def shown(run: Running, what: str = SHOWN) -> None:
    """The text is on the screen, as it is, and nothing that a terminal would obey."""
    await run.until(lambda: what in screen_text(run.app), what)
    text = screen_text(run.app)
    assert not [character for character in FORBIDDEN if character in text]


async def test_nothing_that_a_graph_writes_breaks_the_screen(nasty: tuple[Server, str]) -> None:
    server, thread_id = nasty
    async with running(server) as run:
        await run.pilot.press("4")
        await run.until(lambda: run.app.current_mode == "threads")
        await run.until(lambda: run.threads.list.list.rows, "the list")
        await shown(run, "[/bold]")
        screen = await run.open_chat("nasty", thread_id)
        card = screen.pane.card
        await run.until(lambda: card.has_focus_within, "the question")
        await shown(run)
        await run.pilot.press("pagedown", "escape")
        screen.pane.focus_view()
        screen.pane.chat.action_toggle_details()
        for view in ("chat", "steps", "state", "raw"):
            screen.pane.show_view(view)
            screen.pane.focus_view()
            await run.pilot.pause()
            for key in ("home", "enter", "o", "end", "slash"):
                await run.pilot.press(key)
            await run.pilot.press("x", "escape", "y")
            await shown(run, "[/bold]")
        screen.show_left("timeline")
        await run.until(lambda: "[red]work" in screen_text(run.app), "the timeline")
        for key in ("R", "b", "x", "W", "E"):
            await run.until(lambda: screen.timeline.list.has_focus, "the timeline")
            await run.pilot.press(key)
            await run.until(lambda: run.app.screen is not screen and run.app.screen.is_mounted, f"the dialog of {key}")
            await shown(run, "")
            await run.pilot.press("escape")
            await run.until(lambda: run.app.screen is screen, f"the way back from {key}")
        # It is answered, and fails with the text.
        assert run.app.client is not None
        screen.show_column("thread")
        screen.pane.show_view("chat")
        await screen.run_from(None, answers={"": TEXT.replace("\ud800", "")})
        await run.until(lambda: screen.conversation is not None and screen.conversation.status == "failed", "the error")
        await run.until(lambda: "✘ RuntimeError" in screen.pane.chat.text, "why")
        await shown(run, "")
        await run.pilot.resize_terminal(80, 24)
        await shown(run, "Timeline")
