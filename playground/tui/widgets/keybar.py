"""The footer: the keys that work now, as many as fit, and always the one for help and the palette."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final, cast

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from playground.tui.text import clickable, join, safe

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp

_ALWAYS: Final = ("app.help", "command_palette")
"""Binding ids, or actions of those without one, that stay at the right end whatever the width."""


class KeyBar(Static):
    """One line of `key what`, clickable. A screen may name a key's action for the moment: `key_label(binding)`."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyBar {
        dock: bottom;
        height: 1;
        padding: 0 1;
        background: $footer-background;
        color: $footer-foreground;
    }
    """
    auto_links = False

    def __init__(self) -> None:
        super().__init__()
        self._items: list[tuple[str, Content]] = []

    def on_mount(self) -> None:
        """Follow the bindings of the screen."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def _bindings_changed(self, screen: Screen[object]) -> None:
        if self.is_attached and screen is self.screen and self.app.app_focus:
            self._items = list(self._read(screen))
            self._show()

    def on_resize(self, event: events.Resize) -> None:
        """More or fewer fit."""
        self._show()

    def _read(self, screen: Screen[object]) -> Iterable[tuple[str, Content]]:
        seen = set[str]()
        for active in screen.active_bindings.values():
            binding = active.binding
            palette = binding.action.endswith("command_palette")
            if not active.enabled or binding.action in seen or not (binding.show or palette):
                continue
            seen.add(binding.action)
            yield "command_palette" if palette else binding.id or "", self._item(screen, binding)

    def _item(self, screen: Screen[object], binding: Binding) -> Content:
        app = cast("PlaygroundApp", self.app)
        label = "Palette" if binding.action.endswith("command_palette") else _label(screen)(binding)
        key = safe(app.get_key_display(binding), "bold $footer-key-foreground")
        item = join(key, safe(f" {label}", "$footer-description-foreground"))
        return clickable(item, f"app.simulate_key({binding.key!r})")

    def _show(self) -> None:
        width = self.content_size.width
        always = [item for name, item in self._items if name in _ALWAYS]
        right = Content("  ").join(always)
        left = _fitting([item for name, item in self._items if name not in _ALWAYS], width - right.cell_length - 2)
        gap = max(2, width - left.cell_length - right.cell_length)
        self.update(join(left, " " * gap, right), layout=False)


def _fitting(items: list[Content], width: int) -> Content:
    """The items that fit, in their order; a lone … says that there are more."""
    line = Content("")
    for index, item in enumerate(items):
        longer = join(line, "  ", item) if index else item
        if longer.cell_length > width - (2 if index < len(items) - 1 else 0):
            return join(line, " …")
        line = longer
    return line


def _label(screen: Screen[object]) -> Callable[[Binding], str]:
    named: Callable[[Binding], str] | None = getattr(screen, "key_label", None)
    return named or (lambda binding: binding.description)
