"""What is asked of the user while editing: each shows what is at stake, and answers what they want."""

from typing import TYPE_CHECKING

from playground.tui.changes import details, version_changes
from playground.tui.edit_session import EditSession
from playground.tui.forms.editing import CONTEXT
from playground.tui.screens.dialogs import Confirm
from playground.tui.screens.edit_save import SaveDialog
from playground.tui.text import count, join, one_line

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp


async def start_over(app: "PlaygroundApp", session: EditSession, wanted: int) -> bool:
    """Whether to discard the draft and start from another version than the draft's."""
    name = one_line(session.assistant.name, 60)
    body = join(
        f"There is a draft of {name} on v{session.base.version} ({_changed(session)}).",
        f"\n\nStarting from v{wanted} discards it. Cancel goes on with the draft.",
    )
    question = Confirm(f"Draft on v{session.base.version}", body, f"Start from v{wanted}", destructive=True)
    return await app.push_screen_wait(question) is True


async def discard(app: "PlaygroundApp", session: EditSession) -> bool:
    """Whether to go back to the active version."""
    body = f"{_changed(session)} since v{session.base.version}. The draft goes for good; every version stays."
    question = Confirm(f"Discard the draft of {session.assistant.name}", body, "Discard", destructive=True)
    return await app.push_screen_wait(question) is True


async def take_back_json(app: "PlaygroundApp", session: EditSession) -> bool:
    """Whether to forget a context that isn't JSON: the form can't show it."""
    problem = session.editing.problems().get(CONTEXT, "can't be read")
    body = f"The context {problem}.\n\nTake it back to the last text that could be read, or cancel and mend it."
    question = Confirm("The JSON can't be read", body, "Take it back", destructive=True)
    return await app.push_screen_wait(question) is True


async def note(app: "PlaygroundApp", session: EditSession) -> str | None:
    """The note of the version that is about to be made, after showing what changes; None to go on editing."""
    name, number = one_line(session.assistant.name, 40), session.next_number
    changes = details(version_changes(session.base, session.as_version()))
    dialog = SaveDialog(f"Save {name} as v{number}", changes, f"Save v{number}", _moved_on(session))
    answer: str | None = await app.push_screen_wait(dialog)
    return answer


def _moved_on(session: EditSession) -> str:
    moved = session.moved_on
    if moved is None:
        return ""
    return (
        f"v{moved.version} is active now, and this edit is based on v{session.base.version}: what v{moved.version} "
        f"changed isn't in it. It stays as it is, and v{session.next_number} becomes the active one."
    )


def _changed(session: EditSession) -> str:
    return f"{count(len(session.editing.changes()), 'field')} changed"
