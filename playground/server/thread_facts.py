"""/playground/threads: what a list of threads shows of each, and words in their contents. Only this server has it."""

import asyncio
from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from playground.client.thread_text import first_text, found_in, message_count
from playground.client.values import RAN, ran
from playground.server.answers import answer, checked_id
from playground.server.bodies import JSONRoute
from playground.server.fields import JSON, Id
from playground.server.services import Services, Use
from playground.store.errors import NotFound, StoreDamaged

MOST = 1_000
"""Threads that one request is about."""

router = APIRouter(prefix="/playground/threads", tags=["playground"], route_class=JSONRoute)

Ids = Annotated[list[Id], Field(max_length=MOST)]


class Asked(BaseModel):
    """Which threads."""

    thread_ids: Ids


class Searched(Asked):
    """A text that is looked for in the newest states of these threads, whatever its case."""

    text: Annotated[str, Field(min_length=1, max_length=1_000)]


class Whose(BaseModel):
    """An assistant; whether it is still there doesn't matter."""

    assistant_id: Id


@router.post("/facts")
async def facts(body: Asked, use: Use) -> Response:
    """By thread: its first `text`, how many `messages` and `steps` it has, its `size` in bytes, and what `ran`.

    That is metadata of checkpoints, one of each assistant's version that made any, the last one first. Threads that
    aren't there are left out.
    """
    ids = _checked(body.thread_ids)
    return answer(await asyncio.to_thread(lambda: {id: row for id in ids if (row := _facts(use, id)) is not None}))


@router.post("/find")
async def find(body: Searched, use: Use) -> Response:
    """By thread: the text around the first place where the words occur; the others are left out."""
    ids = _checked(body.thread_ids)
    return answer(await asyncio.to_thread(lambda: {id: text for id in ids if (text := _found(use, id, body.text))}))


@router.post("/ran")
async def ran_on(body: Whose, use: Use) -> Response:
    """The threads that an assistant has ever run on, in any version."""
    return answer(await use.database.call(_ran_on, use, checked_id("assistant", body.assistant_id)))


def _checked(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(checked_id("thread", text) for text in ids))


def _facts(use: Services, thread_id: str) -> JSON | None:
    threads = use.database.threads
    try:
        threads.get(thread_id)
        values, steps = threads.steps(thread_id)
    except NotFound:
        return None
    except StoreDamaged as error:  # the others are shown, and this one with the reason
        return {"error": str(error)}
    return {
        "text": first_text(values),
        "messages": message_count(values),
        "steps": len(steps),
        "size": threads.size(thread_id),
        "ran": _distinct(steps),
    }


def _distinct(steps: Iterable[JSON]) -> list[JSON]:
    """What each of them has of the assistant that ran, each version once."""
    found: dict[tuple[Any, ...], JSON] = {}
    for metadata in steps:
        made_by = ran(metadata)
        if made_by["assistant_id"]:
            key = (made_by["assistant_id"], made_by["version"], made_by.get("draft"))
            found.setdefault(key, {name: metadata[name] for name in RAN if name in metadata})
    return list(found.values())


def _found(use: Services, thread_id: str, text: str) -> str | None:
    try:
        return found_in(use.database.threads.values(thread_id), text)
    except StoreDamaged:
        return None


def _ran_on(use: Services, assistant_id: str) -> list[str]:
    return use.database.runs.threads(lambda row: assistant_id in (row["assistant_id"], _told(row)))


def _told(run: JSON) -> Any:
    """The assistant that a run stood for, if a helper held its version."""
    return ran({"assistant_id": run["assistant_id"], **run["metadata"]})["assistant_id"]
