"""What of a version, or of a message, is copied: a letter each, and what it would be."""

from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from playground.client.snippets import Snippet
from playground.tui.screens.dialogs import Dialog
from playground.tui.text import MUTED, count, safe
from playground.tui.widgets.columns import Column
from playground.tui.widgets.row_list import Row, RowList

_COLUMNS = (Column(most=1), Column(grow=True, least=20, most=60), Column(align="right", most=12))
_PREVIEW = 4_000  # characters


class CopyMenu(Dialog[Snippet | None]):
    """Answers what to copy. A letter, Enter or a double click chooses; the preview shows what it is."""

    DEFAULT_CSS = """
    CopyMenu {
        #choices { height: auto; margin-bottom: 1; }
        #preview { height: 12; max-height: 30vh; background: $boost; padding: 0 1; margin-bottom: 1; }
        #preview { scrollbar-size-vertical: 1; }
        #preview Static { color: $text-muted; }
    }
    """

    def __init__(self, title: str, snippets: Sequence[Snippet]) -> None:
        super().__init__(title)
        self._snippets = {snippet.key: snippet for snippet in snippets}

    def compose_body(self) -> ComposeResult:
        """The choices over what the one under the cursor would be."""
        yield RowList(*_COLUMNS, id="choices")
        with VerticalScroll(id="preview", can_focus=False):
            yield Static()

    def on_mount(self) -> None:
        """The arrows choose at once."""
        choices = self.query_one(RowList)
        choices.set_rows([_row(snippet) for snippet in self._snippets.values()], safe(""))
        choices.focus()
        self.query_one("#dialog").border_subtitle = safe("a letter or Enter copies · Esc leaves", MUTED)
        self._show(next(iter(self._snippets)))

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        if event.key is not None:
            self._show(event.key)

    def _show(self, key: str) -> None:
        self.query_one("#preview Static", Static).update(safe(self._snippets[key].text, limit=_PREVIEW))
        self.query_one("#preview").scroll_home(animate=False)

    @on(RowList.Opened)
    def _opened(self, event: RowList.Opened) -> None:
        self.dismiss(self._snippets[event.key])

    def on_key(self, event: events.Key) -> None:
        """The letter of a choice."""
        if event.character in self._snippets:
            event.stop()
            self.dismiss(self._snippets[event.character])


def _row(snippet: Snippet) -> Row:
    size = count(len(snippet.text.splitlines()), "line") if "\n" in snippet.text else ""
    return Row(snippet.key, (safe(snippet.key, "$text-accent"), safe(snippet.name), safe(size, MUTED)))
