"""What there is to know about the field under the cursor: its meaning, where its value comes from, what one can do."""

from collections.abc import Iterator
from typing import Any, Final

from textual.content import Content
from textual.widgets import Static

from playground.client.validation import where
from playground.tui.forms.document import UNSET
from playground.tui.forms.fields import HOLDERS, Kind
from playground.tui.forms.kinds import options
from playground.tui.forms.schema import NAMES
from playground.tui.forms.steps import step_of
from playground.tui.forms.text import summary
from playground.tui.text import MUTED, join, one_line, safe
from playground.tui.widgets.form_cells import FieldState

UNKNOWN: Final = "The graph's schema has no such field. Default (r) removes it."
SECRET: Final = (
    "A secret isn't kept in assistants, where everyone who sees them would see it. "
    "Give it to the server: in its environment, or in the project's .env file."
)
SECRET_HELD: Final = "This version has one. It is never shown; r takes it out. Give it to the server's environment."


class FieldInfo(Static):
    """A few lines of fixed height, so that nothing jumps while one moves from field to field."""

    DEFAULT_CSS = """
    FieldInfo {
        height: 6;
        padding: 0 1;
        border: round $foreground 25%;
        border-title-color: $text-muted;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[FieldState | None, Any, str] = (None, UNSET, "")

    def show(self, state: FieldState | None, base: Any, base_name: str) -> None:
        """Tell about this field; `base` is its value in the version called `base_name`, or `UNSET`."""
        self._shown = (state, base, base_name)
        self.border_title = _title(state) if state else Content("")
        self.refresh()

    def render(self) -> Content:
        """The problem, as much of the description as there is room for, the values it had, and the keys."""
        state, base, base_name = self._shown
        width, height = self.content_size
        if state is None or width < 1:
            return Content("")
        lines = []
        if state.problem:
            lines.append(safe(f"✘ {one_line(state.problem, 300)}", "$text-error").truncate(width, ellipsis=True))
        facts, keys = "  ·  ".join(_facts(state, base, base_name)), "  ".join(_keys(state))
        last = [safe(line, MUTED).truncate(width, ellipsis=True) for line in (facts, keys) if line]
        lines += _lines(_about(state), width, height - len(lines) - len(last))
        lines += [Content("")] * (height - len(lines) - len(last))
        return Content("\n").join([*lines, *last][:height])


def _about(state: FieldState) -> Content:
    field = state.entry.field
    if field.kind is Kind.SECRET:
        return safe(SECRET_HELD if state.entry.is_set else SECRET, "$text-warning")
    if not field.known:
        return safe(UNKNOWN, "$text-warning")
    said = [one_line(field.description, 600)] if field.description else []
    if field.hint and state.kind is Kind.JSON:
        said.append(f"The schema asks for a “{one_line(field.hint, 20)}” editor; there is none here, so it is JSON.")
    if state.wants_kind:
        said.append(f"One of: {one_line(', '.join(one.label for one in field.variants), 200)}.")
    return safe(" ".join(said))


def _title(state: FieldState) -> Content:
    name = where(state.path[1:]) if state.entry.depth else state.entry.field.label
    return join(one_line(name, 40), safe(f"  {_kind(state)}", MUTED))


def _lines(text: Content, width: int, most: int) -> list[Content]:
    """The text on at most so many lines."""
    lines = text.wrap(width)
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], join(lines[most - 1].truncate(width - 1), "…")] if most > 0 else []


def _kind(state: FieldState) -> str:
    """`number 0 – 2 in steps of 0.1 or none · node call_model`."""
    field = state.entry.field
    word = "prompt" if field.is_prompt else field.format if field.format and state.is_inline else NAMES[field.kind]
    if field.misfit:
        word = "JSON, since the value doesn't fit the schema"
    elif field.variants:
        word = " or ".join(one.label for one in field.variants)
    step = f" in steps of {field.step:g}" if field.step is not None and state.is_number else ""
    about = " ".join(part for part in (word, str(field.bounds), field.limits) if part)
    nodes = f" · node{'s' if len(field.nodes) > 1 else ''} {', '.join(field.nodes)}" if field.nodes else ""
    return one_line(f"{about}{step}{' or none' if field.nullable else ''}{nodes}", 90)


def _facts(state: FieldState, base: Any, base_name: str) -> Iterator[str]:
    """Where the value comes from, the default, and what the saved version has."""
    entry = state.entry
    if entry.field.kind is Kind.SECRET or not entry.field.known:
        return
    if entry.holder is None:
        yield "set here" if entry.is_set else _unset(state)
    if entry.field.kind in HOLDERS:
        return
    if entry.default is not UNSET:
        yield f"default: {_short(entry.default)}"
    if state.changed:
        yield f"{base_name}: {'not set' if base is UNSET else _short(base)}"


def _unset(state: FieldState) -> str:
    entry = state.entry
    if entry.default is not UNSET:
        return "the default holds"
    if entry.field.required:
        return "required, and not set"
    return "set by the graph's code" if entry.field.default_made else "not set"


def _short(value: Any) -> str:
    return "empty" if value == "" else "none" if value is None else summary(value, 60)


def _keys(state: FieldState) -> Iterator[str]:
    """What the less common keys do to this field."""
    entry, field = state.entry, state.entry.field
    if state.is_number:
        yield f"← → by {step_of(field):f}"
    if state.folded is not None:
        yield f"Space {'unfold' if state.folded else 'fold'}"
    if field.kind is Kind.LIST:
        yield "a add"
    elif field.kind is Kind.MAP:
        yield "a add a key"
    elif field.kind is Kind.GROUP and not isinstance(entry.effective, dict):
        yield "a make it"
    if entry.holder is Kind.LIST:
        yield "a add below  x remove  [ ] move"
    elif entry.holder is Kind.MAP:
        yield "R rename  x remove" if field.known else "x remove"
    if len(options(entry)) > 1:
        yield "v kind" if field.variants else "v empty, none or not set" if field.nullable else "v empty or not set"
