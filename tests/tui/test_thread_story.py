"""A thread from its first word to the difference of two branches, by keys, then checked through the official SDK."""

from typing import Any

from textual.widgets import TextArea

from playground.tui.screens.branches import BranchesDiff
from playground.tui.screens.pick_ref import PickRef
from playground.tui.screens.rerun import ConfirmRerun
from playground.tui.widgets.row_list import RowList
from tests.servers import Server
from tests.tui.runs import running
from tests.tui.screen_text import screen_text

ASKED = "My order 1234 arrived broken, please refund it."


async def test_stream_interrupt_edit_resume_fork_with_another_version_diff(shared_server: Server) -> None:
    client = shared_server.client()
    made = await client.assistants.create("support", name="refunder", context={"refund_limit": 50})
    whose = made["assistant_id"]
    await client.assistants.update(whose, context={"refund_limit": 1000})
    async with running(shared_server) as run:
        # It streams, then waits for an approval.
        screen = await run.open_chat("refunder@v1")
        run.app.screen.query_one("#input", TextArea).text = ASKED
        await run.pilot.press("enter")
        card = screen.pane.card
        await run.until(lambda: card.has_focus, "the question")
        await run.until(lambda: "asked by approve" in str(card.query_one("#question").render()), "who asks")
        # The refund is made smaller, and the run goes on.
        await run.pilot.press("e")
        area = card.query_one("#arguments", TextArea)
        await run.until(lambda: area.has_focus, "the arguments")
        area.text = area.text.replace("180.0", "20.0")
        await run.pilot.press("ctrl+j")
        conversation = screen.conversation
        assert conversation is not None
        await run.until(lambda: len(conversation.transcript.turns) == 2 and conversation.status == "done", "the answer")
        await run.until(lambda: "$20.00" in screen.pane.chat.text, "what was refunded")
        # From the step after the order was looked up, once more, with the version that asks nobody.
        await run.leave_input()
        await run.pilot.press("T")
        line = screen.checkpoints.lineage(screen.checkpoints.newest)
        looked_up = next(checkpoint for checkpoint in line if checkpoint.ran == ("tools",))
        assert looked_up.step == 2
        await run.until(lambda: screen.timeline.list.has_focus, "the timeline")
        screen.timeline.list.move_to(looked_up.checkpoint_id)
        await run.until(lambda: screen.here == looked_up.checkpoint_id, "that place")
        await run.until(lambda: "$20.00" not in screen.pane.chat.text, "what was known there")
        await run.pilot.press("V")
        await run.until(
            lambda: isinstance(run.app.screen, PickRef) and run.app.screen.query_one(RowList).key == f"{whose}@v2",
            "the versions, the newest first",
        )
        await run.pilot.press("enter")
        await run.until(lambda: isinstance(run.app.screen, ConfirmRerun), "what runs again")
        shown = screen_text(run.app)
        assert "agent" in shown
        assert "refunder@v2" in shown
        await run.pilot.press("enter")
        await run.until(lambda: "$180.00" in screen.pane.chat.text, "the other answer")
        await run.until(lambda: screen.conversation is not None and screen.conversation.status == "done", "its end")
        await run.until(lambda: len(screen.checkpoints.ends) == 2, "two branches")
        # What differs.
        screen.timeline.list.focus()
        await run.until(lambda: screen.timeline.list.has_focus, "the timeline")
        await run.pilot.press("c")
        await run.until(lambda: isinstance(run.app.screen, BranchesDiff), "the differences")
        await run.until(
            lambda: all(text in screen_text(run.app) for text in ("refunded $20.00", "refunded $180.00")),
            "both answers",
        )
        thread_id = str(screen.thread_id)
    history: list[Any] = list(await client.threads.get_history(thread_id, limit=50))
    by_id = {state["checkpoint_id"]: state for state in history}
    parents = {state["parent_checkpoint_id"] for state in history}
    ends = {state["metadata"]["assistant_version"]: state for state in history if state["checkpoint_id"] not in parents}
    assert {version: end["values"]["refunded"] for version, end in ends.items()} == {1: 20.0, 2: 180.0}
    made_by = []
    state: Any = ends[2]
    while state is not None:
        made_by.append(state["metadata"]["assistant_version"])
        state = by_id.get(state["parent_checkpoint_id"])
    assert made_by[-4:] == [1, 1, 1, 1], "what was there before stays the first version's"
    assert set(made_by[:-4]) == {2}
    assert [message["content"] for message in ends[1]["values"]["messages"] if message["type"] == "human"] == [ASKED]
