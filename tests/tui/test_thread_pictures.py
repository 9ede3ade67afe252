"""How the views of a thread look, with checkpoints that never change."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.pilot import Pilot

from playground.client.record import RunRecord
from playground.client.saved_steps import saved_steps
from playground.tui.widgets.pane import Pane
from playground.tui.widgets.state_view import ShownState, StateView
from playground.tui.widgets.steps_view import StepsView
from playground.tui.widgets.timeline import TimelinePane
from tests.checkpoints import BEGAN, Thread, task

Snap = Callable[..., bool]
SIZES = [(80, 24), (120, 40), (200, 60)]
VALUES = {
    "messages": [
        {"type": "human", "content": "My parcel is broken. " * 12, "id": "m1"},
        {"type": "ai", "content": "", "tool_calls": [{"name": "lookup_order", "args": {"order": "4411"}}]},
    ],
    "refunded": 42.0,
    "open": True,
    "nobody": None,
}


def branched() -> Thread:
    """Two turns; from the first one's step another version went on, and asks."""
    thread = Thread()
    line = thread.turn(None, "my parcel is broken")
    thread.turn(line[-1], "it is 4411", run="second", version=7)
    fork = thread.add(line[2], "fork", [task("tools", {})], run="third", version=9)
    there = thread.add(fork, "loop", [task("model", {"messages": []})], run="third", version=9)
    asked = [{"id": "i", "value": "Approve a refund of $180.00?"}]
    thread.add(there, "loop", [task("approve", interrupts=asked)], run="third", version=9)
    return thread


class Views(App[None]):
    """The timeline beside the steps over the state."""

    CSS = """
    TimelinePane { width: 45%; }
    Pane { height: 1fr; }
    """

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield TimelinePane()
            with Vertical():
                with Pane():
                    yield StepsView()
                with Pane():
                    yield StateView()

    def on_mount(self) -> None:
        thread = branched()
        names = {"a": "support"}
        later = BEGAN + timedelta(hours=2)
        self.query_one(TimelinePane).show(thread.tree, thread.states[4].checkpoint_id, names=names, now=later)
        runs = saved_steps(thread.states)
        titles = {run.key: f"support@v{run.version}" for run in runs}
        self.query_one(StepsView).show(runs, titles, RunRecord())
        self.query_one(StateView).show(ShownState("step 4 · tools", VALUES, fact="4 keys · 1 kB"))
        self.query_one(TimelinePane).list.focus()


@pytest.mark.parametrize("size", SIZES)
def test_timeline_steps_and_state(snap_compare: Snap, size: tuple[int, int]) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await pilot.pause(0.3)

    assert snap_compare(Views(), run_before=before, terminal_size=size)
