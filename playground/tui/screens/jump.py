"""Jump mode: a letter on every pane and field; pressing it goes there."""

from typing import Any, ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from playground.tui.text import safe

_LETTERS: Final = "asdfghjklqwertyuiopzxcvbnm"


class JumpScreen(ModalScreen[Widget | None]):
    """Lies over a screen; answers the widget whose letter was pressed or that was clicked, or None."""

    DEFAULT_CSS = """
    JumpScreen {
        background: $background 40%;
        layers: letters;
        .letter {
            layer: letters;
            position: absolute;
            width: auto;
            padding: 0 1;
            color: $background;
            background: $accent;
            text-style: bold;
        }
        #jump-help { dock: bottom; height: 1; width: 1fr; padding: 0 1; background: $panel; color: $text-muted; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+o", "dismiss", "Cancel", id="jump.cancel", tooltip="Stay where you are"),
    ]

    def __init__(self, over: Screen[Any]) -> None:
        super().__init__()
        self._targets = dict(zip(_LETTERS, targets(over), strict=False))

    def compose(self) -> ComposeResult:
        """A letter on the corner of each."""
        for letter, widget in self._targets.items():
            label = Static(safe(letter), classes="letter")
            label.styles.offset = _corner(widget)
            yield label
        yield Static(safe("Press a letter to go there, Esc to stay."), id="jump-help")

    def on_key(self, event: events.Key) -> None:
        """A letter goes to its widget."""
        if event.character in self._targets:
            event.stop()
            self.dismiss(self._targets[event.character])

    def on_click(self, event: events.Click) -> None:
        """A click goes to what is under it, or nowhere."""
        here = Offset(round(event.screen_x), round(event.screen_y))
        hit = (widget for widget in self._targets.values() if widget.region.contains_point(here))
        self.dismiss(next(hit, None))


def targets(screen: Screen[Any]) -> list[Widget]:
    """What one can go to: what takes the focus and is on the screen."""
    visible = screen.region
    return [widget for widget in screen.focus_chain if widget.region and visible.overlaps(widget.region)]


def _corner(widget: Widget) -> Offset:
    return Offset(widget.region.x, widget.region.y)
