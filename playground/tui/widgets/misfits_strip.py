"""A line that says how many assistants no longer fit their graph. Enter or a click lists only them."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Static

from playground.tui.text import MUTED, join, safe


class MisfitsStrip(Static, can_focus=True):
    """Shown only while there are some."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    MisfitsStrip {
        display: none;
        height: 1;
        padding: 0 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        background: $error 10%;
        &.-some { display: block; }
        &:hover { background: $error 20%; }
        &:focus { background: $error 30%; text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "ask", "Only these", id="misfits.list", tooltip="List the assistants that no longer fit"),
    ]

    class Asked(Message):
        """List only them, or everything again."""

    def show(self, count: int, filtered: bool) -> None:
        """How many; `filtered`: only they are listed."""
        self.set_class(count > 0, "-some")
        verb = "fits" if count == 1 else "fit"
        hint = "Enter lists all" if filtered else "Enter lists them"
        said = join(safe("✘ ", "$text-error"), f"{count:,} no longer {verb}", safe(f" · {hint}", MUTED))
        self.update(said, layout=False)  # at every key of a filter

    def action_ask(self) -> None:
        """List only them, or everything again."""
        self.post_message(self.Asked())

    def on_click(self) -> None:
        """The same with the mouse."""
        self.action_ask()
