"""Choose what to run: an assistant, or one of its versions."""

from collections.abc import Sequence
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from playground.client.client import Client
from playground.client.errors import PlaygroundError
from playground.client.values import Assistant, Version
from playground.tui.screens.dialogs import Dialog
from playground.tui.text import MUTED, age, one_line, plain, safe
from playground.tui.widgets.columns import Column
from playground.tui.widgets.row_list import Row, RowList

_COLUMNS: Final = (Column(grow=True, least=14, most=60), Column(most=16, drop=1), Column(align="right", most=5))


class PickRef(Dialog[str]):
    """Answers a ref. Typing filters; after an `@` the versions of the assistant are listed. `text` stands there."""

    DEFAULT_CSS = """
    PickRef {
        #refs { height: 12; margin-top: 1; }
        #said { color: $text-muted; height: 1; margin-bottom: 1; }
        #ref { border: none; height: 1; background: $boost; padding: 0 1; }
    }
    """

    def __init__(self, client: Client, title: str, action: str = "Run", text: str = "") -> None:
        super().__init__(title)
        self._text = text
        self._client = client
        self._action = action
        self._assistants: Sequence[Assistant] = ()
        self._versions: dict[str, Sequence[Version]] = {}

    def compose_body(self) -> ComposeResult:
        """What one types, over what that may mean."""
        yield Input(plain(self._text), placeholder="name, name@v3 or name@label", id="ref", compact=True)
        yield RowList(*_COLUMNS, id="refs")
        yield Static(id="said")

    def on_mount(self) -> None:
        """Type at once; the list comes when the server has answered."""
        self.query_one(Input).focus()
        self._say("Reading the assistants…")
        self.run_worker(self._load(), group="load", exit_on_error=False)

    async def _load(self) -> None:
        try:
            self._assistants = await self._client.assistants.list()
        except PlaygroundError as error:
            self._say(f"✘ {error.sentence}")
            return
        self._show()

    @on(Input.Changed)
    def _show(self) -> None:
        text = self.query_one(Input).value.strip()
        name, at, selector = text.partition("@")
        assistant = next((a for a in self._assistants if at and a.name.casefold() == name.casefold()), None)
        if assistant is None:
            self._show_rows([_assistant_row(a) for a in self._assistants if text.casefold() in a.name.casefold()])
            self._say("Enter runs the active version · type @ for the others")
        elif assistant.assistant_id in self._versions:
            versions = self._versions[assistant.assistant_id]
            rows = [_version_row(assistant, version) for version in versions]
            self._show_rows([row for row in rows if selector.casefold() in row.search])
            self._say("Enter runs this version")
        else:
            self._say("Reading its versions…")
            self.run_worker(self._load_versions(assistant), group="load", exclusive=True, exit_on_error=False)

    async def _load_versions(self, assistant: Assistant) -> None:
        try:
            self._versions[assistant.assistant_id] = await self._client.assistants.versions(assistant.assistant_id)
        except PlaygroundError as error:
            self._say(f"✘ {error.sentence}")
            return
        self._show()

    def _show_rows(self, rows: Sequence[Row]) -> None:
        self.query_one(RowList).set_rows(rows, safe("Nothing matches."))

    def _say(self, text: str) -> None:
        self.query_one("#said", Static).update(safe(text))

    def on_key(self, event: object) -> None:
        """The arrows move in the list while one types."""
        key = getattr(event, "key", "")
        if key in ("up", "down") and self.query_one(Input).has_focus:
            self.query_one(RowList).action_move(1 if key == "down" else -1)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        key = self.query_one(RowList).key
        text = self.query_one(Input).value.strip()
        if key is not None or text:
            self.dismiss(key or text)

    @on(RowList.Opened)
    def _opened(self, event: RowList.Opened) -> None:
        self.dismiss(event.key)


def _assistant_row(assistant: Assistant) -> Row:
    name = safe(one_line(assistant.name, 60))
    # An id is never ambiguous, a name may be.
    ref = f"{assistant.assistant_id}@v{assistant.version}"
    graph = safe(one_line(assistant.graph_id, 30), MUTED)
    return Row(ref, (name, graph, safe(f"v{assistant.version}", MUTED)), assistant.name.casefold())


def _version_row(assistant: Assistant, version: Version) -> Row:
    said = version.note or ", ".join(version.labels) or age(version.created_at)
    ref = f"{version.assistant_id}@v{version.version}"
    title = safe(f"{one_line(assistant.name, 40)}@v{version.version}")
    search = f"v{version.version} {' '.join(version.labels)}".casefold()
    mark = safe("●" if version.active else "", "$text-success")
    return Row(ref, (title, safe(one_line(said, 40), MUTED), mark), search)
