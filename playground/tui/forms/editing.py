"""An assistant while it is edited: the version it is based on, the document as it is now, and what is wrong with it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from time import monotonic
from typing import Any

from playground.client.validation import Checker, Problem
from playground.tui.forms import parts, rows, secrets
from playground.tui.forms.document import UNSET, Path, drop, get, put, same
from playground.tui.forms.fields import Field, Kind
from playground.tui.forms.form import Entry, Layout, Section, by_node, variant_field
from playground.tui.forms.history import Before, History
from playground.tui.forms.notation import read, written
from playground.tui.forms.schema import fields_of
from playground.tui.forms.text import TextError, fits, format_value, parse
from playground.tui.forms.unions import converted, start
from playground.tui.forms.validation import field_problem, place

JSON = dict[str, Any]
CONTEXT: Path = ("context",)
CONFIG: Path = ("config",)
METADATA: Path = ("metadata",)
KEPT = ("name", "description", "context", "config", "metadata")
WHOLE = Field(CONTEXT, Kind.JSON, "context", "The whole context, as JSON", blank={})


class Editing:
    """The state of an edit. Pure: it touches neither screen nor disk.

    A document is `{"name", "description", "context", "config", "metadata"}`. `texts` holds what was typed and can't
    be read as a value yet, by the path of its field: it belongs to the draft, and a document with such a text can't
    be saved.
    """

    def __init__(
        self,
        schema: JSON | None,
        base: JSON,
        document: JSON | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.base = base
        self.document: JSON = base if document is None else document
        self.texts: dict[Path, str] = {}
        self.notation = "json"  # of the text for the whole context, while that can't be read
        self.history = History()
        self._clock = clock
        self._about_fields = fields_of(parts.ABOUT)
        self._config_fields = tuple(replace(field, default_made=False) for field in fields_of(parts.CONFIG, CONFIG))
        self._metadata_fields = fields_of(parts.METADATA) if "metadata" in base else ()
        self._kinds: dict[Path, Field] = {}  # a field keeps its editor while one types in it
        self._refused: list[Path] = []  # secrets that were typed into the text of the whole context
        self._listed: tuple[JSON, list[Section], dict[Path, Entry]] | None = None
        self._lay(schema)

    def _lay(self, schema: JSON | None) -> None:
        self._context_fields = fields_of(schema, CONTEXT)
        self._checkers = (
            Checker(schema or {"type": "object"}, CONTEXT),
            Checker(parts.ABOUT),
            Checker(parts.CONFIG, CONFIG),
        )
        self._changed()

    def follow(self, schema: JSON | None) -> None:
        """Lay the edit over another schema: the graph's code has changed. What was typed and its history stay."""
        self._kinds.clear()
        self._lay(schema)

    # What the screen shows

    def sections(self) -> list[Section]:
        """Everything that can be edited, under its headings."""
        if self._listed is None or self._listed[0] is not self.document:
            found = list(self._sections())
            by_path = {entry.field.path: entry for section in found for entry in section.entries}
            self._listed = (self.document, found, by_path)
        return self._listed[1]

    def _sections(self) -> Iterator[Section]:
        layout = Layout(self.document, self._kinds)
        context = list(layout.entries(self._context_fields))
        yield from by_node(context, "not tied to a node" if any(entry.field.nodes for entry in context) else "context")
        if self._has_schema:
            extra = tuple(self._unknown(layout, self._context_fields, CONTEXT))
            if extra:
                yield Section("not in the schema", extra)
        yield Section("assistant", tuple(layout.entries((*self._about_fields, *self._metadata_fields))))
        more = self._unknown(layout, self._config_fields, CONFIG)
        yield Section("config of its runs", (*layout.entries(self._config_fields), *more))

    def entries(self) -> Iterator[Entry]:
        """All entries of all sections."""
        for section in self.sections():
            yield from section.entries

    def entry(self, path: Path) -> Entry | None:
        """The entry at a path; the whole context has one, too, though it is in no section."""
        if path == CONTEXT:
            return Entry(WHOLE, get(self.document, CONTEXT), {})
        return self._by_path().get(path)

    def text(self, entry: Entry) -> str:
        """What an editor of the entry begins with: what was typed last, even if it can't be read."""
        return self.texts.get(entry.field.path, entry.text)

    def is_changed(self, path: Path) -> bool:
        """Whether a path differs from the base version, or has text that can't be read."""
        return path in self.texts or not same(get(self.document, path), get(self.base, path))

    def changes(self) -> list[Path]:
        """The fields that differ from the base version; a group counts by its fields, a list or map as one.

        Removed ones count.
        """
        found = list(self._changes())
        if self._has_schema:
            saved = self._unknown(Layout(self.base, {}), self._context_fields, CONTEXT)
            found += [one.field.path for one in saved if get(self.document, one.field.path) is UNSET]
        if CONTEXT in self.texts and CONTEXT not in found:
            found.append(CONTEXT)
        whole = not found and not same(self.document, self.base)
        return [CONTEXT] if whole else found

    def _changes(self) -> Iterator[Path]:
        """Depth first, so that what a group itself differs by is known once its fields are."""
        unit: Path | None = None
        groups: list[Path] = []
        found: list[Path] = []
        for entry in self.entries():
            path = entry.field.path
            if unit is not None and path[: len(unit)] == unit:
                continue
            unit = path if _is_unit(entry) else None
            if entry.field.kind is Kind.GROUP and unit is None:
                groups.append(path)
            elif self.is_changed(path) or any(text[: len(path)] == path for text in self.texts):
                found.append(path)
        yield from found
        for group in reversed(groups):
            if self.is_changed(group) and not any(path[: len(group)] == group for path in found):
                found.append(group)
                yield group

    # What the user does

    def write(self, path: Path, text: str) -> None:
        """Text was typed into a field. What is back as the base has it is the base's value again, set or not."""
        entry = self.entry(path)
        if entry is None or entry.field.kind is Kind.SECRET:
            return
        if path == CONTEXT:
            self.write_text("json", text)
            return
        self._remember(path, typed=path)
        self._take(entry, text)

    def rewrite(self, path: Path, text: str) -> None:
        """As `write`, of a text that comes whole from elsewhere: it may need another editor than before."""
        self.write(path, text)
        if path not in self.texts:
            self._forget_inside(path)

    def assign(self, path: Path, value: Any) -> None:
        """A value was chosen for a field; `UNSET` resets it."""
        entry = self.entry(path)
        if entry is None or (entry.field.kind is Kind.SECRET and value is not UNSET):
            return
        self._remember(path)
        self._forget_inside(path)
        self._set(path, value)

    def reset(self, path: Path) -> None:
        """The field goes back to its default: the document doesn't say anything about it any more.

        A row has no default of its own: the list that it is in goes back to its.
        """
        self.assign(rows.field_path(path), UNSET)

    def revert(self, path: Path) -> None:
        """The field goes back to what the base version has."""
        path = path if get(self.base, path) is not UNSET else rows.field_path(path)
        self._remember(path)
        self._forget_inside(path)
        self._set(path, get(self.base, path))

    def undo(self, path: Path) -> bool:
        """Go back by one change of the field; a burst of typing is one. False if there is none."""
        return self._go(self.history.undo(path, self._before))

    def redo(self, path: Path) -> bool:
        """Take the last undo of the field back. False if there is none."""
        return self._go(self.history.redo(path, self._before))

    # Lists, maps and unions

    def add(self, path: Path, key: str | None = None) -> Path | None:
        """Add a row behind the one at `path`, or to the list or map there; a group that isn't there becomes one.

        Returns where the new value is; None if nothing can be added there. Raises TextError for a key that is taken.
        """
        holder = rows.holder(self.entry, path)
        if holder is None:
            return None
        if holder.field.kind is Kind.GROUP and not isinstance(holder.effective, dict):
            self.assign(holder.field.path, start(holder.field))
            return holder.field.path
        new = rows.place_of(holder, path, key)
        field = holder.field.item(new[-1]) if new else None
        if new is None or field is None:
            return None
        value = rows.inserted(holder.effective, new[-1], start(field))
        self._replace(holder.field.path, value)
        return new

    def remove(self, path: Path) -> Path | None:
        """Remove a row, or a key that isn't a field. Returns where the cursor may go; None if it is neither."""
        entry = self.entry(path)
        if entry is None or entry.holder is None:
            return None
        holder = self.entry(path[:-1])
        if holder is None or path[:-1] == CONTEXT:  # a key that the schema doesn't have
            self.assign(path, UNSET)
            return path
        rest = drop(holder.effective, path[-1:])
        self._replace(path[:-1], rest)
        return rows.neighbour(path, holder.effective, rest)

    def move(self, path: Path, by: int) -> Path | None:
        """Move a row up or down in its list. Returns where it is then; None if it can't go there."""
        holder = self.entry(path[:-1])
        at = path[-1] if path else None
        if holder is None or not isinstance(at, int) or not isinstance(holder.effective, list):
            return None
        if not 0 <= at + by < len(holder.effective):
            return None
        self._replace(path[:-1], rows.moved(holder.effective, at, by))
        return (*path[:-1], at + by)

    def rename(self, path: Path, key: str) -> Path | None:
        """Give a key of the user's another name. Raises TextError if that is taken; None if it is no such key."""
        entry, holder = self.entry(path), self.entry(path[:-1])
        if entry is None or entry.holder is not Kind.MAP or holder is None or not isinstance(holder.effective, dict):
            return None
        if key != path[-1]:
            rows.check_key(holder, key)
            self._replace(path[:-1], rows.renamed(holder.effective, str(path[-1]), key))
        return (*path[:-1], key)

    def choose_variant(self, path: Path, index: int) -> None:
        """The value of a union becomes one of another kind: itself if it fits, else what that kind begins with."""
        entry = self.entry(path)
        if entry is None or not 0 <= index < len(entry.field.variants):
            return
        variant = entry.field.variants[index]
        value = converted(variant, entry.field, entry.effective)
        self.assign(path, value)
        union = replace(entry.field, variant=None)
        self._kinds[path] = variant_field(union, index, value)
        self._changed()

    # What is wrong

    def problems(self) -> dict[Path, str]:
        """A sentence for each field that isn't valid. Problems of the whole are at the path `("context",)` or `()`."""
        found: list[Problem] = [(path, self._unreadable(path)) for path in self.texts]
        found += [(path, secrets.REFUSED) for path in self._refused]
        found += [(path, problem) for path, entry in self._by_path().items() if (problem := field_problem(entry))]
        checked = (self.document.get("context"), self.document, self.document.get("config"))
        for checker, part in zip(self._checkers, checked, strict=True):
            found += [problem for problem in checker.problems(part) if not self._is_secret(problem[0])]
        return self.placed(found)

    def placed(self, problems: Iterable[Problem]) -> dict[Path, str]:
        """Problems at the fields that show them."""
        return place(list(problems), [*(entry.field for entry in self.entries()), WHOLE])

    # To and from text and drafts

    def text_of(self, notation: str) -> str:
        """The whole context as `json` or `yaml`, or what was typed for it in that notation and can't be read."""
        if CONTEXT in self.texts and notation == self.notation:
            return self.texts[CONTEXT]
        shown = secrets.masked(self.document, self.secrets())
        return written(notation, shown.get("context", {}))

    def write_text(self, notation: str, text: str) -> None:
        """The whole context was typed as text. What can't be read is kept; secrets in it aren't taken."""
        self._remember(CONTEXT, typed=CONTEXT)
        self.notation = notation
        self._refused = []
        try:
            value = read(notation, text)
        except TextError:
            self.texts[CONTEXT] = text
            self._changed()
            return
        before = self.document
        self._forget_inside(CONTEXT)
        if same(value, get(self.base, CONTEXT)):
            value = get(self.base, CONTEXT)
        self._set(CONTEXT, value)
        self.document, self._refused = secrets.unmasked(self.document, self.secrets(), before)
        self._changed()

    def content(self) -> JSON:
        """The draft as it is kept: the document without secrets, and the texts that can't be read."""
        hidden = self.secrets()
        names = {str(path[-1]) for path in self._by_path() if self._is_secret(path)}
        texts = [[list(path), secrets.blotted(text, names)] for path, text in self.texts.items()]
        return {
            **secrets.without(self.document, hidden),
            **({"texts": texts} if texts else {}),
            **({"notation": self.notation} if CONTEXT in self.texts and self.notation != "json" else {}),
            **({"secrets": [list(path) for path in hidden]} if hidden else {}),
        }

    def restore(self, content: JSON) -> None:
        """Go on where a draft was left. What a strange draft has too little of comes from the base."""
        self._kinds.clear()
        kept = {key: content.get(key, self.base.get(key)) for key in KEPT}
        self.document = {key: value for key, value in kept.items() if value is not None or key in self.base}
        texts = content.get("texts")
        pairs = [pair for pair in texts if isinstance(pair, list) and len(pair) == 2] if isinstance(texts, list) else []
        self.texts = {_path(path): str(text) for path, text in pairs if isinstance(path, list)}
        self.notation = "yaml" if content.get("notation") == "yaml" else "json"
        hidden = content.get("secrets")
        for path in hidden if isinstance(hidden, list) else ():
            if isinstance(path, list) and path and (value := get(self.base, _path(path))) is not UNSET:
                self.document = put(self.document, _path(path), value)
        self._changed()

    def secrets(self) -> list[Path]:
        """Where the document holds values that are never shown, copied or stored."""
        return secrets.secrets_in(self.entries())

    def masked(self, document: JSON) -> JSON:
        """A document as it may be shown and copied: with dots for secrets."""
        found = Layout(document, {}).entries(self._context_fields)
        return secrets.masked(document, secrets.secrets_in(found))  # type: ignore[no-any-return]

    def take_back_json(self) -> None:
        """Forget a text for the whole context that can't be read."""
        self.texts.pop(CONTEXT, None)
        self._changed()

    # Inside

    @property
    def _has_schema(self) -> bool:
        return self._context_fields[0].path != CONTEXT

    def _changed(self) -> None:
        """What was listed is out of date."""
        self._listed = None

    def _by_path(self) -> dict[Path, Entry]:
        self.sections()
        return self._listed[2] if self._listed else {}

    def _unknown(self, layout: Layout, fields: Iterable[Field], path: Path) -> Iterator[Entry]:
        """The keys of the context or the config that no field has. `configurable` shows what the context hasn't."""
        names = {field.path[-1] for field in fields}
        holder = get(layout.document, path)
        context = get(layout.document, CONTEXT)
        for key, value in holder.items() if isinstance(holder, dict) else ():
            mirror = path == CONFIG and key == "configurable" and _is_mirror(value, context)
            if key not in names and not mirror:
                yield Entry(Field((*path, key), Kind.JSON, key, known=False), value, UNSET, 0, Kind.MAP)

    def _is_secret(self, path: Path) -> bool:
        entry = self._by_path().get(path)
        return entry is not None and entry.field.kind is Kind.SECRET

    def _take(self, entry: Entry, text: str) -> None:
        """Read a text into its field."""
        path = entry.field.path
        self.texts.pop(path, None)
        base = get(self.base, path)
        if text == self._base_text(entry) and not (base is UNSET and entry.holder):
            self._set(path, base)
            return
        try:
            value = parse(entry.field, text)
        except TextError:
            value, unreadable = UNSET, True
        else:
            unreadable = value is UNSET and entry.holder is not None
        if unreadable:
            self.texts[path] = text
            self._changed()
        else:
            self._set(path, value)

    def _set(self, path: Path, value: Any) -> None:
        if value is not UNSET:
            self.document = put(self.document, path, value, self._seeds(path))
            self._changed()
            return
        self._changed()
        if path == CONTEXT:
            self.document = put(self.document, path, {})
            return
        self.document = drop(self.document, path)
        parent = path[:-1]
        while len(parent) > 1 and get(self.document, parent) == {} and get(self.base, parent) is UNSET:
            if isinstance(parent[-1], int):
                return
            self.document, parent = drop(self.document, parent), parent[:-1]

    def _seeds(self, path: Path) -> dict[Path, Any]:
        """What each parent begins with if it isn't there: its default."""
        kinds = dict(self._kinds)
        seeds = {parent: entry.default for parent in _parents(path) if (entry := self.entry(parent))}
        self._kinds = kinds  # looking at the document as it was must not keep editors for what comes now
        return seeds

    def _replace(self, path: Path, value: Any) -> None:
        """A list or map has other entries now."""
        self._remember(path)
        self._forget_inside(path)
        self._set(path, value)

    def _remember(self, path: Path, typed: Path | None = None) -> None:
        unit = next((parent for parent in _parents(path) if self._is_one_step(parent)), path)
        while self._may_take_along(unit[:-1]):
            unit = unit[:-1]
        self.history.remember(self._before(unit), typed=typed, now=self._clock())

    def _is_one_step(self, path: Path) -> bool:
        """Whether a change below is undone as one of the whole: rows move, and what isn't there comes with it."""
        entry = self.entry(path) if len(path) > 1 or path == METADATA else None
        return entry is not None and (not entry.is_set or _is_unit(entry))

    def _may_take_along(self, parent: Path) -> bool:
        """Whether a parent goes when the only thing in it does, as `_set` lets it."""
        holder = get(self.document, parent)
        return len(parent) > 1 and get(self.base, parent) is UNSET and isinstance(holder, dict) and len(holder) < 2

    def _before(self, path: Path) -> Before:
        texts = {key: text for key, text in self.texts.items() if key[: len(path)] == path}
        return Before(path, get(self.document, path), texts)

    def _go(self, step: Before | None) -> bool:
        if step is None:
            return False
        path = step.path
        if not isinstance(get(self.document, path[:-1]), (dict, list)):
            return False  # the schema has changed, and what it was in is gone
        self._forget_inside(path)
        self._refused = []
        if step.value is UNSET and path != CONTEXT:
            self.document = drop(self.document, path)
        else:
            self.document = put(self.document, path, {} if step.value is UNSET else step.value)
        self.texts |= step.texts
        self._changed()
        return True

    def _forget_inside(self, path: Path) -> None:
        self._refused = []
        for held in (self.texts, self._kinds):
            for key in [key for key in held if key[: len(path)] == path]:
                del held[key]
        self._changed()

    def _base_text(self, entry: Entry) -> str | None:
        """What the entry's editor would begin with on the base version; None if that needs another editor."""
        base = get(self.base, entry.field.path)
        shown = entry.default if base is UNSET else base
        return format_value(entry.field, shown) if fits(entry.field, shown) else None

    def _unreadable(self, path: Path) -> str:
        entry = self.entry(path)
        if path == CONTEXT:
            try:
                read(self.notation, self.texts[path])
            except TextError as error:
                return str(error)
        try:
            parse(entry.field if entry else WHOLE, self.texts[path])
        except TextError as error:
            return str(error)
        return "must not be empty" if not self.texts[path].strip() else "has text that was not read yet"


def _is_unit(entry: Entry) -> bool:
    """Whether what is in it is part of it: rows and keys come and go, and so do the fields of a union."""
    return entry.field.kind in (Kind.LIST, Kind.MAP) or bool(entry.field.variants)


def _is_mirror(configurable: Any, context: Any) -> bool:
    """Whether LangGraph's copy of the context says nothing else than the context does."""
    if not isinstance(configurable, dict) or not isinstance(context, dict):
        return False
    return all(key in context and same(value, context[key]) for key, value in configurable.items())


def _parents(path: Path) -> list[Path]:
    """The paths above, the outermost first."""
    return [path[:end] for end in range(1, len(path))]


def _path(parts_of: list[Any]) -> Path:
    return tuple(part if isinstance(part, int) else str(part) for part in parts_of)
