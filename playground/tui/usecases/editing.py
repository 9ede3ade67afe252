"""What a user does to the assistant that they edit: ask what must be asked, do it, say what was done.

Each is awaited in a worker of the Edit screen. Errors of the client pass through; the screen reports them.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from playground.client.errors import PlaygroundError, ServerGone
from playground.tui.changes import details, version_changes
from playground.tui.edit.session import EditSession, Opened, open_session
from playground.tui.edit.view import VERSION_COLUMNS, Outside, effective_json, field_name, version_row
from playground.tui.external import edit_text
from playground.tui.forms.document import UNSET, get
from playground.tui.forms.editing import CONTEXT
from playground.tui.forms.text import to_json
from playground.tui.screens.dialogs import Confirm
from playground.tui.screens.edit_save import SaveAs, SaveDialog
from playground.tui.screens.edit_three_way import ThreeWay
from playground.tui.screens.pick import Pick
from playground.tui.text import count, join, one_line
from playground.tui.usecases import say
from playground.tui.widgets.form_cells import FieldState

if TYPE_CHECKING:
    from playground.client.values import Graph, Version
    from playground.tui.app import PlaygroundApp

CANT: Final = "The form can't follow the code."
STAYS: Final = "It stays as it was: go on typing."


async def let_go(app: "PlaygroundApp", session: EditSession) -> bool:
    """Store the draft before something else is opened; False if that failed, and said so."""
    await session.keep(app.connected_client, app.now())
    if not session.is_stored:
        sentence = f"The draft of {session.assistant.name} could not be stored, so it stays open."
        app.report(PlaygroundError(sentence, session.keep_problem))
    return session.is_stored


async def open_assistant(app: "PlaygroundApp", assistant_id: str, version: int | None) -> Opened:
    """Open an assistant; if its draft is on another version than the wanted one, ask which to go on with."""
    opened = await open_session(app.connected_client, assistant_id, version)
    session, other = opened.session, opened.other_base
    if other is not None and await _wants_to_start_over(app, session, other):
        session.start_over(next(one for one in session.versions if one.version == other))
    return opened


@dataclass(frozen=True, slots=True)
class Followed:
    """How an edit followed its graph's code: whether its form is another one, and why it couldn't."""

    changed: bool
    problem: str | None = None


async def follow_code(app: "PlaygroundApp", session: EditSession) -> Followed:
    """Lay the form over the schema as it is now, and say what changed. What doesn't load leaves the form as it was."""
    try:
        change = await session.reread_schema(app.connected_client)
    except ServerGone:
        raise
    except PlaygroundError as error:
        return Followed(False, f"{CANT} {one_line(error.sentence, 300)} {STAYS}")
    if change:
        app.notify(change.sentence(session.assistant.graph_id), title="The code changed", timeout=8, markup=False)
    return Followed(change is not None)


def code_problem(app: "PlaygroundApp", graph: "Graph") -> str:
    """Why the form doesn't follow the code at the moment; F2 shows the traceback."""
    error = graph.error or f"{graph.graph_id} failed to load."
    app.details = (error, graph.traceback or "", None)
    return f"{CANT} {one_line(error, 300)} {STAYS}"


async def discard(app: "PlaygroundApp", session: EditSession) -> bool:
    """Go back to the active version, after asking; False if nothing was discarded."""
    body = f"{_changed(session)} since v{session.base.version}. The draft goes for good; every version stays."
    question = Confirm(f"Discard the draft of {session.assistant.name}", body, "Discard", destructive=True)
    if await app.push_screen_wait(question) is not True:
        return False
    session.start_over(session.active)
    return True


async def rebase(app: "PlaygroundApp", session: EditSession) -> bool:
    """Go on from the active version with both edits in the draft, after every conflict was decided."""
    await session.refresh(app.connected_client)
    if session.moved_on is None:
        app.notify(f"v{session.base.version} is the active version: there is nothing to go on from.", markup=False)
        return False
    if session.editing.texts:
        path = next(iter(session.editing.texts))
        raise PlaygroundError(
            f"{field_name(path)} has text that can't be read: mend it first, so that it can be merged."
        )
    dialog = ThreeWay(session.shown_merge, session.base.version, session.active.version, field_name)
    choices = await app.push_screen_wait(dialog)
    if choices is None:
        return False
    session.rebase(session.merge(choices).result)
    say(app, f"The draft is based on v{session.base.version} now.")
    return True


async def pick_version(app: "PlaygroundApp", session: EditSession) -> int | None:
    """Any version of the assistant."""
    title = f"Compare the draft of {one_line(session.assistant.name, 40)} with"
    rows = [version_row(version, app.now()) for version in session.versions]
    picked = await app.push_screen_wait(Pick(title, VERSION_COLUMNS, rows, str(session.base.version)))
    return int(picked) if picked is not None else None


async def take_back_json(app: "PlaygroundApp", session: EditSession) -> bool:
    """Forget a context that isn't JSON, which no form can show, after asking; False if it is still there."""
    problem = session.editing.problems().get(CONTEXT, "can't be read")
    body = f"The context {problem}.\n\nTake it back to the last text that could be read, or cancel and mend it."
    question = Confirm(f"The {session.editing.notation.upper()} can't be read", body, "Take it back", destructive=True)
    if await app.push_screen_wait(question) is not True:
        return False
    session.editing.take_back_json()
    return True


async def save(app: "PlaygroundApp", session: EditSession) -> bool:
    """Show what changed, ask for a note, make one version; False if there is no new one."""
    if app.client is None:
        raise ServerGone("The server is away.")
    made = await session.find_saved(app.client)
    if made is not None:
        say(app, f"Saved as v{made.version} already: only the answer had been lost.")
    if not session.is_changed:
        if made is None:
            app.notify(f"Nothing changed since v{session.base.version}: there is nothing to save.", markup=False)
        return made is not None
    await session.refresh(app.client)
    wanted = await _ask(app, session)
    if wanted is None:
        return made is not None
    version = await session.save(app.client, wanted.note or None)
    if wanted.label:
        await app.client.notes.set_label(session.assistant_id, wanted.label, version.version, wanted.note or None)
    say(app, f"Saved as v{version.version}{f', which is {wanted.label} now' if wanted.label else ''}.")
    return True


async def runnable_ref(app: "PlaygroundApp", session: EditSession) -> str | None:
    """What to run: the draft, stored first, or the version if nothing differs; None if it can't be stored."""
    if not session.is_changed:
        return base_ref(session)
    await session.keep(app.connected_client, app.now())
    return f"{session.assistant_id}@draft" if session.is_stored else None


def base_ref(session: EditSession) -> str:
    """The version that the edit is based on."""
    return f"{session.assistant_id}@v{session.base.version}"


def edit_outside(app: "PlaygroundApp", session: EditSession, what: Outside) -> bool:
    """A text in the user's own editor; False if nothing changed. The playground waits meanwhile."""
    edited = edit_text(app, what.text, what.suffix)
    if edited is not None:
        if what.notation:
            session.editing.write_text(what.notation, edited)
        else:
            session.editing.rewrite(what.path, edited)
    return edited is not None


def copy(app: "PlaygroundApp", session: EditSession, state: FieldState | None, notation: str = "json") -> None:
    """Copy the value of a field, or the whole context."""
    if state is None:
        app.copy(session.editing.text_of(notation), f"the context as {notation.upper()}")
        return
    shown = get(session.editing.masked(session.editing.document), state.path)
    value = effective_json(state) if shown is UNSET else shown
    text = value if isinstance(value, str) else to_json(value)
    app.copy(text, f"the value of {one_line(state.entry.field.label, 60)}")


async def _wants_to_start_over(app: "PlaygroundApp", session: EditSession, wanted: int) -> bool:
    name = one_line(session.assistant.name, 60)
    body = join(
        f"There is a draft of {name} on v{session.base.version} ({_changed(session)}).",
        f"\n\nStarting from v{wanted} discards it. Cancel goes on with the draft.",
    )
    question = Confirm(f"Draft on v{session.base.version}", body, f"Start from v{wanted}", destructive=True)
    return await app.push_screen_wait(question) is True


async def _ask(app: "PlaygroundApp", session: EditSession) -> SaveAs | None:
    """Note and label of the version that is about to be made, after showing what changes; None to go on editing."""
    name, number = one_line(session.assistant.name, 40), session.next_number
    made = (_without_secrets(session, version) for version in (session.base, session.as_version()))
    changes = details(version_changes(*made))
    dialog = SaveDialog(f"Save {name} as v{number}", changes, f"Save v{number}", _moved_on(session))
    answer: SaveAs | None = await app.push_screen_wait(dialog)
    return answer


def _without_secrets(session: EditSession, version: "Version") -> "Version":
    """The version as it may be shown: with dots for secrets."""
    return replace(version, context=session.editing.masked({"context": version.context})["context"])


def moved_notice(session: EditSession) -> str | None:
    """That a draft's base has moved on, and what to do; None if it hasn't."""
    moved = session.moved_on
    if moved is None or not session.is_changed:
        return None
    return f"The draft is based on v{session.base.version}, and v{moved.version} is active now: b brings both together."


def _moved_on(session: EditSession) -> str:
    moved = session.moved_on
    if moved is None:
        return ""
    return (
        f"v{moved.version} is active now, and this edit is based on v{session.base.version}: what v{moved.version} "
        f"changed isn't in it, and v{session.next_number} becomes the active one. Esc, then b, brings both together."
    )


def _changed(session: EditSession) -> str:
    return f"{count(len(session.editing.changes()), 'field')} changed"
