"""A graph's input while it is filled in as a form. Pure."""

import json
from collections.abc import Iterator
from typing import Any, Final

from playground.client.inputs import only_text_field, properties_of, takes_messages
from playground.tui.forms.document import UNSET, Path, get
from playground.tui.forms.editing import CONTEXT, Editing
from playground.tui.forms.form import Layout, Section

JSON = dict[str, Any]
ROLES: Final = {"user": "human", "assistant": "ai"}
MESSAGES: Final[JSON] = {
    "type": "array",
    "description": "What is said, in its order",
    "items": {
        "type": "object",
        "title": "message",
        "required": ["type", "content"],
        "properties": {
            "type": {"enum": ["human", "ai", "system", "tool"], "description": "Who says it"},
            "content": {"type": "string", "x_oap_ui_config": {"type": "textarea"}, "description": "What is said"},
        },
    },
}


class InputEditing(Editing):
    """As an edit of an assistant's context; what is marked as changed differs from what was typed."""

    def __init__(self, schema: JSON | None, given: Any) -> None:
        super().__init__(form_schema(schema), {"context": given})

    @property
    def value(self) -> Any:
        """The input as it is now."""
        return self.document.get("context")

    def shown_problems(self, *, missing: bool) -> dict[Path, str]:
        """A sentence for each field that isn't valid; of those that nobody has filled in yet only if `missing`."""
        found = self.problems()
        return found if missing else {path: why for path, why in found.items() if self._is_begun(path)}

    def _is_begun(self, path: Path) -> bool:
        return path in self.texts or get(self.document, path) is not UNSET

    def _sections(self) -> Iterator[Section]:
        layout = Layout(self.document, self._kinds)
        yield Section("input", tuple(layout.entries(self._context_fields)))
        if self._has_schema:
            extra = tuple(self._unknown(layout, self._context_fields, CONTEXT))
            if extra:
                yield Section("not in the schema", extra)


def form_schema(schema: JSON | None) -> JSON | None:
    """The schema as a form shows it: LangChain's dozen kinds of messages as who says what.

    A chat's schema is often that of its whole state: nothing of that is required.
    """
    properties = properties_of(schema)
    if schema is None or properties is None or not takes_messages(schema):
        return schema
    return {**schema, "properties": {**properties, "messages": MESSAGES}, "required": ["messages"]}


def filled_in(given: Any, schema: JSON | None) -> Any:
    """An input as a form begins with it: messages without ids, and one to write if there is none."""
    given = given if isinstance(given, dict) else {}
    if properties_of(schema) is None or not takes_messages(schema):
        return given
    messages = given.get("messages") or [{"type": "human", "content": ""}]
    return {**given, "messages": [_plain(one) for one in messages] if isinstance(messages, list) else messages}


def as_typed(value: Any, schema: JSON | None) -> str:
    """The text that means this input: what a person says, the one text that is wanted, else JSON on one line."""
    if isinstance(value, dict) and len(value) == 1:
        messages = value.get("messages")
        if takes_messages(schema) and isinstance(messages, list) and len(messages) == 1:
            only = _plain(messages[0])
            if isinstance(only, dict) and only.keys() == {"type", "content"} and only["type"] == "human":
                return _as_text(only["content"]) or _as_json(value)
        field = None if takes_messages(schema) else only_text_field(schema)
        if field in value:
            return _as_text(value[field]) or _as_json(value)
    return _as_json(value)


def _as_text(value: Any) -> str:
    """A text that is read as the text it is; "" if it would be taken for JSON, or for nothing."""
    return value if isinstance(value, str) and value.strip() and not value.lstrip().startswith("{") else ""


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _plain(message: Any) -> Any:
    """A message by who says what. Its id is made anew when it is sent."""
    if not isinstance(message, dict):
        return {"type": "human", "content": message} if isinstance(message, str) else message
    kept = {key: value for key, value in message.items() if key not in ("id", "role", "type", "content")}
    role = str(message.get("type") or message.get("role") or "human")
    return {"type": ROLES.get(role, role), "content": message.get("content", ""), **kept}
