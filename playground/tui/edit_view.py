"""An edit session as what its screen shows, and what can be done with it there. Pure."""

from dataclasses import dataclass
from typing import Final

from playground.tui.edit_session import EditSession
from playground.tui.forms.document import UNSET, Path, get
from playground.tui.forms.editing import CONTEXT
from playground.tui.forms.fields import Kind
from playground.tui.forms.form import Entry
from playground.tui.widgets.form_bar import BarState
from playground.tui.widgets.form_cells import FieldState

Sections = list[tuple[str, list[FieldState]]]
NEED_SESSION: Final = frozenset(
    ("save", "reset", "revert", "view", "external", "chat", "compare", "discard", "copy", "zoom")
)
"""The actions that do nothing while no assistant is open."""


@dataclass(frozen=True, slots=True)
class Outside:
    """A text for the user's own editor, and the end of its file's name, by which that knows what it is."""

    path: Path
    text: str
    suffix: str


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
    )


def base_value(session: EditSession, path: Path) -> object:
    """What the saved version has at a path, or `UNSET`."""
    return get(session.base.context, path[1:]) if path[:1] == CONTEXT else get(session.editing.base, path)


def problem_sentence(problems: dict[Path, str], refused: str) -> str:
    """One sentence about what keeps the edit from being `refused` ("saved", "run")."""
    path, first = next(iter(problems.items()))
    name = ".".join(path[1:] if path[:1] == CONTEXT and len(path) > 1 else path) or "the context"
    more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"Not {refused}: {name} {first}{more}. Fix it in the form first."


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
    return session.is_changed if action in ("discard", "compare") else True


def text_for_editor(session: EditSession, view: str, state: FieldState | None) -> Outside | None:
    """The text that one would edit outside; None if the field has none."""
    if view == "json":
        return Outside(CONTEXT, session.editing.context_json(), ".json")
    if state is None or not (state.is_big or state.is_inline):
        return None
    suffix = {Kind.JSON: ".json", Kind.PROMPT: ".md"}.get(state.kind, ".txt")
    return Outside(state.path, session.editing.text(state.entry), suffix)


def _state(session: EditSession, entry: Entry, changes: set[Path], problems: dict[Path, str]) -> FieldState:
    path = entry.field.path
    return FieldState(
        entry,
        changed=path in changes and entry.field.kind is not Kind.GROUP,
        problem=problems.get(path),
        text=session.editing.texts.get(path),
    )
