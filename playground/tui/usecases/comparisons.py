"""Comparisons that are kept: naming one, deleting one."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from playground.client.saved import SavedComparison
from playground.tui.screens.dialogs import Ask, Confirm
from playground.tui.text import count, one_line
from playground.tui.usecases.saying import say

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp
    from playground.tui.screens.compare_saved import SavedCompareScreen

_LONGEST: Final = 200
"""Characters of a name."""


async def ask_name(app: "PlaygroundApp", name: str) -> str | None:
    """The name that a comparison is to have; None if it stays as it is. An empty one is none."""
    label = "A name of its own, in the list and on the screen. Empty: it is called by what it compares."
    question = Ask("Name this comparison", label, name, action="Name", empty=True, check=_check)
    answer = await app.push_screen_wait(question)
    return None if answer is None or answer == name else answer


async def rename_comparison(app: "PlaygroundApp", saved: SavedComparison, name: str) -> None:
    """Another name; one that is open on Compare has it there, too."""
    if (screen := _showing(app, saved)) is not None:
        await screen.rename_comparison(name)
        return
    comparisons = app.connected_client.comparisons
    now = await comparisons.get(saved.comparison_id)
    if now is not None:
        await comparisons.save(replace(now, name=name))


async def delete_comparison(app: "PlaygroundApp", saved: SavedComparison) -> bool:
    """Deletes it, after naming what goes with it and what stays."""
    client, threads = app.connected_client, saved.threads
    title = one_line(saved.title, 60)
    turns = f"{count(saved.turns, 'turn')} in {count(len(saved.sides), 'pane')}"
    stay = f" Its {count(len(threads), 'thread')} stay{'s' if len(threads) == 1 else ''}, unless you say so here."
    body = f"{title} goes for good: {turns}, with times, tokens and samples.{stay if threads else ''}"
    option = f"Delete its {count(len(threads), 'thread')}, too" if threads else ""
    question = Confirm("Delete this comparison", body, "Delete", destructive=True, option=option)
    if not await app.push_screen_wait(question):
        return False
    if (screen := _showing(app, saved)) is not None:
        await screen.forget_comparison()
    await client.comparisons.delete(saved.comparison_id)
    if question.chosen:
        await client.comparisons.delete_threads(list(threads))
    say(app, f"{title} is deleted{', with its threads' if question.chosen else ''}.")
    return True


def _showing(app: "PlaygroundApp", saved: SavedComparison) -> "SavedCompareScreen | None":
    """The Compare screen, if it is this one that is open there."""
    from playground.tui.screens.compare_saved import SavedCompareScreen

    screens = (screen for screen in app.screens_opened if isinstance(screen, SavedCompareScreen))
    return next((screen for screen in screens if screen.comparison.comparison_id == saved.comparison_id), None)


def _check(name: str) -> str | None:
    return f"At most {_LONGEST} characters." if len(name) > _LONGEST else None
