"""What is in a file of assistants, and what importing it would make."""

from collections.abc import Mapping, Sequence
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Checkbox, Static

from playground.client.transfer import Planned
from playground.tui.screens.dialogs import Dialog
from playground.tui.text import MUTED, count, one_line, safe
from playground.tui.widgets.columns import Column
from playground.tui.widgets.row_list import Row, RowList

_COLUMNS: Final = (
    Column(most=1),
    Column(grow=True, least=14, most=60),
    Column(most=18, drop=1),
    Column(align="right", most=14),
    Column(most=20, drop=2),
)
_SIGNS: Final = {
    "made": ("+", "$text-success", "new"),
    "completed": ("~", "$text-warning", "goes on"),
    "there": ("=", MUTED, "there already"),
    "refused": ("✘", "$text-error", "can't be"),
}


class ImportPreview(Dialog[bool | None]):
    """Lists the assistants of the file and what becomes of each. Answers whether they keep their ids, or None.

    `plans` has what would be made with ids of their own (False) and with those of the file (True).
    """

    DEFAULT_CSS = """
    ImportPreview {
        #assistants { height: auto; max-height: 40vh; margin: 1 0; }
        #about { height: auto; min-height: 2; margin-bottom: 1; }
    }
    """

    def __init__(self, file: str, plans: Mapping[bool, Sequence[Planned]]) -> None:
        super().__init__(f"Import {one_line(file, 60)}")
        self._plans = plans
        self._same_ids = False

    def compose_body(self) -> ComposeResult:
        """What there is, over what is to be known of the one under the cursor."""
        yield Static(id="summary")
        yield RowList(*_COLUMNS, id="assistants")
        yield Static(id="about")
        taken = sum(one.state in ("there", "completed", "refused") for one in self._plans[True])
        there = f" ({taken:,} {'is' if taken == 1 else 'are'} here already)" if taken else ""
        yield Checkbox(safe(f"Keep the ids of the file{there}"), id="option", compact=True)
        with Horizontal(id="buttons"):
            yield Button("Import", "primary", id="confirm", compact=True)
            yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Enter imports, if there is something to import."""
        self._show()
        self.query_one("#cancel" if self.query_one("#confirm", Button).disabled else "#confirm").focus()

    def _show(self) -> None:
        plan = self._plans[self._same_ids]
        self.query_one(RowList).set_rows([_row(one) for one in plan], safe("The file has no assistants.", MUTED))
        making = [one for one in plan if one.state in ("made", "completed")]
        versions = sum(len(one.source.versions) - one.there for one in making)
        new = count(len(making), "assistant")
        text = f"{new} will be made or completed, with {count(versions, 'version')}. Nothing that is here changes."
        nothing = "Nothing to do: all of it is here, or can't be made." if plan else "There is nothing in it."
        self.query_one("#summary", Static).update(safe(text if making else nothing))
        button = self.query_one("#confirm", Button)
        button.label = safe(f"Import {len(making):,}" if making else "Import")
        button.disabled = not making
        self._tell(self.query_one(RowList).key)

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        self._tell(event.key)

    def _tell(self, key: str | None) -> None:
        one = next((one for one in self._plans[self._same_ids] if one.assistant_id == key), None)
        self.query_one("#about", Static).update(_about(one) if one else safe(""))

    @on(Checkbox.Changed)
    def _choose(self, event: Checkbox.Changed) -> None:
        self._same_ids = event.value
        self._show()

    @on(Button.Pressed, "#confirm")
    @on(RowList.Opened)
    def _answer(self) -> None:
        if not self.query_one("#confirm", Button).disabled:
            self.dismiss(self._same_ids)

    @on(Button.Pressed, "#cancel")
    def _pressed_cancel(self) -> None:
        self.dismiss(None)


def _row(one: Planned) -> Row:
    sign, style, word = _SIGNS[one.state]
    source = one.source
    cells = (
        safe(sign, style),
        safe(one_line(source.name, 60)),
        safe(one_line(source.graph, 18), MUTED),
        safe(count(len(source.versions), "version"), MUTED),
        safe(word, style),
    )
    return Row(one.assistant_id, cells)


def _about(one: Planned) -> Content:
    if one.problem:
        return safe(f"✘ {one.problem}", "$text-error")
    source = one.source
    labels = ", ".join(f"{one_line(name, 20)} v{label.version}" for name, label in list(source.labels.items())[:4])
    said = [f"v{source.active} is active."]
    if labels:
        said.append(f"Labels: {labels}.")
    if one.state == "completed":
        said.append(f"v1 to v{one.there} are here already.")
    if one.namesakes:
        said.append("Another assistant here has that name.")
    if source.left_out:
        said.append(f"Secrets to be set here: {one_line(', '.join(source.left_out), 80)}.")
    return safe(" ".join(said), MUTED)
