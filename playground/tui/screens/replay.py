"""A thread's turns, sent again to another version: watched turn by turn beside the original."""

from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static
from textual.worker import Worker

from playground.client.client import Client
from playground.client.conversation import Conversation
from playground.client.replay import Replay
from playground.client.values import Runnable
from playground.compare.replay import ReplayRow, parting
from playground.compare.samples import Sample
from playground.tui.compare.side import Side
from playground.tui.screens.compare_diff import CompareDiff
from playground.tui.text import MUTED, count, join, one_line, safe
from playground.tui.widgets.columns import Column
from playground.tui.widgets.keybar import KeyBar
from playground.tui.widgets.pane import Pane
from playground.tui.widgets.row_list import Row, RowList

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp

_MARKS: Final = {
    "same": ("= same", "$text-success"),
    "nearly": ("≈ nearly", "$text-success"),
    "differs": ("~ differs", "$text-warning"),
    "running": ("▍ running", "$text-accent"),
    "waiting": ("· waits", MUTED),
}
_COLUMNS: Final = (
    Column(align="right", most=4),
    Column(grow=True, least=12),
    Column(most=9),
    Column(most=14, drop=1),
    Column(most=18),
)
_TICK: Final = 0.5
"""Seconds between two looks at what runs."""


class ReplayScreen(ModalScreen[str | None]):
    """Replays at once. Answers the new thread's id if it is to be opened."""

    DEFAULT_CSS = """
    ReplayScreen {
        background: $background;
        #replay-head { height: 1; padding: 0 2; }
        #replay-turns { height: auto; max-height: 45%; }
        #replay-turns RowList { height: auto; max-height: 40vh; }
        #replay-answers { height: 1fr; }
        #replay-answers Pane { width: 1fr; height: 1fr; }
        #replay-answers VerticalScroll { padding: 0 1; scrollbar-size-vertical: 1; }
    }
    """
    HELP = (
        "The inputs of a thread, sent one after the other to a fresh thread on another version. `=` the same answer, "
        "`≈` the same but for case, space and punctuation, `~` another one; `◀` is where the two part first. The "
        "original stays as it is. It ends at a turn that fails or asks: what follows was said to another answer."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "stop", "Stop", id="replay.stop", priority=True, tooltip="Send no more, stop what runs"),
        Binding("n", "parting", "First difference", id="replay.parting", tooltip="To the first turn that differs"),
        Binding("d", "diff", "Diff", id="replay.diff", tooltip="All answers, word by word"),
        Binding("o", "open", "Open thread", id="replay.open", tooltip="Go on with the new thread"),
        Binding("escape,q", "leave", "Back", id="replay.back", tooltip="Back; a replay that runs is stopped"),
        Binding("question_mark", "app.help", "Help", id="app.help", tooltip="What this screen is for, and its keys"),
    ]

    def __init__(self, client: Client, original: Conversation, runnable: Runnable) -> None:
        super().__init__()
        self._original = original
        self._runnable = runnable
        self._client = client
        self.replay = Replay(client, original, runnable, self._changed)
        self._rows: list[ReplayRow] = []
        self._stale = False

    def compose(self) -> ComposeResult:
        """What is replayed on what, the turns, both answers of the current one."""
        yield Static(id="replay-head")
        with Pane(id="replay-turns") as turns:
            turns.border_title = "Turns"
            yield RowList(*_COLUMNS, id="replay-rows")
        with Horizontal(id="replay-answers"):
            for name in ("original", "replay"):
                with Pane(id=f"replay-{name}"), VerticalScroll(can_focus=False):
                    yield Static(id=f"answer-{name}")
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin."""
        self.query_one(RowList).focus()
        self.set_interval(_TICK, self._show)
        self._show()
        self._run()

    @work(exit_on_error=False)
    async def _run(self) -> None:
        await self.replay.run()

    def _changed(self) -> None:
        """Something came: shown once a refresh, however much it was."""
        if not self._stale and self.is_mounted:
            self._stale = True
            self.call_after_refresh(self._show)

    def _show(self) -> None:
        self._stale = False
        if not self.is_mounted:
            return
        self._rows = self.replay.rows()
        first = parting(self._rows)
        self.query_one(RowList).set_rows([_row(row, at == first) for at, row in enumerate(self._rows)], safe(""))
        self._show_head(first)
        self._show_answers()
        self.refresh_bindings()

    def _show_head(self, first: int | None) -> None:
        done = sum(row.verdict not in ("waiting", "running") for row in self._rows)
        ran = self.replay.conversation.ran
        parts = [safe(f"Replay on {ran.title if ran else self._runnable.title}", "bold")]
        over = self.replay.over
        state = "over" if over else "running"
        facts = [f"{done}/{len(self._rows)} turns", self.replay.why or state]
        if first is not None:
            facts.append(f"parts at turn {first + 1}")
        elif over and done == len(self._rows):
            facts.append("nothing differs")
        if ran is not None and ran.differs:
            facts.append(f"! {ran.differs}")
        self.query_one("#replay-head", Static).update(join(*parts, safe(f"  {' · '.join(facts)}", MUTED)))

    def _show_answers(self) -> None:
        at = self.query_one(RowList).cursor
        if not 0 <= at < len(self._rows):
            return
        row = self._rows[at]
        for name, sample, sign in (("original", row.original, "-"), ("replay", row.replay, "+")):
            title = (sample.title if sample else "") or (self._runnable.title if name == "replay" else "original")
            pane = self.query_one(f"#replay-{name}", Pane)
            pane.border_title = safe(f"{sign} {one_line(title, 60)}")
            pane.border_subtitle = safe(_figures(sample), MUTED)
            self.query_one(f"#answer-{name}", Static).update(_answer(sample))

    @on(RowList.Moved)
    def _moved(self) -> None:
        self._show_answers()

    @on(RowList.Opened)
    def _opened(self) -> None:
        self.action_diff()

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer shows what works now."""
        match action:
            case "stop":
                return not self.replay.over
            case "parting":
                return parting(self._rows) is not None
            case "diff":
                return self.replay.conversation.turn is not None
            case "open":
                return self.replay.over and self.replay.conversation.turn is not None
        return True

    @work(group="stop", exit_on_error=False)
    async def action_stop(self) -> None:
        """Send no more of them."""
        await self.replay.stop()

    def action_parting(self) -> None:
        """To where the answers part."""
        first = parting(self._rows)
        if first is not None:
            self.query_one(RowList).move_to(str(first + 1))

    @work(group="diff", exclusive=True, exit_on_error=False)
    async def action_diff(self) -> None:
        """All of both, word by word."""
        original = Side(await self._ran())
        original.conversation = self._original
        replay = Side(self._runnable)
        replay.conversation = self.replay.conversation
        await self.app.push_screen_wait(CompareDiff([original, replay], (0, 1)))

    async def _ran(self) -> Runnable:
        """What answered the original's last turn; nothing is made up where that is gone."""
        from playground.client.errors import PlaygroundError

        turn = self._original.turn
        title = turn.title if turn and turn.title else "the original"
        unknown = Runnable("", "", "", title, 0, {}, "")
        if turn is None or not turn.assistant_id or turn.version is None or turn.draft:
            return unknown
        try:
            return await self._client.resolve(f"{turn.assistant_id}@v{turn.version}")
        except PlaygroundError:
            return unknown

    def action_open(self) -> None:
        """Go on with the thread that the replay made."""
        self.dismiss(self.replay.conversation.thread_id)

    @work(group="stop", exit_on_error=False)
    async def action_leave(self) -> None:
        """What runs is stopped first."""
        if not self.replay.over:
            await self.replay.stop()
        self.dismiss(None)

    @on(Worker.StateChanged)
    def _report_failed_worker(self, event: Worker.StateChanged) -> None:
        cast("PlaygroundApp", self.app).report_failed_worker(event)


def _row(row: ReplayRow, parts: bool) -> Row:
    mark, style = _MARKS[row.verdict]
    seconds = row.replay.metrics.running if row.replay else None
    cells = (
        safe(str(row.number), MUTED),
        safe(one_line(row.input, 200)),
        safe(mark, style),
        safe("~ other tools" if row.path else "", "$text-warning"),
        safe(f"{f'{seconds:.1f} s' if seconds is not None else '':>8}{' ◀ parts' if parts else ''}", MUTED),
    )
    return Row(str(row.number), cells)


def _figures(sample: Sample | None) -> str:
    if sample is None:
        return ""
    seconds = sample.metrics.running
    calls = count(len(sample.calls), "tool call") if sample.calls else ""
    return " · ".join(filter(None, (sample.status, f"{seconds:.1f} s" if seconds is not None else "", calls)))


def _answer(sample: Sample | None) -> Content:
    if sample is None:
        return safe("Not sent yet.", MUTED)
    return (
        safe(sample.said)
        if sample.said
        else safe("(no text yet)" if sample.status == "running" else "(no text)", MUTED)
    )
