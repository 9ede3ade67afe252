"""The footer: the keys that work now."""

from textual.widgets import Footer


class KeyBar(Footer):
    """Textual's footer, compact."""

    def __init__(self) -> None:
        super().__init__(compact=True)
