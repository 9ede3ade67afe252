"""The form with its editor, facts and trial."""

from collections.abc import Iterable
from typing import Any, Final

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from playground.tui.forms.document import Path
from playground.tui.forms.editing import CONTEXT
from playground.tui.text import safe
from playground.tui.widgets.form_cells import FieldState
from playground.tui.widgets.form_editor import FieldEditor
from playground.tui.widgets.form_info import FieldInfo
from playground.tui.widgets.form_list import FormList
from playground.tui.widgets.pane import Pane
from playground.tui.widgets.try_it import TryIt

PANES: Final = (("fields", "Fields"), ("editor", "Editor"), ("try", "Try it"))


class FormView(Horizontal):
    """The fields on the left; on the right the big editor, facts about the current field, and the trial."""

    def __init__(self, trial: TryIt, id: str) -> None:
        super().__init__(id=id, classes="view -fields")
        self.trial = trial
        self.states: list[FieldState] = []

    def compose(self) -> ComposeResult:
        """Fields, editor, facts."""
        with Pane(id="fields") as fields:
            fields.border_title = safe("Fields by node")
            yield FormList(id="form")
        with Vertical(id="right"):
            yield FieldEditor(id="editor")
            yield FieldInfo()
            with Vertical(id="try"):
                yield self.trial

    @property
    def form(self) -> FormList:
        """The fields."""
        return self.query_one(FormList)

    @property
    def editor(self) -> FieldEditor:
        """The big editor."""
        return self.query_one(FieldEditor)

    @property
    def state(self) -> FieldState | None:
        """The field that keys act on: the one in the big editor if that has the focus, else the cursor's."""
        return self._at(self.editor.path) if self.editor.area.has_focus else self.form.state

    async def set_sections(self, sections: list[tuple[str, list[FieldState]]], *, feed: bool) -> None:
        """Show these fields. `feed`: the editor's text is not what the user has just typed into it."""
        self.states = [state for _, states in sections for state in states]
        await self.form.set_sections(sections)
        self.show_editor(feed=feed)

    def show_editor(self, *, feed: bool = False) -> None:
        """Let the big editor show the field it should."""
        editor = self.editor
        path = editor_path(self.states, self.form.state, editor.path)
        state = self._at(path)
        if state is None:
            editor.show(None, "", changed=False, problem=False)
            return
        text = editor.area.text
        if feed or path != editor.path:
            text = state.entry.text if state.text is None else state.text
        editor.show(state.entry.field, text, changed=state.changed, problem=state.problem is not None)

    def show_facts(self, base: Any, base_name: str) -> None:
        """Tell about the current field; `base` is what the version called `base_name` has for it."""
        self.query_one(FieldInfo).show(self.state, base, base_name)

    def show_pane(self, pane: str) -> None:
        """Which of them a narrow screen shows."""
        for name, _ in PANES:
            self.set_class(pane == name, f"-{name}")

    def _at(self, path: Path | None) -> FieldState | None:
        return next((state for state in self.states if state.path == path), None)


def editor_path(states: Iterable[FieldState], cursor: FieldState | None, current: Path | None) -> Path | None:
    """Which field the big editor shows: the one under the cursor, else the one it has, else the first prompt."""
    if cursor is not None and cursor.is_big:
        return cursor.path
    big = [state for state in states if state.is_big]
    if any(state.path == current for state in big):
        return current
    of_context = [state for state in big if state.path[:1] == CONTEXT]
    prompts = [state for state in of_context if state.entry.field.is_prompt]
    return next((state.path for state in [*prompts, *of_context]), None)
