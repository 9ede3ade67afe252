"""The metadata of an assistant as YAML or JSON, checked as it is typed."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Button, Static, TextArea

from playground.client.values import Assistant
from playground.tui.screens.dialogs import Dialog
from playground.tui.text import MUTED, join, one_line, safe

JSON = dict[str, Any]

HIDDEN: Final = frozenset({"created_by", "forked_from", "playground"})
"""Keys that the playground and the server keep there: not the user's to edit, and never lost."""
RESERVED: Final = frozenset({"thread_id", "assistant_id", "run_id", "cron_id"})
"""Keys that a LangGraph server takes out."""


def shown(metadata: Mapping[str, Any]) -> JSON:
    """The user's own keys."""
    return {key: value for key, value in metadata.items() if key not in HIDDEN}


def hidden(metadata: Mapping[str, Any]) -> JSON:
    """The others."""
    return {key: value for key, value in metadata.items() if key in HIDDEN}


class MetadataDialog(Dialog[JSON | None]):
    """Edits what is the user's of the metadata. Answers it, or None to leave it as it is."""

    DEFAULT_CSS = """
    MetadataDialog {
        #text { height: 12; max-height: 33vh; background: $boost; border: none; padding: 0; margin: 1 0; }
        #said { height: auto; min-height: 2; margin-bottom: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", id="metadata.save", priority=True, tooltip="Save as a new version"),
    ]

    def __init__(self, assistant: Assistant) -> None:
        super().__init__(f"Metadata of {one_line(assistant.name, 60)}")
        self._assistant = assistant

    def compose_body(self) -> ComposeResult:
        """What it is for, over the text, what is wrong with it, and the buttons."""
        from playground.client.yaml_text import dump

        before = shown(self._assistant.metadata)
        yield Static(safe("One key a line, as YAML or JSON: a filter in Browse finds them.", MUTED))
        area = TextArea(
            dump(before) if before else "",
            id="text",
            show_line_numbers=True,
            tab_behavior="focus",
            placeholder="team: support\npriority: 1",
        )
        area.indent_width = 2
        yield area
        yield Static(id="said")
        with Horizontal(id="buttons"):
            yield Button("Save  Ctrl+S", "primary", id="confirm", compact=True)
            yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Type at once, behind what is there."""
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)
        area.focus()
        self._check()

    @on(TextArea.Changed)
    def _check(self) -> JSON | None:
        """The metadata as it is typed; None, and why, if it can't be that."""
        found, problem = read_metadata(self.query_one(TextArea).text)
        if problem:
            self.query_one("#said", Static).update(safe(f"✘ {problem}", "$text-error"))
        else:
            self.query_one("#said", Static).update(self._hint(found or {}))
        self.query_one("#confirm", Button).disabled = bool(problem)
        return None if problem else found

    def _hint(self, found: JSON) -> Any:
        kept = sorted(hidden(self._assistant.metadata))
        stays = f" {', '.join(kept)} {'stays' if len(kept) == 1 else 'stay'}, too." if kept else ""
        if found == shown(self._assistant.metadata):
            return safe(f"Nothing is changed.{stays}", MUTED)
        gone = sorted(shown(self._assistant.metadata).keys() - found.keys())
        going = f" {', '.join(one_line(key, 30) for key in gone)} will be gone." if gone else ""
        return join(
            safe("✔ ", "$text-success"), safe(f"Saving makes a new version, which is active.{going}{stays}", MUTED)
        )

    @on(Button.Pressed, "#confirm")
    def action_save(self) -> None:
        """Answer what stands there, if it can be read."""
        found = self._check()
        if found is not None:
            self.dismiss(found)

    @on(Button.Pressed, "#cancel")
    def _pressed_cancel(self) -> None:
        self.dismiss(None)


def read_metadata(text: str) -> tuple[JSON | None, str | None]:
    """(metadata, None), or (None, what is wrong with the text and at which line)."""
    from playground.client.yaml_text import YamlError, load

    try:
        found = load(text)
    except YamlError as error:
        return None, f"Line {error.line}: {error.sentence}."
    if found is None:
        return {}, None
    if not isinstance(found, dict):
        return None, "Line 1: it must be keys with values, as `team: support`."
    for key in found:
        if key in RESERVED:
            return None, f"Line {_line_of(text, key)}: “{key}” is the server's own key, and it would take it out."
        if key in HIDDEN:
            return None, f"Line {_line_of(text, key)}: “{key}” is kept by the playground: choose another key."
    return found, None


def _line_of(text: str, key: str) -> int:
    from playground.client.yaml_text import compose

    node = compose(text)
    pairs = node.value if node is not None else []
    return next((name.start_mark.line + 1 for name, _ in pairs if name.value == key), 1)
