"""Saying that it is done."""

from typing import TYPE_CHECKING

from playground.tui.text import one_line

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp


def say(app: "PlaygroundApp", sentence: str) -> None:
    """A short word that it is done."""
    app.notify(one_line(sentence, 200), timeout=3, markup=False)
