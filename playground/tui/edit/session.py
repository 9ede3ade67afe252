"""What editing an assistant means: open it with its draft, keep the draft, save exactly one version. No screen here."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from playground.client.errors import NothingChanged, PlaygroundError, ServerGone
from playground.client.values import Assistant, Version
from playground.compare.three_way import Keys, Merge, Side, merge
from playground.tui.edit.diff import Hunk
from playground.tui.edit.schema import SchemaChange, schema_change
from playground.tui.forms.document import get, put, same
from playground.tui.forms.editing import Editing
from playground.tui.forms.fields import Kind

if TYPE_CHECKING:
    from playground.client.client import Client
    from playground.client.values import Draft

JSON = dict[str, Any]
HIDDEN: Final = ("created_by", "forked_from", "playground")
"""Metadata that servers and the playground write: kept as it is, and not for editing."""


@dataclass(slots=True)
class Opened:
    """A session, and what the user should be told about how it was opened."""

    session: "EditSession"
    notice: str | None = None
    other_base: int | None = None  # the version that was asked for, while a draft is based on another one


@dataclass(slots=True)
class EditSession:
    """One assistant that is being edited. The server may come and go: nothing here depends on a connection."""

    assistant: Assistant
    versions: list[Version]  # newest first, never empty
    base: Version
    schema: JSON | None
    schema_problem: str | None = None
    kept_at: datetime | None = None  # when the draft was stored last
    keep_problem: str | None = None  # why it could not be stored
    editing: Editing = field(init=False)
    _stored: JSON | None = None  # the content of the stored draft; None if there is none
    _sent: "_Sent | None" = None  # a save whose answer is not there, and may never come
    _order: asyncio.Lock = field(default_factory=asyncio.Lock)  # a later draft must not arrive before an earlier one

    def __post_init__(self) -> None:
        self.editing = Editing(self.schema, document_of(self.base))

    # What the screen shows

    @property
    def assistant_id(self) -> str:
        return self.assistant.assistant_id

    @property
    def active(self) -> Version:
        """The version that runs when none is named."""
        return next((version for version in self.versions if version.active), self.versions[0])

    @property
    def next_number(self) -> int:
        """The number that the next save gets, as long as nobody else saves."""
        return self.versions[0].version + 1

    @property
    def moved_on(self) -> Version | None:
        """The active version if it was made after the one that this edit is based on."""
        return self.active if self.active.version > self.base.version else None

    @property
    def is_changed(self) -> bool:
        return bool(self.editing.changes())

    @property
    def is_stored(self) -> bool:
        """Whether the store has the edit as it is now."""
        return same(self._stored, self.editing.content() if self.is_changed else None)

    def as_version(self) -> Version:
        """The edit as the version that saving would make."""
        document = self.editing.document
        return replace(
            self.base,
            version=self.next_number,
            name=document.get("name") or "",
            description=document.get("description") or None,
            context=document["context"] if isinstance(document.get("context"), dict) else {},
            config=document["config"] if isinstance(document.get("config"), dict) else {},
            metadata=self._metadata(document),
            active=False,
        )

    # The draft

    async def keep(self, client: "Client", now: datetime) -> None:
        """Store the edit as a draft, or drop the draft if nothing differs. Why it failed is in `keep_problem`."""
        async with self._order:
            if self.is_stored:
                return
            content = self.editing.content() if self.is_changed else None
            try:
                if content is None:
                    await client.notes.drop_draft(self.assistant_id)
                else:
                    await client.notes.save_draft(self.assistant_id, self.base.version, content)
            except PlaygroundError as error:
                self.keep_problem = error.sentence
                return
            except (TypeError, UnicodeEncodeError):  # half a surrogate pair, which the field refuses anyway
                self.keep_problem = "The draft has a character that can't be stored."
                return
            self._stored, self.kept_at, self.keep_problem = content, now, None

    def restore(self, draft: "Draft") -> None:
        """Go on where the draft was left."""
        self.editing.restore(draft.content)
        self._stored = self.editing.content()
        self.kept_at = draft.updated_at

    def start_over(self, version: Version) -> None:
        """Forget the edit and begin with a version. The stored draft goes with the next `keep`."""
        self.base = version
        self.editing = Editing(self.schema, document_of(version))

    def take_back(self, hunk: Hunk) -> None:
        """Undo one change of a diff."""
        editing, path = self.editing, hunk.path
        entry = editing.entry(path)
        is_secret = entry is not None and entry.field.kind is Kind.SECRET  # a diff has only dots for it
        if is_secret or same(get(editing.base, path), hunk.restored):
            editing.revert(path)
        elif entry is not None:
            editing.assign(path, hunk.restored)
        else:  # a key that isn't there any more
            editing.document = put(editing.document, path, hunk.restored)

    # A base that has moved on

    def merge(self, choices: Mapping[Keys, Side] | None = None) -> Merge:
        """What the active version and the edit make of the base, together."""
        return merge(document_of(self.base), document_of(self.active), self.editing.document, choices)

    def shown_merge(self, choices: Mapping[Keys, Side]) -> Merge:
        """The same to look at: with dots for secrets."""
        masked = self.editing.masked
        base, theirs = (masked(document_of(version)) for version in (self.base, self.active))
        return merge(base, theirs, masked(self.editing.document), choices)

    def rebase(self, document: JSON) -> None:
        """Go on from the active version, with this document. Texts that can't be read stay as they are."""
        content = {**self.editing.content(), **document}
        self.base = self.active
        self.editing = Editing(self.schema, document_of(self.base))
        self.editing.restore({key: value for key, value in content.items() if key in document or key == "texts"})

    async def reread_schema(self, client: "Client") -> SchemaChange | None:
        """Lay the edit over the schema that the graph has now; None if it is the same.

        Raises PlaygroundError if the schema can't be read; the edit keeps the one that it has then.
        """
        schema, problem = await _schema(client, self.assistant_id)
        if problem is not None and self.schema is not None:
            raise PlaygroundError(problem)
        change = schema_change(self.schema, schema)
        if same(schema, self.schema) and problem == self.schema_problem:
            return None
        self.schema, self.schema_problem = schema, problem
        self.editing.follow(schema)
        return change

    # Saving

    async def save(self, client: "Client", note: str | None) -> Version:
        """Make one version of the edit and go on from it. What is typed meanwhile becomes a draft on it.

        If an answer gets lost, the versions tell whether it was made: it is never made twice. Raises PlaygroundError;
        the edit and its draft are as before then. NothingChanged if the edit is the same as its base.
        """
        if made := await self.find_saved(client):
            if not self.is_changed:
                return made
        elif not self.is_changed:
            raise NothingChanged(f"Nothing changed since v{self.base.version}, so there is nothing to save.")
        await self.refresh(client)
        self._sent = sent = _Sent(self.editing.document, note, self.versions[0].version)
        try:
            version = await client.assistants.save(
                self.base,
                context=sent.document.get("context", {}),
                config=sent.document.get("config", {}),
                name=sent.document.get("name"),
                description=sent.document.get("description") or "",
                metadata=self._metadata(sent.document),
                note=note,
            )
        except ServerGone:
            raise
        except PlaygroundError:
            # It said no, or it made the version and could not keep the note.
            if made := await self.find_saved(client):
                return made
            raise
        return await self._saved(client, version, sent)

    async def find_saved(self, client: "Client") -> Version | None:
        """The version that a save made whose answer was lost; None if it made none. Raises PlaygroundError."""
        sent = self._sent
        if sent is None:
            return None
        versions = await client.assistants.versions(self.assistant_id)
        made = next((one for one in versions if one.version > sent.after and _is(one, sent.document)), None)
        if made is None:
            self._sent = None
            return None
        if sent.note and not made.note:
            await client.notes.set_note(self.assistant_id, made.version, sent.note)
        return await self._saved(client, made, sent)

    async def refresh(self, client: "Client") -> bool:
        """Read the versions again; True if there are new ones. An edit without changes follows the active version."""
        versions = await client.assistants.versions(self.assistant_id)
        if not versions:
            raise PlaygroundError(f"“{self.assistant.name}” was deleted meanwhile. Your edit is still here.")
        moved = versions[0].version != self.versions[0].version or _active(versions) != self.active.version
        followed = self.base.version == self.active.version
        self.versions = versions
        if moved and followed and not self.is_changed:
            self.start_over(self.active)
        return moved

    def _metadata(self, document: JSON) -> JSON:
        hidden = {key: value for key, value in self.base.metadata.items() if key in HIDDEN}
        shown = document.get("metadata")
        return {**hidden, **(shown if isinstance(shown, dict) else {})}

    async def _saved(self, client: "Client", version: Version, sent: "_Sent") -> Version:
        version = replace(version, active=True, note=sent.note)
        rest = [replace(one, active=False) for one in self.versions if one.version != version.version]
        self.versions = sorted([version, *rest], key=lambda one: -one.version)
        self.assistant = replace(self.assistant, name=version.name, version=version.version)
        self._sent = None
        went_on, content = self.editing.document is not sent.document or self.editing.texts, self.editing.content()
        self.start_over(version)
        if went_on:
            self.editing.restore(content)
        await self.keep(client, version.created_at)  # drops the draft; one that stays is recognised when it is opened
        self.kept_at = self.kept_at if went_on else None
        return version


@dataclass(frozen=True, slots=True)
class _Sent:
    """A save on its way: what was sent, and the newest version before it."""

    document: JSON
    note: str | None
    after: int


async def open_session(client: "Client", assistant_id: str, number: int | None = None) -> Opened:
    """Open an assistant with its draft, else with a version of it (the active one if none is named).

    Raises PlaygroundError. Schemas that can't be read (a factory that refuses this context, say) don't keep one from
    editing: the context is JSON then.
    """
    assistant, versions, draft, (schema, problem) = await asyncio.gather(
        client.assistants.get(assistant_id),
        client.assistants.versions(assistant_id),
        client.notes.draft(assistant_id),
        _schema(client, assistant_id),
    )
    if not versions:
        raise PlaygroundError(f"“{assistant.name}” has no versions, so there is nothing to edit.")
    by_number = {version.version: version for version in versions}
    active = by_number[_active(versions)]
    session = EditSession(assistant, versions, by_number.get(number or 0, active), schema, problem)
    if draft is None:
        return Opened(session)
    return await _with_draft(client, session, draft, by_number, number)


async def _with_draft(
    client: "Client", session: EditSession, draft: "Draft", by_number: dict[int, Version], number: int | None
) -> Opened:
    wanted = session.base
    base = by_number.get(draft.base_version)
    session.start_over(base or session.active)
    session.restore(draft)
    made = session.versions[0]
    if not session.editing.texts and made.version > draft.base_version and _is(made, session.editing.document):
        session.start_over(wanted)
        await session.keep(client, draft.updated_at)
        return Opened(session, f"The draft is v{made.version} already: its save was not answered, but it was made.")
    if not session.is_changed:
        session.start_over(wanted)
        return Opened(session)
    gone = f"The draft was based on v{draft.base_version}, which is gone. It is shown on v{session.base.version}."
    other = wanted.version if number is not None and wanted.version != session.base.version else None
    return Opened(session, None if base else gone, other)


async def _schema(client: "Client", assistant_id: str) -> tuple[JSON | None, str | None]:
    try:
        return (await client.graphs.schemas(assistant_id)).context, None
    except ServerGone:
        raise
    except PlaygroundError as error:
        return None, error.sentence


def document_of(version: Version) -> JSON:
    """A version as the document that a form edits."""
    return _normal(
        {
            "name": version.name,
            "description": version.description,
            "context": version.context,
            "config": version.config,
            "metadata": {key: value for key, value in version.metadata.items() if key not in HIDDEN},
        }
    )


def _is(version: Version, document: JSON) -> bool:
    """Whether a version is what saving the document makes. LangGraph adds metadata to what was there before."""
    made, wanted = document_of(version), _normal(document)
    added = {**made["metadata"], **wanted["metadata"]}
    return same(made, {**wanted, "metadata": added})


def _normal(document: JSON) -> JSON:
    return {**document, "description": document.get("description") or None, "metadata": document.get("metadata") or {}}


def _active(versions: list[Version]) -> int:
    return next((version.version for version in versions if version.active), versions[0].version)
