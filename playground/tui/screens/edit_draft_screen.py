"""What becomes of the draft: saved, merged, discarded, run, or refused, since something in it isn't valid."""

from typing import Final

from textual import work

from playground.client.errors import PlaygroundError, ServerGone
from playground.tui.edit.checks import Checks
from playground.tui.edit.session import EditSession
from playground.tui.edit.view import problem_sentence
from playground.tui.forms.document import Path
from playground.tui.forms.editing import CONTEXT
from playground.tui.screens.edit_session_screen import SessionScreen
from playground.tui.text import one_line
from playground.tui.usecases import editing as usecases

KEPT: Final = "Your edit is kept; Ctrl+S again once the server is back."


class DraftScreen(SessionScreen):
    """The draft's fate. How it is shown and edited is the subclass's: `update`, `changed`, `show_view`, …"""

    def __init__(self) -> None:
        super().__init__()
        self.problems: dict[Path, str] = {}
        self.checks = Checks()

    # What a subclass shows

    async def changed(self) -> None:
        """The edit is another one now, and not by typing."""

    def keep(self) -> object:
        """Store the draft, in a worker."""

    def show_facts(self) -> None:
        """The line on top, and what there is to know about the field."""

    async def show_view(self, view: str) -> None:
        """Show this view, as the session is now."""

    async def go_to_problem(self, path: Path) -> None:
        """Show where a problem is."""

    # What the user does

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_discard(self) -> None:
        """Go back to the active version, after asking."""
        session = self.session
        if session is not None and session.is_changed and await usecases.discard(self.playground, session):
            self.keep()
            await self.show_session()

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_rebase(self) -> None:
        """Go on from the active version, with what it changed and what the draft did."""
        session = self.session
        if session is not None and await usecases.rebase(self.playground, session):
            await self.changed()

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_mend(self) -> None:
        """A text of the whole context that can't be read: mend it, or take it back to what could be read last."""
        session = self.session
        if session is None or CONTEXT not in session.editing.texts:
            return
        if self.views.view != session.editing.notation:
            await self.show_view(session.editing.notation)
        elif await usecases.take_back_json(self.playground, session):
            await self.changed()

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_chat(self) -> None:
        """Talk to the draft, or to the version if nothing differs."""
        if ref := await self.runnable_ref():
            self.playground.chat(ref)

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_compare(self) -> None:
        """The version and the draft side by side."""
        session = self.session
        if session is None or not session.is_changed:
            self.notify("Nothing changed yet: there is nothing to compare.", markup=False)
        elif ref := await self.runnable_ref():
            self.playground.compare([usecases.base_ref(session), ref])

    async def runnable_ref(self) -> str | None:
        """What to run. A draft that isn't valid is refused at its field."""
        session = self.session
        if session is None or (session.is_changed and await self._refuse("run")):
            return None
        ref = await usecases.runnable_ref(self.playground, session)
        self.show_facts()
        return ref

    async def _refuse(self, what: str) -> bool:
        """Whether the edit isn't valid; then say why, at the field."""
        if self.session is not None and self.client is not None:
            await self.checks.ask(self.client, self.session)
        await self.update()
        if not self.problems:
            return False
        self.notify(one_line(problem_sentence(self.problems, what), 300), severity="error", markup=False)
        await self.go_to_problem(next(iter(self.problems)))
        return True

    @work(group="save", exit_on_error=False)
    async def action_save(self) -> None:
        """Show what changed, ask for a note, make one version."""
        if self.session is None or self.is_saving:
            return
        self.is_saving = True
        try:
            await self._save(self.session)
        except ServerGone as error:
            self.playground.report(PlaygroundError(f"{error.sentence} {KEPT}", error.detail))
        finally:
            self.is_saving = False

    async def _save(self, session: EditSession) -> None:
        if await self._refuse("saved"):
            return
        if await usecases.save(self.playground, session) and self.views.view == "diff":
            await self.show_view("form")
            return
        await self.update(feed=True)
        if self.focused is None:
            self.views.focus_view()
