"""The state of a thread while it is edited. Pure."""

from collections.abc import Iterator
from typing import Any

from playground.client.inputs import properties_of, takes_messages
from playground.client.state_edit import gone
from playground.tui.forms.document import Path
from playground.tui.forms.editing import CONTEXT, Editing
from playground.tui.forms.form import Layout, Section
from playground.tui.forms.input_editing import MESSAGES, InputEditing

JSON = dict[str, Any]


class StateEditing(InputEditing):
    """As an input that is filled in. What the state has already is no problem, whatever its schema says of it."""

    def __init__(self, schema: JSON | None, values: JSON) -> None:
        Editing.__init__(self, state_schema(schema), {"context": values})
        self._known = super().problems()

    def problems(self) -> dict[Path, str]:
        """A sentence for each field that isn't valid and was changed, or that was taken away."""
        found = {path: why for path, why in super().problems().items() if self._is_new(path, why)}
        before, now = self.base.get("context"), self.value
        if isinstance(before, dict) and isinstance(now, dict):
            for key in gone(before, now):
                found.setdefault((*CONTEXT, key), "can't be taken out of a state: it can be set to null")
        return found

    def _is_new(self, path: Path, why: str) -> bool:
        return self._known.get(path) != why or self.is_changed(path)

    def _sections(self) -> Iterator[Section]:
        layout = Layout(self.document, self._kinds)
        yield Section("state", tuple(layout.entries(self._context_fields)))
        extra = tuple(self._unknown(layout, self._context_fields, CONTEXT)) if self._has_schema else ()
        if extra:
            yield Section("not in the schema", extra)


def state_schema(schema: JSON | None) -> JSON | None:
    """The schema as a form shows it: messages as who says what, and nothing required, since a step may set it later."""
    if schema is None:
        return None
    properties = properties_of(schema)
    if properties is not None and takes_messages(schema):
        properties = {**properties, "messages": {**MESSAGES, "description": "The messages; their ids stay"}}
    kept = {key: value for key, value in schema.items() if key != "required"}
    return {**kept, "properties": properties} if properties is not None else kept
