"""Drafts, as a list of them offers: compare one with what it is based on, show what it changes, discard it."""

from typing import TYPE_CHECKING

from playground.client.errors import PlaygroundError
from playground.client.values import Draft, Version
from playground.tui.browse.drafts import as_version
from playground.tui.changes import changed, summary, version_changes
from playground.tui.screens.dialogs import Confirm
from playground.tui.text import count, join, one_line
from playground.tui.usecases.saying import say

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp


def draft_refs(draft: Draft) -> list[str]:
    """The version that it is based on and the draft, to be compared."""
    return [f"{draft.assistant_id}@v{draft.base_version}", f"{draft.assistant_id}@draft"]


async def show_draft_diff(app: "PlaygroundApp", draft: Draft, base: Version | None) -> None:
    """What the draft changes, in full. Raises PlaygroundError if the version it is based on is gone."""
    from playground.tui.screens.diff import DiffScreen

    if base is None:
        raise PlaygroundError(f"v{draft.base_version}, which this draft is based on, is gone.")
    left, right = await _masked(app, draft, base)
    app.push_screen(DiffScreen(left, right, right_name=f"{one_line(base.name, 50)}@draft"))


async def discard_draft(app: "PlaygroundApp", draft: Draft, base: Version | None, name: str) -> bool:
    """Forget a draft, after showing what goes; False if it stays."""
    changes = changed(version_changes(*await _masked(app, draft, base))) if base else []
    told = join(f"{count(len(changes), 'field')} changed since v{draft.base_version}:\n\n", summary(changes))
    body = join(told if changes else "It goes for good.", "\n\nThe draft goes for good; every version stays.")
    question = Confirm(f"Discard the draft of {name}", body, "Discard", destructive=True)
    if await app.push_screen_wait(question) is not True:
        return False
    for screen in app.screens_opened:
        screen.on_draft_discarded(draft.assistant_id)
    await app.connected_client.notes.drop_draft(draft.assistant_id)
    say(app, f"The draft of {name} is discarded.")
    return True


async def _masked(app: "PlaygroundApp", draft: Draft, base: Version) -> list[Version]:
    """The version that it is based on, and what it would make of it, with dots for secrets."""
    return [await app.connected_client.masked(version) for version in (base, as_version(draft, base))]
