"""What the screen is for, and every key of it."""

import re
from collections.abc import Iterable, Iterator
from textwrap import fill
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from playground.tui.text import MUTED, join, safe
from playground.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp

_WIDTH: Final = 92
_FRAME: Final = 8
_KEYS: Final = 14
_NAMES: Final = 16
"""Cells of the box, of its border, padding and scrollbar, of the keys, and of what they do in a word or two."""


class HelpScreen(ModalScreen[None]):
    """The help of the screen under it."""

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        background: $background 60%;
        #help {
            width: 92;  /* _WIDTH */
            max-width: 96%;
            height: auto;
            max-height: 92%;
            background: $surface;
            border: round $accent;
            border-title-color: $text-accent;
            border-title-style: bold;
        }
        #help-scroll { height: auto; max-height: 100%; padding: 1 2; scrollbar-size-vertical: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "dismiss", "Close", id="help.close", tooltip="Back to the screen"),
        Binding("j", "scroll('down')", "Down", id="help.down", show=False, tooltip="Scroll down"),
        Binding("k", "scroll('up')", "Up", id="help.up", show=False, tooltip="Scroll up"),
    ]

    def __init__(self, about: Screen[Any]) -> None:
        super().__init__()
        self._about = about

    def compose(self) -> ComposeResult:
        """One text in a scroller."""
        with Vertical(id="help") as box:
            box.border_title = safe(f"Help: {_name_of(self._about)}")
            box.border_subtitle = safe("Esc closes", MUTED)
            with VerticalScroll(id="help-scroll"):
                yield Static(id="help-text")

    def on_mount(self) -> None:
        """The arrows scroll at once."""
        self.query_one("#help-scroll").focus()

    def on_resize(self) -> None:
        """What a key does is wrapped in its own column."""
        text = self.query_one("#help-text", Static)
        width = min(_WIDTH, self.size.width * 96 // 100) - _FRAME
        text.update(help_text(cast("PlaygroundApp", self.app), self._about, width))

    def action_scroll(self, where: str) -> None:
        """Scroll the text."""
        getattr(self.query_one("#help-scroll"), f"scroll_{where}")(animate=False)


def help_text(app: "PlaygroundApp", screen: Screen[Any], width: int) -> Content:
    """What the screen is for, then its keys, those of its lists, and those of the app; `width` in cells."""
    sections = (
        (type(screen).__name__.removesuffix("Screen"), [*_bindings(type(screen), Screen)]),
        ("Lists", [*_bindings(RowList, Screen)]),
        ("Everywhere", [*_bindings(type(app), App)]),
    )
    about = [safe(screen.HELP)] if isinstance(screen.HELP, str) else []
    return Content("\n\n").join([*about, *(_section(app, title, found, width) for title, found in sections if found)])


def _bindings(kind: type, until: type) -> Iterator[Binding]:
    """The bindings that a class and its bases define for the user: those with an id and a tooltip."""
    for base in kind.__mro__:
        if base is until:
            return
        found: Iterable[Any] = base.__dict__.get("BINDINGS", ())
        yield from (one for one in found if isinstance(one, Binding) and one.id and one.tooltip)


def _section(app: "PlaygroundApp", title: str, bindings: list[Binding], width: int) -> Content:
    lines = [_line(app, binding, width) for binding in bindings]
    return Content("\n").join([safe(title, "bold underline"), *lines])


def _line(app: "PlaygroundApp", binding: Binding, width: int) -> Content:
    keys = safe(f"  {_keys(app, binding).ljust(_KEYS)}", "$text-accent")
    indent = " " * (_KEYS + _NAMES + 2)
    tooltip = fill(binding.tooltip, max(len(indent) + 20, width), initial_indent=indent, subsequent_indent=indent)
    return join(keys, binding.description.ljust(_NAMES), safe(tooltip.strip(), MUTED))


def _keys(app: "PlaygroundApp", binding: Binding) -> str:
    return " ".join(app.get_key_display(one) for one in Binding.make_bindings([binding]))


def _name_of(screen: Screen[Any]) -> str:
    """`Compare diff`, of the class CompareDiff."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(screen).__name__.removesuffix("Screen"))
    return words.capitalize()
