"""What people say about versions: labels, notes, drafts. Kept through the Store API, so it works on every server."""

import asyncio
import getpass
from collections import defaultdict
from collections.abc import Awaitable, Iterable
from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

from playground.client import decode
from playground.client.decode import Json
from playground.client.errors import UsageError
from playground.client.pages import all_pages
from playground.client.values import Draft, LabelFacts, Promotion
from playground.client.wire import Wire
from playground.refs import parse_ref

_ROOT = "playground"
_LABELS, _NOTES, _DRAFTS, _VALUES, _PROMOTIONS = "labels", "notes", "drafts", "values", "promotions"
_AT_ONCE = 20  # requests, where many things go
RESERVED = ("draft", "active", "latest")  # words of a ref that aren't labels


class Notes:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def labels(self, assistant_id: str) -> dict[str, int]:
        """{label: version} of one assistant."""
        return {label: facts.version for label, facts in (await self.label_facts(assistant_id)).items()}

    async def label_facts(self, assistant_id: str) -> dict[str, LabelFacts]:
        """{label: where it is, and who put it there, when and why} of one assistant."""
        return _facts(await self._items(_LABELS, assistant_id))

    async def all_labels(self) -> dict[str, dict[str, int]]:
        """{assistant_id: {label: version}}."""
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for item in await self._items(_LABELS):
            if facts := decode.label_facts(item):
                found[item["namespace"][-1]][facts.label] = facts.version
        return dict(found)

    async def set_label(self, assistant_id: str, label: str, version: int, why: str | None = None) -> LabelFacts:
        """Puts `label` on `version`, and takes it from the one that had it. Raises UsageError if it can't be one."""
        facts = LabelFacts(check_label(label), version, user_name(), _text(why), datetime.now(UTC))
        await self.restore_label(assistant_id, facts)
        return facts

    async def restore_label(self, assistant_id: str, facts: LabelFacts) -> None:
        """Puts a label where it was, with what was said of it."""
        value = {"version": facts.version, "by": facts.by, "why": facts.why, "at": _iso(facts.at)}
        await self._put((_LABELS, assistant_id), check_label(facts.label), value)

    async def drop_label(self, assistant_id: str, label: str) -> None:
        await self._drop((_LABELS, assistant_id), label)

    async def notes(self, assistant_id: str) -> dict[int, str]:
        """{version: note} of one assistant."""
        found = (decode.note(item) for item in await self._items(_NOTES, assistant_id))
        return dict(note for note in found if note is not None)

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

    async def record_promotion(
        self, assistant_id: str, version: int, from_version: int, note: str | None = None
    ) -> Promotion:
        """Remembers that `version` was made active instead of `from_version`: by whom, when and why."""
        moment = datetime.now(UTC)
        key = f"{_iso(moment)} {uuid4().hex[:6]}"
        promotion = Promotion(version, from_version, user_name(), _text(note), moment, key)
        await self.restore_promotion(assistant_id, promotion)
        return promotion

    async def restore_promotion(self, assistant_id: str, promotion: Promotion) -> None:
        """Remembers it as it was."""
        value = {
            "version": promotion.version,
            "from": promotion.from_version,
            "by": promotion.by,
            "note": promotion.note,
            "at": _iso(promotion.at),
        }
        await self._put((_PROMOTIONS, assistant_id), promotion.key, value)

    async def promotions(self, assistant_id: str) -> list[Promotion]:
        """What was made active by hand, newest first."""
        found = (decode.promotion(item) for item in await self._items(_PROMOTIONS, assistant_id))
        return sorted((one for one in found if one), key=lambda one: (one.at, one.key), reverse=True)

    async def drop_promotion(self, assistant_id: str, promotion: Promotion) -> None:
        """Forgets one: it was taken back."""
        await self._drop((_PROMOTIONS, assistant_id), promotion.key)

    async def forget(self, assistant_id: str) -> None:
        """Drops everything that was said about a deleted assistant."""
        spaces = [(kind, assistant_id) for kind in (_LABELS, _NOTES, _PROMOTIONS)]
        found = await asyncio.gather(*(self._items(*space) for space in spaces))
        keys = [(space, item["key"]) for space, items in zip(spaces, found, strict=True) for item in items]
        await _few_at_once(self._drop(space, key) for space, key in keys)
        await self.drop_draft(assistant_id)
        await self._drop((_VALUES,), f"import/{assistant_id}")

    async def _items(self, *namespace: str) -> list[Json]:
        async def page(limit: int, offset: int) -> list[Json]:
            search = self._wire.sdk.store.search_items([_ROOT, *namespace], limit=limit, offset=offset)
            return cast(list[Json], (await self._wire.ask("read the notes", search))["items"])

        return await all_pages(self._wire, page)

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


def user_name() -> str | None:
    """The login name of who is here, and nothing else about them; None where there is none."""
    try:
        return getpass.getuser() or None
    except (OSError, KeyError, ImportError):  # a container's user without a name
        return None


def _facts(items: Iterable[Json]) -> dict[str, LabelFacts]:
    found = (decode.label_facts(item) for item in items)
    return {facts.label: facts for facts in found if facts is not None}


async def _few_at_once(requests: Iterable[Awaitable[None]]) -> None:
    few = asyncio.Semaphore(_AT_ONCE)

    async def wait(request: Awaitable[None]) -> None:
        async with few:
            await request

    await asyncio.gather(*(wait(request) for request in requests))


def _text(text: str | None) -> str | None:
    return (text or "").strip() or None


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="microseconds") if moment else None
