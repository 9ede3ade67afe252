"""What won a comparison becomes the active version; a draft becomes a version first."""

from dataclasses import replace
from typing import TYPE_CHECKING

from playground.client.errors import NothingChanged, PlaygroundError
from playground.client.values import Draft, Runnable, Version
from playground.tui.browse.drafts import as_version
from playground.tui.changes import changed, details, version_changes
from playground.tui.screens.dialogs import Confirm
from playground.tui.text import count, join, one_line
from playground.tui.usecases.saying import say
from playground.tui.usecases.versions import make_active

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp


async def promote(app: "PlaygroundApp", runnable: Runnable) -> Runnable | None:
    """Makes it active, after asking. What a draft is called from then on; None for a version, or if one won't.

    It is saved as it ran, whatever the draft has become since. Raises PlaygroundError.
    """
    versions = await app.connected_client.assistants.versions(runnable.assistant_id)
    active = next(version for version in versions if version.active)
    if runnable.draft:
        return await _save(app, runnable, versions, active)
    if runnable.version == active.version:
        say(app, f"v{active.version} of {one_line(active.name, 60)} is the active version already.")
    else:
        chosen = next(version for version in versions if version.version == runnable.version)
        await make_active(app, chosen, active)
    return None


async def _save(app: "PlaygroundApp", runnable: Runnable, versions: list[Version], active: Version) -> Runnable | None:
    client = app.connected_client
    draft = await client.notes.draft(runnable.assistant_id)
    if draft is not None and draft.content.get("secrets"):
        raise PlaygroundError("The draft has a secret, which isn't kept with it: save it in Edit (e) first.")
    base = next(version for version in versions if version.version == runnable.version)
    number = versions[0].version + 1
    saved = replace(base, version=number, context=runnable.context, config=runnable.config, active=False)
    changes = version_changes(await client.masked(active), await client.masked(saved))
    body = join(
        f"The draft of {one_line(base.name, 80)}, as it ran here, is saved as v{number}, which runs from now on "
        f"instead of v{active.version}. {count(len(changed(changes)), 'field')} will differ:\n\n",
        details(changes),
    )
    question = Confirm(f"Save the draft as v{number}, active", body, "Save and make active", field="Note (optional)")
    question.add_class("-wide-dialog")
    if not await app.push_screen_wait(question):
        return None
    note = question.written or None
    try:
        made = await client.assistants.save(base, context=runnable.context, config=runnable.config, note=note)
    except NothingChanged as error:
        say(app, error.sentence)
        return None
    left = await _drop_draft(app, draft, base, made)
    say(app, f"Saved: v{made.version} of {one_line(made.name, 60)} is active.{left}")
    return replace(runnable, ref=f"{runnable.assistant_id}@v{made.version}", version=made.version, draft=False)


async def _drop_draft(app: "PlaygroundApp", draft: Draft | None, base: Version, made: Version) -> str:
    """Forgets the draft if it is what was saved; else a sentence that it is there still."""
    if draft is None:
        return ""
    if draft.is_unread or _content(as_version(draft, base)) != _content(made):
        return " The draft has more by now, and stays."
    for screen in app.screens_opened:
        screen.on_draft_discarded(draft.assistant_id)
    await app.connected_client.notes.drop_draft(draft.assistant_id)
    return ""


def _content(version: Version) -> tuple[object, ...]:
    return version.name, version.description, version.context, version.config, version.metadata
