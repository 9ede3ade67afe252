"""What people say about versions: labels, notes, drafts. Kept through the Store API, so it works on every server."""

import asyncio
from collections import defaultdict
from typing import Any, cast

from playground.client import decode
from playground.client.decode import Json
from playground.client.errors import UsageError
from playground.client.values import Draft
from playground.client.wire import Wire
from playground.refs import parse_ref

_PAGE = 100
_ROOT = "playground"
_LABELS, _NOTES, _DRAFTS, _VALUES = "labels", "notes", "drafts", "values"
RESERVED = ("draft", "active", "latest")  # words of a ref that aren't labels


class Notes:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def labels(self, assistant_id: str) -> dict[str, int]:
        """{label: version} of one assistant."""
        return {item["key"]: item["value"]["version"] for item in await self._items(_LABELS, assistant_id)}

    async def all_labels(self) -> dict[str, dict[str, int]]:
        """{assistant_id: {label: version}}."""
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for item in await self._items(_LABELS):
            found[item["namespace"][-1]][item["key"]] = item["value"]["version"]
        return dict(found)

    async def set_label(self, assistant_id: str, label: str, version: int) -> None:
        """Moves `label` to `version`. Raises UsageError if it cannot be a label."""
        await self._put((_LABELS, assistant_id), check_label(label), {"version": version})

    async def drop_label(self, assistant_id: str, label: str) -> None:
        await self._drop((_LABELS, assistant_id), label)

    async def notes(self, assistant_id: str) -> dict[int, str]:
        """{version: note} of one assistant."""
        items = await self._items(_NOTES, assistant_id)
        return {int(item["key"].removeprefix("v")): item["value"]["note"] for item in items}

    async def note(self, assistant_id: str, version: int) -> str | None:
        return (await self.notes(assistant_id)).get(version)

    async def set_note(self, assistant_id: str, version: int, note: str | None) -> None:
        """An empty note is none."""
        if note and note.strip():
            await self._put((_NOTES, assistant_id), f"v{version}", {"note": note.strip()})
        else:
            await self._drop((_NOTES, assistant_id), f"v{version}")

    async def draft(self, assistant_id: str) -> Draft | None:
        item = await self._get((_DRAFTS,), assistant_id)
        return decode.draft(assistant_id, item["value"], item.get("updated_at")) if item else None

    async def drafts(self) -> list[Draft]:
        """All drafts, newest first."""
        items = await self._items(_DRAFTS)
        found = [decode.draft(item["key"], item["value"], item.get("updated_at")) for item in items]
        return sorted(found, key=lambda draft: draft.updated_at, reverse=True)

    async def save_draft(self, assistant_id: str, base_version: int, content: Json) -> None:
        """`content` is the editor's: "context" and "config" are what `NAME@draft` runs."""
        await self._put((_DRAFTS,), assistant_id, {"base_version": base_version, "content": content})

    async def drop_draft(self, assistant_id: str) -> None:
        await self._drop((_DRAFTS,), assistant_id)

    async def value(self, key: str) -> Any:
        """A value that the playground remembers, or None."""
        item = await self._get((_VALUES,), key)
        return item["value"].get("value") if item else None

    async def set_value(self, key: str, value: Any) -> None:
        await self._put((_VALUES,), key, {"value": value})

    async def forget(self, assistant_id: str) -> None:
        """Drops everything that was said about a deleted assistant."""
        labels, notes = await asyncio.gather(self.labels(assistant_id), self.notes(assistant_id))
        await asyncio.gather(
            *(self.drop_label(assistant_id, label) for label in labels),
            *(self.set_note(assistant_id, version, None) for version in notes),
            self.drop_draft(assistant_id),
        )

    async def _items(self, *namespace: str) -> list[Json]:
        found: list[Json] = []
        while True:
            page = await self._wire.ask(
                "read the notes",
                self._wire.sdk.store.search_items([_ROOT, *namespace], limit=_PAGE, offset=len(found)),
            )
            items = cast(list[Json], page["items"])
            found += items
            if len(items) < _PAGE:
                return found

    async def _get(self, namespace: tuple[str, ...], key: str) -> Json | None:
        item = await self._wire.ask_or(
            None, "read the notes", self._wire.sdk.store.get_item([_ROOT, *namespace], key=key)
        )
        return cast(Json | None, item)

    async def _put(self, namespace: tuple[str, ...], key: str, value: Json) -> None:
        sdk = self._wire.sdk
        await self._wire.ask(
            "keep the note", sdk.store.put_item([_ROOT, *namespace], key=key, value=value, index=False)
        )

    async def _drop(self, namespace: tuple[str, ...], key: str) -> None:
        await self._wire.ask_or(None, "drop the note", self._wire.sdk.store.delete_item([_ROOT, *namespace], key=key))


def check_label(label: str) -> str:
    """The label, trimmed. Raises UsageError if a ref could not name it."""
    label = label.strip()
    if not label or len(label) > 40 or not label.isprintable() or any(c in "@ " for c in label):
        raise UsageError("A label is one word of up to 40 characters, without “@”.")
    if label in RESERVED or parse_ref(f"x@{label}").version is not None:
        raise UsageError(f"“{label}” already means something in a ref: choose another label.")
    return label
