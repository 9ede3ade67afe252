"""Labels: names that move from version to version."""

from typing import TYPE_CHECKING

from playground.client.values import Version
from playground.tui.usecases.saying import say

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp


async def set_label(app: "PlaygroundApp", version: Version) -> bool:
    """Give the version a label, which leaves the one that had it, or take one away."""
    from playground.tui.screens.label import LabelDialog

    notes = app.connected_client.notes
    facts, others = await notes.label_facts(version.assistant_id), await notes.all_labels()
    known = {label for labels in others.values() for label in labels}
    answer = await app.push_screen_wait(LabelDialog(version, facts, known, app.now()))
    if answer is None:
        return False
    if answer.take_away:
        await notes.drop_label(version.assistant_id, answer.label)
        say(app, f"v{version.version} is no longer {answer.label}.")
        return True
    await notes.set_label(version.assistant_id, answer.label, version.version, answer.why)
    before = facts.get(answer.label)
    moved = f", no longer v{before.version}" if before and before.version != version.version else ""
    say(app, f"{version.name}@{answer.label} is v{version.version} now{moved}.")
    return True
