"""One calm line under the top: the server is away, why, and what is being done about it."""

from textual.widgets import Static

from playground.tui.text import one_line, safe


class Banner(Static):
    """Hidden until there is something to say. A click opens the details."""

    DEFAULT_CSS = """
    Banner {
        display: none;
        height: 1;
        padding: 0 1;
        background: $warning-muted;
        color: $text-warning;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        &.-shown { display: block; }
        &:hover { pointer: pointer; }
    }
    """

    def show(self, sentence: str | None) -> None:
        """Show the sentence, or hide the banner with None."""
        self.set_class(sentence is not None, "-shown")
        self.update(safe("! " + one_line(sentence or "")))

    async def on_click(self) -> None:
        """The reason and the server's last lines."""
        await self.run_action("app.show_details")
