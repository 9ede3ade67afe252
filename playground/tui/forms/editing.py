"""An assistant while it is edited: the version it is based on, the document as it is now, and what is wrong with it."""

from collections.abc import Iterator
from typing import Any

from playground.client.validation import Checker, Problem
from playground.tui.forms.document import UNSET, Path, drop, get, put, same
from playground.tui.forms.fields import Field, Kind
from playground.tui.forms.form import Entry, Section, by_node, entries, seeds, unknown
from playground.tui.forms.schema import fields_of
from playground.tui.forms.text import TextError, fits, format_value, parse, to_json
from playground.tui.forms.validation import field_problem, place

JSON = dict[str, Any]
CONTEXT: Path = ("context",)
CONFIG: Path = ("config",)
ABOUT_SCHEMA: JSON = {
    "properties": {
        "name": {"type": "string", "minLength": 1, "description": "What the assistant is called"},
        "description": {
            "anyOf": [{"type": "string"}, {"type": "null"}],
            "default": None,
            "description": "What it is for",
        },
    }
}
CONFIG_SCHEMA: JSON = {
    "properties": {
        "tags": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "Put on every run of the assistant, to find its traces by",
        },
        "recursion_limit": {
            "type": "integer",
            "minimum": 1,
            "description": "Steps after which a run that doesn't end is stopped",
        },
    }
}
WHOLE = Field(CONTEXT, Kind.JSON, "context", "The whole context, as JSON")


class Editing:
    """The state of an edit. Pure: it touches neither screen nor disk.

    A document is `{"name", "description", "context", "config"}`. `texts` holds what was typed and can't be read as a
    value yet, by the path of its field: it belongs to the draft, and a document with such a text can't be saved.
    """

    def __init__(self, schema: JSON | None, base: JSON, document: JSON | None = None) -> None:
        self.base = base
        self.document: JSON = base if document is None else document
        self.texts: dict[Path, str] = {}
        self._context_fields = fields_of(schema, CONTEXT)
        self._about_fields = fields_of(ABOUT_SCHEMA)
        self._config_fields = fields_of(CONFIG_SCHEMA, CONFIG)
        self._seeds = dict(seeds(self._context_fields))
        self._checkers = (
            Checker(schema or {"type": "object"}, CONTEXT),
            Checker(ABOUT_SCHEMA),
            Checker(CONFIG_SCHEMA, CONFIG),
        )
        self._kinds: dict[Path, Field] = {}  # a field keeps its editor while one types in it

    # What the screen shows

    def sections(self) -> list[Section]:
        """Everything that can be edited, under its headings."""
        context = list(entries(self._context_fields, self.document, self._kinds))
        found = by_node(context, "not tied to a node" if any(entry.field.nodes for entry in context) else "context")
        if self._has_schema:
            extra = tuple(unknown(self._context_fields, self.document, CONTEXT))
            found += [Section("not in the schema", extra)] if extra else []
        about = tuple(entries(self._about_fields, self.document, self._kinds))
        config = tuple(entries(self._config_fields, self.document, self._kinds))
        more = tuple(unknown(self._config_fields, self.document, CONFIG))
        return [*found, Section("assistant", about), Section("config of its runs", (*config, *more))]

    def entries(self) -> Iterator[Entry]:
        """All entries of all sections."""
        for section in self.sections():
            yield from section.entries

    def entry(self, path: Path) -> Entry | None:
        """The entry at a path; the whole context has one, too, though it is in no section."""
        if path == CONTEXT:
            return Entry(WHOLE, get(self.document, CONTEXT), {})
        return next((entry for entry in self.entries() if entry.field.path == path), None)

    def text(self, entry: Entry) -> str:
        """What an editor of the entry begins with: what was typed last, even if it can't be read."""
        return self.texts.get(entry.field.path, entry.text)

    def is_changed(self, path: Path) -> bool:
        """Whether a path differs from the base version, or has text that can't be read."""
        return path in self.texts or not same(get(self.document, path), get(self.base, path))

    def changes(self) -> list[Path]:
        """The fields that differ from the base version; a group counts by its fields. Removed ones count."""
        found = [entry.field for entry in self.entries()]
        groups = {field.path for field in found if field.kind is Kind.GROUP}
        paths = [field.path for field in found if field.path not in groups and self.is_changed(field.path)]
        gone = unknown(self._context_fields, self.base, CONTEXT) if self._has_schema else ()
        paths += [entry.field.path for entry in gone if get(self.document, entry.field.path) is UNSET]
        if CONTEXT in self.texts and CONTEXT not in paths:
            paths.append(CONTEXT)
        whole = not paths and not same(self.document, self.base)  # e.g. an empty group that was not there
        return [CONTEXT] if whole else paths

    # What the user does

    def write(self, path: Path, text: str) -> None:
        """Text was typed into a field. What is back as the base has it is the base's value again, set or not."""
        entry = self.entry(path)
        if entry is None:
            return
        self.texts.pop(path, None)
        if text == self._base_text(entry):
            value = get(self.base, path)
        else:
            try:
                value = parse(entry.field, text)
            except TextError:
                self.texts[path] = text
                return
        if path == CONTEXT:
            self._forget_inside(CONTEXT)
        self._set(path, value)

    def rewrite(self, path: Path, text: str) -> None:
        """As `write`, of a text that comes whole from elsewhere: it may need another editor than before."""
        self.write(path, text)
        if path not in self.texts:
            self._kinds.pop(path, None)

    def assign(self, path: Path, value: Any) -> None:
        """A value was chosen for a field; `UNSET` resets it."""
        self.texts.pop(path, None)
        self._kinds.pop(path, None)
        self._set(path, value)

    def reset(self, path: Path) -> None:
        """The field goes back to its default: the document doesn't say anything about it any more."""
        self._forget_inside(path)
        self.assign(path, UNSET)

    def revert(self, path: Path) -> None:
        """The field goes back to what the base version has."""
        self._forget_inside(path)
        self.assign(path, get(self.base, path))

    # What is wrong

    def problems(self) -> dict[Path, str]:
        """A sentence for each field that isn't valid. Problems of the whole are at the path `("context",)` or `()`."""
        found: list[Problem] = [(path, self._unreadable(path)) for path in self.texts]
        listed = list(self.entries())
        found += [(entry.field.path, problem) for entry in listed if (problem := field_problem(entry))]
        parts = (self.document.get("context"), self.document, self.document.get("config"))
        for checker, part in zip(self._checkers, parts, strict=True):
            found += checker.problems(part)
        return place(found, [*(entry.field for entry in listed), WHOLE])

    # To and from a draft

    def content(self) -> JSON:
        """The draft as it is kept: the document, and the texts that can't be read."""
        texts = [[list(path), text] for path, text in self.texts.items()]
        return {**self.document, **({"texts": texts} if texts else {})}

    def restore(self, content: JSON) -> None:
        """Go on where a draft was left. What a strange draft has too little of comes from the base."""
        self._kinds.clear()
        kept = {key: content.get(key, self.base.get(key)) for key in ("name", "description", "context", "config")}
        self.document = {key: value for key, value in kept.items() if value is not None or key in self.base}
        texts = content.get("texts")
        pairs = [pair for pair in texts if isinstance(pair, list) and len(pair) == 2] if isinstance(texts, list) else []
        self.texts = {tuple(map(str, path)): str(text) for path, text in pairs if isinstance(path, list)}

    def take_back_json(self) -> None:
        """Forget a text for the whole context that can't be read."""
        self.texts.pop(CONTEXT, None)

    def context_json(self) -> str:
        """The whole context as JSON text, or what was typed for it and can't be read."""
        return self.texts.get(CONTEXT, to_json(self.document.get("context", {})))

    @property
    def _has_schema(self) -> bool:
        return self._context_fields[0].path != CONTEXT

    def _set(self, path: Path, value: Any) -> None:
        if value is not UNSET:
            self.document = put(self.document, path, value, self._seeds)
            return
        if path == CONTEXT:
            self.document = put(self.document, path, {})
            return
        self.document = drop(self.document, path)
        parent = path[:-1]
        while len(parent) > 1 and get(self.document, parent) == {} and get(self.base, parent) is UNSET:
            self.document, parent = drop(self.document, parent), parent[:-1]

    def _forget_inside(self, path: Path) -> None:
        for held in (self.texts, self._kinds):
            for key in [key for key in held if key[: len(path)] == path]:
                del held[key]

    def _base_text(self, entry: Entry) -> str | None:
        """What the entry's editor would begin with on the base version; None if that needs another editor."""
        base = get(self.base, entry.field.path)
        shown = entry.default if base is UNSET else base
        return format_value(entry.field, shown) if fits(entry.field, shown) else None

    def _unreadable(self, path: Path) -> str:
        entry = self.entry(path)
        try:
            parse(entry.field if entry else WHOLE, self.texts[path])
        except TextError as error:
            return str(error)
        return "has text that was not read yet"
