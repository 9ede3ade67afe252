"""Which version is the active one: choosing another, and taking that back."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from playground.client.errors import PlaygroundError
from playground.client.values import Assistant, Promotion, Version
from playground.tui.changes import changed, details, version_changes
from playground.tui.screens.dialogs import Confirm
from playground.tui.text import age, count, join, one_line
from playground.tui.usecases.saying import say

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp

_JUST_NOW: Final = timedelta(minutes=10)
"""How long one's own choice is taken back without being asked."""


async def make_active(app: "PlaygroundApp", version: Version, active: Version) -> bool:
    """Make a version the one that runs when none is named, after showing what that changes. `u` takes it back."""
    client = app.connected_client
    changes = version_changes(await client.masked(active), await client.masked(version))
    body = join(
        f"{one_line(version.name, 80)} runs v{version.version} instead of v{active.version} from now on. ",
        f"Every version stays. {count(len(changed(changes)), 'field')} will differ:\n\n",
        details(changes),
    )
    question = Confirm(f"Make v{version.version} active", body, "Make active", field="Why (optional)")
    question.add_class("-wide-dialog")
    if not await app.push_screen_wait(question):
        return False
    before = await client.assistants.get(version.assistant_id)
    assistant = await client.assistants.promote(version.assistant_id, version.version)
    await client.notes.record_promotion(
        version.assistant_id, assistant.version, before.version, question.written or None
    )
    say(app, f"v{assistant.version} of {assistant.name} is active. u goes back to v{before.version}.")
    return True


async def undo_make_active(app: "PlaygroundApp", assistant: Assistant) -> bool:
    """Put the version back that was active before the last “make active”, unless something changed since."""
    client = app.connected_client
    current = await client.assistants.get(assistant.assistant_id)
    promotions = await client.notes.promotions(assistant.assistant_id)
    name = one_line(current.name, 60)
    if not promotions:
        say(app, f"Nothing to take back: no version of {name} was made active by hand.")
        return False
    last = promotions[0]
    if current.version != last.version:
        raise PlaygroundError(
            f"Not undone: v{last.version} was made active{_told(app, last)}, but v{current.version} of {name} is "
            "active since. Choose a version and press p."
        )
    if not _is_fresh(app, last) and not await _wants_it(app, name, last):
        return False
    back = await client.assistants.promote(assistant.assistant_id, last.from_version)
    await client.notes.drop_promotion(assistant.assistant_id, last)
    say(app, f"Undone: v{back.version} of {name} is active again, not v{last.version}.")
    return True


def _is_fresh(app: "PlaygroundApp", last: Promotion) -> bool:
    from playground.client.notes import user_name

    return last.by == user_name() and app.now() - last.at < _JUST_NOW


async def _wants_it(app: "PlaygroundApp", name: str, last: Promotion) -> bool:
    why = f", because: “{one_line(last.note, 300)}”" if last.note else ""
    body = (
        f"v{last.version} of {name} was made active{_told(app, last)}{why}.\n\n"
        f"v{last.from_version}, which was active before, becomes the active one again. Every version stays."
    )
    question = Confirm(f"Go back to v{last.from_version}", body, f"Make v{last.from_version} active", destructive=True)
    return await app.push_screen_wait(question) is True


def _told(app: "PlaygroundApp", last: Promotion) -> str:
    when = age(last.at, app.now())
    ago = "" if when == "now" else f" {when} ago"
    return f" by {one_line(last.by, 40)}{ago}" if last.by else ago
