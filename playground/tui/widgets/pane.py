"""A titled box that can be zoomed; its border takes the accent while something in it has the focus."""

from textual.containers import Vertical


class Pane(Vertical):
    """A bordered part of a screen. Set `border_title` to a Content (never to a string from outside)."""

    ALLOW_MAXIMIZE = True
    DEFAULT_CSS = """
    Pane {
        border: round $foreground 25%;
        border-title-color: $text-muted;
        border-subtitle-color: $text-muted;
        padding: 0;
        &:focus-within {
            border: round $accent;
            border-title-color: $text-accent;
            border-title-style: bold;
        }
    }
    """
