"""An edit session as what its screen shows. Pure."""

from playground.tui.edit_session import EditSession
from playground.tui.forms.document import UNSET, Path, get
from playground.tui.forms.editing import CONTEXT
from playground.tui.forms.fields import Kind
from playground.tui.forms.form import Entry
from playground.tui.widgets.form_bar import BarState
from playground.tui.widgets.form_cells import FieldState

Sections = list[tuple[str, list[FieldState]]]


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


def problem_sentence(problems: dict[Path, str]) -> str:
    """One sentence about what keeps the edit from being saved."""
    path, first = next(iter(problems.items()))
    name = ".".join(path[1:] if path[:1] == CONTEXT and len(path) > 1 else path) or "the context"
    more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"Not saved: {name} {first}{more}. Fix it in the form first."


def _state(session: EditSession, entry: Entry, changes: set[Path], problems: dict[Path, str]) -> FieldState:
    path = entry.field.path
    return FieldState(
        entry,
        changed=path in changes and entry.field.kind is not Kind.GROUP,
        problem=problems.get(path),
        text=session.editing.texts.get(path),
    )


def effective_json(state: FieldState) -> object:
    """The value that a copy takes: what is set, else the default, else null."""
    value = state.entry.effective
    return None if value is UNSET else value
