"""The options of the next runs, as a form: how they run, and with what context instead of the version's."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from playground.tui.forms.run_editing import RunEditing
from playground.tui.screens.input_form import InputForm


class RunOptionsForm(InputForm):
    """Ctrl+S and Escape both use what is filled in, if every field is valid. Nothing of the version itself changes."""

    HEADING = "Runs of"
    SEND = "Use"
    BASE = "the version"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("X", "clear", "Clear all", id="options.clear", tooltip="Run as the version itself does"),
    ]

    def __init__(self, editing: RunEditing, name: str) -> None:
        super().__init__(editing, name, "")
        self._options = editing

    async def action_clear(self) -> None:
        """As the version itself runs."""
        self._options.clear()
        await self.update(feed=True)

    def key_label(self, binding: Binding) -> str:
        """In the footer."""
        return {"form.send": self.SEND, "form.revert": "As the version"}.get(binding.id or "", binding.description)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What the version has can have another value, but not none."""
        if action == "clear":
            return bool(self._options.changes())
        if action == "reset" and self.is_mounted:
            state = self.form.state
            if state is not None and not self._options.can_reset(state.path):
                return False
        return super().check_action(action, parameters)
