"""The big editor: a prompt, a long text, a list or a JSON value, and how long it is."""

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, TextArea

from playground.tui.forms.document import Path
from playground.tui.forms.fields import Field, Kind
from playground.tui.text import MUTED, count, join, one_line, safe
from playground.tui.widgets.form_text_area import PlainTextArea
from playground.tui.widgets.pane import Pane


class FieldEditor(Pane):
    """One field at a time. What is typed is told in `Typed`."""

    DEFAULT_CSS = """
    FieldEditor {
        PlainTextArea { height: 1fr; padding: 0 1; background: transparent; scrollbar-size-vertical: 1; }
        .message { display: none; padding: 1 2; color: $text-muted; height: 1fr; }
        &.-empty PlainTextArea { display: none; }
        &.-empty .message { display: block; }
    }
    """

    class Typed(Message):
        """Text was typed into the field."""

        def __init__(self, path: Path, text: str) -> None:
            super().__init__()
            self.path = path
            self.text = text

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self.path: Path | None = None
        self._field: Field | None = None

    def compose(self) -> ComposeResult:
        """The text, or why there is none."""
        yield PlainTextArea("editor-text")
        yield Static("This form has no prompt and no long text: edit its fields in place.", classes="message")

    @property
    def area(self) -> PlainTextArea:
        """Where one types."""
        return self.query_one(PlainTextArea)

    def show(self, field: Field | None, text: str, *, changed: bool, problem: bool) -> None:
        """Edit this field; None if the form has none for a big editor."""
        self.set_class(field is None, "-empty")
        self.path = field.path if field else None
        self._field = field
        if field is None:
            self.border_title = self.border_subtitle = Content("")
            return
        self.area.show_text(text)
        mark = safe("✘ ", "$text-error") if problem else safe("~ ", "$text-warning") if changed else ""
        about = safe(f"  {describe_kind(field)}", f"{MUTED} not bold")
        self.border_title = join(mark, one_line(".".join(field.path[1:]) or field.label, 40), about)
        self.show_counts()

    def show_counts(self) -> None:
        """Say how long the text is."""
        field, text = self._field, self.area.text
        if field is None:
            return
        if self.area.read_only:
            counts = f"{len(text):,} characters · too long to type here, F4 opens it in $EDITOR"
        elif field.kind is Kind.ROWS:
            rows = sum(1 for row in text.split("\n") if row.strip())
            counts = f"one a line · {count(rows, 'entry', 'entries')}"
        else:
            counts = f"{count(len(text.split()), 'word')}  ~{rough_tokens(text):,} tok"
        self.border_subtitle = safe(counts, MUTED)

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self.path is not None:
            self.post_message(self.Typed(self.path, event.text_area.text))


def rough_tokens(text: str) -> int:
    """About how many tokens: four characters of English each, a tokenizer would know better."""
    return (len(text) + 3) // 4


def describe_kind(field: Field) -> str:
    """`prompt · node call_model`: what the field is, and who uses it."""
    word = (
        "prompt"
        if field.is_prompt
        else {Kind.PROMPT: "text", Kind.ROWS: "list", Kind.JSON: "JSON"}.get(field.kind, str(field.kind))
    )
    if field.misfit:
        word = "JSON, since the value doesn't fit the schema"
    nodes = f" · node{'s' if len(field.nodes) > 1 else ''} {', '.join(field.nodes)}" if field.nodes else ""
    return one_line(word + nodes, 80)
