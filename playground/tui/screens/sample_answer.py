"""The samples of a group, one after the other, each in whole."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from playground.compare.samples import Sample
from playground.tui.compare.figures import path_text
from playground.tui.screens.dialogs import Dialog
from playground.tui.text import MUTED, join, safe
from playground.tui.widgets.keybar import KeyBar
from playground.tui.widgets.run_pane import STATUSES
from playground.tui.widgets.samples_pane import number


class SampleAnswer(Dialog[str | None]):
    """`samples` with their numbers among all `of`. Answers the thread that is to be opened."""

    DEFAULT_CSS = """
    SampleAnswer {
        #dialog { width: 110; }
        #facts { margin-bottom: 1; color: $text-muted; }
        VerticalScroll { height: auto; max-height: 60vh; scrollbar-size-vertical: 1; }
        KeyBar { dock: none; background: transparent; padding: 0; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "cancel", "Close", id="sample.close", tooltip="Back to the samples"),
        Binding("right,n", "go(1)", "Next", id="sample.next", tooltip="The next one of these samples"),
        Binding("left,N", "go(-1)", "Previous", id="sample.previous", show=False, tooltip="The one before"),
        Binding("y", "copy", "Copy", id="sample.copy", tooltip="Copy the answer"),
        Binding("t", "thread", "Thread", id="sample.thread", tooltip="Open this sample's thread"),
    ]

    def __init__(self, samples: Sequence[tuple[int, Sample]], of: int) -> None:
        super().__init__("Sample")
        self._samples = samples
        self._of = of
        self._at = 0

    @property
    def sample(self) -> Sample:
        """The one that is shown."""
        return self._samples[self._at][1]

    def compose_body(self) -> ComposeResult:
        """What it took over what it said."""
        yield Static(id="facts")
        with VerticalScroll(id="said"):
            yield Static(id="text")
        yield KeyBar()

    def on_mount(self) -> None:
        """The arrows scroll at once."""
        self.query_one("#said").focus()
        self._show()

    def _show(self) -> None:
        place, sample = self._samples[self._at]
        same = f" · {self._at + 1} of {len(self._samples)} that are equal" if len(self._samples) > 1 else ""
        box = self.query_one("#dialog")
        box.border_title = safe(f"Sample {place} of {self._of} · {sample.title}" if sample.title else f"Sample {place}")
        box.border_subtitle = safe(same.removeprefix(" · "), MUTED)
        glyph, word, style = STATUSES[sample.status]
        took = sample.metrics
        facts = [f"{number(took.running)} s", f"ttft {number(took.first_token)} s", f"queue {number(took.queued)} s"]
        if took.output_tokens:
            facts.append(f"{took.input_tokens}→{took.output_tokens} tok")
        tools = f"\ntools {' → '.join(sample.calls)}" if sample.calls else ""
        cached = "\n! some of it came from a cache" if sample.cached else ""
        self.query_one("#facts", Static).update(
            join(
                safe(f"{glyph} {word}  ", style),
                safe("  ".join(facts)),
                safe(f"\n{path_text(took.path)}{tools}"),
                safe(cached, "$text-warning"),
            )
        )
        said = sample.said
        self.query_one("#text", Static).update(safe(said) if said else safe("It said nothing.", MUTED))
        self.query_one("#said").scroll_home(animate=False)
        self.refresh_bindings()

    def action_go(self, by: int) -> None:
        """Another one of the group."""
        self._at = (self._at + by) % len(self._samples)
        self._show()

    def action_copy(self) -> None:
        """Copy the answer."""
        self.app.copy_to_clipboard(self.sample.said)
        self.notify("Copied the answer.", markup=False, timeout=3)

    def action_thread(self) -> None:
        """Open the thread it ran on."""
        self.dismiss(self.sample.thread_id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Others of the group, and a thread, if there are any."""
        match action:
            case "go":
                return len(self._samples) > 1
            case "thread":
                return self.sample.thread_id is not None
            case "copy":
                return bool(self.sample.said)
        return True
