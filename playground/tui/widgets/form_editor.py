"""The big editor: a prompt, a long text, a list or a JSON value, how long it is, and which variables it has."""

import gc

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, TextArea

from playground.client.validation import where
from playground.tui.forms.document import Path
from playground.tui.forms.fields import Field, Kind
from playground.tui.forms.templates import changed, root, variables
from playground.tui.text import MUTED, count, join, one_line, safe
from playground.tui.widgets.form_text_area import PlainTextArea
from playground.tui.widgets.text_pane import TextPane


class FieldEditor(TextPane):
    """One field at a time. What is typed is told in `Typed`."""

    DEFAULT_CSS = """
    FieldEditor {
        .message { display: none; padding: 1 2; color: $text-muted; height: 1fr; }
        .variables { display: none; padding: 0 1; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        &.-template .variables { display: block; }
        &.-empty PlainTextArea, &.-empty .variables { display: none; }
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
        super().__init__(PlainTextArea("editor-text"), id=id)
        self.path: Path | None = None
        self._field: Field | None = None
        self._is_settled = False  # see `_settle`
        self._told = ""
        self._base = ""
        self._names: frozenset[str] | None = None

    def compose(self) -> ComposeResult:
        """The text over its variables, or why there is none."""
        yield from super().compose()
        yield Static(classes="variables")
        yield Static("This form has no prompt and no long text: edit its fields in place.", classes="message")

    def show(self, field: Field | None, text: str, *, changed: bool, problem: bool) -> None:
        """Edit this field; None if the form has none for a big editor."""
        if self.path is not None and (field is None or field.path != self.path):
            self._tell(self.area.text)  # a key of before, whose message is still on its way
        self.set_class(field is None, "-empty")
        self.path = field.path if field else None
        self._field = field
        if field is None:
            self.border_title = self.border_subtitle = Content("")
            return
        self._told = text
        self.area.show_text(text, field.path)
        self._settle()
        mark = safe("✘ ", "$text-error") if problem else safe("~ ", "$text-warning") if changed else ""
        about = safe(f"  {describe_kind(field)}", f"{MUTED} not bold")
        self.border_title = join(mark, one_line(_name(field), 40), about)
        self.show_counts()

    def show_template(self, base: object, names: frozenset[str] | None) -> None:
        """What the saved version has for the field, and the fields that the context can have; None if nobody knows."""
        default = self._field.default if self._field else None
        self._base = next((text for text in (base, default) if isinstance(text, str)), "")
        self._names = names
        self._show_variables()

    def forget(self) -> None:
        """What comes next is another assistant, or another version: no undo leads back."""
        self.path = None
        self.area.forget()

    def show_counts(self) -> None:
        """Say how long the text is, and what its variables are."""
        field, text = self._field, self.area.text
        if field is None:
            return
        if self.area.read_only:
            counts = f"{len(text):,} characters · too long to type here, F4 opens it in $EDITOR"
        elif field.kind is Kind.PROMPT or field.kind is Kind.TEXT:
            counts = f"{count(len(text.split()), 'word')}  {len(text):,} chars  ~{rough_tokens(text):,} tok"
        else:
            counts = f"{count(self.area.document.line_count, 'line')}  {len(text):,} chars"
        self.border_subtitle = safe(counts, MUTED)
        self._show_variables()

    def _settle(self) -> None:
        """Once the form is painted, typing must not wait for a collection that goes through all of it (25-40 ms)."""
        if not self._is_settled:
            self._is_settled = True
            self.call_after_refresh(gc.freeze)

    def _show_variables(self) -> None:
        field = self._field
        is_template = field is not None and field.kind is Kind.PROMPT and not field.misfit
        self.set_class(is_template, "-template")
        if is_template:
            line = variables_line(self.area.text, self._base, self._names)
            self.query_one(".variables", Static).update(line)

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._tell(event.text_area.text)

    def _tell(self, text: str) -> None:
        if self.path is not None and text != self._told:
            self._told = text
            self.post_message(self.Typed(self.path, text))


def variables_line(text: str, base: str, names: frozenset[str] | None) -> Content:
    """The variables of a prompt: `+` new since the saved version, `-` gone, `!` in no field of the context.

    Where no variable at all is a field, the graph fills them from elsewhere: then that isn't worth a warning.
    """
    found = variables(text)
    new, gone = changed(base, text)
    if not found and not gone:
        return safe("no variables", MUTED)
    missing = [name for name in found if names is not None and root(name) not in names]
    known = [name for name in found if name not in missing]
    shown = [_variable(name, name in new) for name in known]
    shown += [safe(f"- {one_line(name, 40)}", "$text-error") for name in gone]
    line = join(safe("variables: ", MUTED), Content(", ").join(shown))
    if not missing:
        return line
    told = Content(", ").join([_variable(name, name in new) for name in missing])
    sentence = safe(f" {'is' if len(missing) == 1 else 'are'} in no field", "$text-warning" if known else MUTED)
    return join(line, "  " if shown else "", safe("! ", "$text-warning" if known else MUTED), told, sentence)


def rough_tokens(text: str) -> int:
    """About how many tokens: four characters of English each, a tokenizer would know better."""
    return (len(text) + 3) // 4


def describe_kind(field: Field) -> str:
    """`prompt · node call_model`: what the field is, and who uses it."""
    words = {Kind.PROMPT: "text", Kind.JSON: "JSON"}
    word = "prompt" if field.is_prompt else words.get(field.kind, str(field.kind))
    if field.misfit:
        word = "JSON, since the value doesn't fit the schema"
    nodes = f" · node{'s' if len(field.nodes) > 1 else ''} {', '.join(field.nodes)}" if field.nodes else ""
    return one_line(word + nodes, 80)


def _variable(name: str, is_new: bool) -> Content:
    return safe(f"{'+ ' if is_new else ''}{one_line(name, 40)}", "$text-success" if is_new else "")


def _name(field: Field) -> str:
    return where(field.path[1:]) or field.label
