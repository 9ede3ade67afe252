"""An edit session as what its screen shows, and what can be done with it there. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from playground.client.validation import where
from playground.client.values import Version
from playground.tui.edit.diff import differences
from playground.tui.edit.session import EditSession, document_of
from playground.tui.forms.document import UNSET, Path, get
from playground.tui.forms.editing import CONTEXT
from playground.tui.forms.fields import Kind
from playground.tui.forms.form import Entry
from playground.tui.text import MUTED, age, one_line, safe
from playground.tui.widgets.columns import Column
from playground.tui.widgets.diff_view import DiffState
from playground.tui.widgets.form_bar import BarState
from playground.tui.widgets.form_cells import FieldState
from playground.tui.widgets.row_list import Row

VERSION_COLUMNS: Final = (
    Column(most=6),
    Column(most=2),
    Column(most=18, drop=1),
    Column(grow=True, least=12),
    Column(align="right", most=5),
)
Sections = list[tuple[str, list[FieldState]]]
NEED_SESSION: Final = frozenset(
    (
        "save",
        "reset",
        "revert",
        "view",
        "external",
        "chat",
        "compare",
        "discard",
        "copy",
        "zoom",
        "try_it",
        "rebase",
        "mend",
        "field",
    )
)
"""The actions that do nothing while no assistant is open."""
NOTATIONS: Final = ("json", "yaml")


@dataclass(frozen=True, slots=True)
class Outside:
    """A text for the user's own editor, and the end of its file's name, by which that knows what it is."""

    path: Path
    text: str
    suffix: str
    notation: str = ""  # of a text for the whole context


def sections_of(session: EditSession, problems: dict[Path, str]) -> Sections:
    """The form's sections with the state of each field."""
    changes = set(session.editing.changes())
    return [
        (section.title, [_state(session, entry, changes, problems) for entry in section.entries])
        for section in session.editing.sections()
    ]


def bar_of(session: EditSession, problems: dict[Path, str]) -> BarState:
    """The line over the form."""
    moved = session.moved_on
    return BarState(
        name=session.assistant.name,
        base=session.base.version,
        changes=len(session.editing.changes()),
        problems=len(problems),
        next=session.next_number,
        active=moved.version if moved else None,
        kept=session.kept_at.astimezone().strftime("%H:%M") if session.kept_at else "",
        trouble=session.keep_problem or "",
        unread=session.editing.notation.upper() if CONTEXT in session.editing.texts else "",
    )


def diff_of(session: EditSession, against: int | None) -> DiffState:
    """The edit held against a version; None: against the one that it is based on."""
    editing = session.editing
    version = next((one for one in session.versions if one.version == against), session.base)
    defaults = {entry.field.path: entry.default for entry in editing.entries() if entry.default is not UNSET}
    unread = [f"{field_name(path)} has text that can't be read, so it isn't compared." for path in editing.texts]
    numbers = {session.base.version: "base", session.active.version: "active"}
    if session.base.version == session.active.version:
        numbers = {session.base.version: "base, active"}
    found = differences(editing.masked(document_of(version)), editing.masked(editing.document), defaults)
    return DiffState(version.version, tuple(numbers.items()), found, field_name, unread)


def field_name(path: Path) -> str:
    """A field of the context by its name, anything else of an assistant in brackets."""
    inner = path[1:] if path[:1] == CONTEXT and len(path) > 1 else path
    name = where(inner)
    return name if path[:1] == CONTEXT else f"({name})"


def names_of(session: EditSession) -> frozenset[str] | None:
    """What the fields of the context are called; None while there is no schema that says it."""
    if session.schema is None:
        return None
    paths = (entry.field.path for entry in session.editing.entries())
    return frozenset(str(path[1]) for path in paths if len(path) > 1 and path[:1] == CONTEXT)


def version_row(version: Version, now: datetime) -> Row:
    """A version in a list to choose from."""
    return Row(
        str(version.version),
        (
            safe(f"v{version.version}"),
            safe("●" if version.active else "", "$text-accent"),
            safe(one_line(", ".join(version.labels), 40), "$text-accent"),
            safe(one_line(version.note or "", 80), MUTED),
            safe(age(version.created_at, now), MUTED),
        ),
    )


def base_value(session: EditSession, path: Path) -> object:
    """What the saved version has at a path, or `UNSET`."""
    return get(session.base.context, path[1:]) if path[:1] == CONTEXT else get(session.editing.base, path)


def problem_sentence(problems: dict[Path, str], refused: str) -> str:
    """One sentence about what keeps the edit from being `refused` ("saved", "run")."""
    path, first = next(iter(problems.items()))
    name = where(path[1:] if path[:1] == CONTEXT and len(path) > 1 else path) or "the context"
    more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
    what_to_do = "Mend the text first" if path == CONTEXT else "Fix it in the form first"
    return f"Not {refused}: {name} {first}{more}. {what_to_do}."


def effective_json(state: FieldState) -> object:
    """The value that a copy takes: what is set, else the default, else null."""
    value = state.entry.effective
    return None if value is UNSET else value


def is_possible(action: str, session: EditSession | None, view: str, state: FieldState | None) -> bool:
    """Whether an action of `NEED_SESSION` would do something; `state` is the field under the cursor."""
    if session is None:
        return False
    if action in ("reset", "revert"):
        return view == "form" and state is not None and (action == "reset" or state.changed)
    if action == "rebase":
        return session.moved_on is not None and session.is_changed
    return session.is_changed if action in ("discard", "compare") else True


def text_for_editor(session: EditSession, view: str, state: FieldState | None) -> Outside | None:
    """The text that one would edit outside; None if the field has none."""
    if view in NOTATIONS:
        return Outside(CONTEXT, session.editing.text_of(view), f".{view}", view)
    if state is None or not (state.is_big or state.is_inline):
        return None
    suffix = {Kind.JSON: ".json", Kind.PROMPT: ".md"}.get(state.kind, ".txt")
    return Outside(state.path, session.editing.text(state.entry), suffix)


def _state(session: EditSession, entry: Entry, changes: set[Path], problems: dict[Path, str]) -> FieldState:
    path = entry.field.path
    return FieldState(
        entry,
        changed=path in changes or (entry.field.kind is not Kind.GROUP and session.editing.is_changed(path)),
        problem=problems.get(path),
        text=session.editing.texts.get(path),
    )
