"""Drafts as Browse lists them: whose each is, and what it changes of the version it is based on. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from playground.tui.text import count

if TYPE_CHECKING:
    from playground.client.values import Assistant, Draft, Version
    from playground.tui.browse.catalog import Catalog


@dataclass(frozen=True, slots=True)
class DraftChanges:
    """A draft of an assistant. `fields` is how many it changes; None while the version it is based on isn't known."""

    assistant_id: str
    graph_id: str
    name: str
    base_version: int
    updated_at: datetime
    fields: int | None
    is_unread: bool = False

    @property
    def sentence(self) -> str:
        """`2 fields changed`, or that there is text which is no value yet."""
        if self.is_unread:
            return "✘ text can't be read"
        return f"on v{self.base_version}" if self.fields is None else f"{count(self.fields, 'field')} changed"


def listed_drafts(catalog: Catalog, graph_id: str | None, fields: Mapping[str, int]) -> list[DraftChanges]:
    """Newest first, those of the graph before the others. `fields`: assistant id → how many its draft changes."""
    drafts = [
        DraftChanges(
            draft.assistant_id,
            assistant.graph_id,
            assistant.name,
            draft.base_version,
            draft.updated_at,
            fields.get(draft.assistant_id),
            draft.is_unread,
        )
        for draft in catalog.drafts
        if (assistant := catalog.assistant(draft.assistant_id)) is not None
    ]
    return sorted(drafts, key=lambda draft: draft.graph_id != graph_id)


def as_version(draft: Draft, base: Version) -> Version:
    """The version that saving the draft would make, still without a number of its own."""
    content = draft.content
    context, config, metadata = content.get("context"), content.get("config"), content.get("metadata")
    return replace(
        base,
        name=str(content.get("name") or base.name),
        description=content["description"] or None if "description" in content else base.description,
        context=context if isinstance(context, dict) else base.context,
        config=config if isinstance(config, dict) else base.config,
        metadata=metadata if isinstance(metadata, dict) else base.metadata,
        created_at=draft.updated_at,
        note=None,
        labels=(),
        active=False,
    )


def changed_fields(draft: Draft, base: Version) -> int:
    """How many fields it changes."""
    from playground.tui.changes import changed, version_changes  # not needed by the first paint

    return len(changed(version_changes(base, as_version(draft, base))))


def active_version(assistant: Assistant) -> Version:
    """The assistant's active version, as far as the list of assistants tells it."""
    from playground.client.values import Version

    return Version(
        assistant.assistant_id,
        assistant.graph_id,
        assistant.version,
        assistant.name,
        assistant.description,
        assistant.context,
        assistant.config,
        assistant.metadata,
        assistant.updated_at,
        assistant.context_hash,
        labels=assistant.labels,
        active=True,
    )
