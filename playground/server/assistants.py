"""/assistants: create, read, search, change, versions, schemas, drawing."""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import Response

from playground.runs.encode import to_json
from playground.server.answers import answer, checked_id, page
from playground.server.bodies import JSONRoute
from playground.server.fields import (
    JSON,
    AssistantId,
    AssistantOrGraph,
    Boolean,
    Config,
    Id,
    Limit,
    Offset,
    Whole,
    left_out,
)
from playground.server.services import Services, Use
from playground.server.shapes import (
    PAGE_HEADERS,
    Assistant,
    Drawing,
    Schemas,
    SelectedAssistant,
    SubgraphSchemas,
    Version,
    ok,
)
from playground.store.assistants import Field, Sortable, default_id
from playground.store.errors import Invalid, NotFound

router = APIRouter(prefix="/assistants", tags=["assistants"], route_class=JSONRoute)


class AssistantCreate(BaseModel):
    graph_id: str
    assistant_id: Id = left_out()
    config: Config = left_out()
    context: JSON = left_out()
    metadata: JSON = left_out()
    name: str = "Untitled"
    description: str | None = None
    if_exists: Literal["raise", "do_nothing"] = "raise"


class AssistantChange(BaseModel):
    """What changes; the rest stays. Config and context are replaced, metadata is merged, unless it shall be replaced.

    `replace_metadata` is ours: LangGraph's own server ignores it, so a key of metadata can't be removed there.
    """

    graph_id: str = left_out()
    config: Config = left_out()
    context: JSON = left_out()
    metadata: JSON = left_out()
    name: str = left_out()
    description: str = left_out()
    replace_metadata: Boolean = False


class AssistantFilter(BaseModel):
    """`metadata`: what it must contain; `name`: any part of the name, in upper or lower case."""

    metadata: JSON = left_out()
    graph_id: str = left_out()
    name: str = left_out()


class AssistantSearch(AssistantFilter):
    limit: Limit = 10
    offset: Offset = 0
    sort_by: Sortable = left_out()
    sort_order: Literal["asc", "desc"] = left_out()
    select: list[Field] = left_out()


class VersionSearch(BaseModel):
    metadata: JSON = left_out()
    limit: Limit = 10
    offset: Offset = 0


class ActiveVersion(BaseModel):
    version: Whole


@router.post("", responses=ok(Assistant))
async def create(body: AssistantCreate, use: Use) -> Response:
    """A new assistant, with its version 1; `if_exists` says what to do about an id that is taken."""
    _known_graph(use, body.graph_id)
    row = await use.database.call(
        use.database.assistants.create,
        graph_id=body.graph_id,
        assistant_id=checked_id("assistant", body.assistant_id) if body.assistant_id else None,
        config=dict(body.config or {}),
        context=body.context,
        metadata=body.metadata,
        name=body.name,
        description=body.description,
        if_exists=body.if_exists,
    )
    return answer(row)


@router.post("/search", responses=ok(list[SelectedAssistant], headers=PAGE_HEADERS))
async def search(body: AssistantSearch, use: Use) -> Response:
    """A page of the assistants that match, newest first."""
    given = body.model_dump(exclude_unset=True)
    if "graph_id" in given:
        _known_graph(use, body.graph_id)
    rows, next_offset = await use.database.call(use.database.assistants.search, **given)
    return page(rows, offset=body.offset, next_offset=next_offset)


@router.post("/count", responses=ok(int))
async def count(body: AssistantFilter, use: Use) -> Response:
    """How many assistants match."""
    given = body.model_dump(exclude_unset=True)
    if "graph_id" in given:
        _known_graph(use, body.graph_id)
    return answer(await use.database.call(use.database.assistants.count, **given))


@router.get("/{assistant_id}", responses=ok(Assistant))
async def get(assistant_id: AssistantId, use: Use) -> Response:
    """An assistant as its active version has it."""
    return answer(use.database.assistants.get(checked_id("assistant", assistant_id)))


@router.patch("/{assistant_id}", responses=ok(Assistant))
async def update(assistant_id: AssistantId, body: AssistantChange, use: Use) -> Response:
    """A new version, made active: the active one with what is given."""
    given = body.model_dump(exclude_unset=True)
    if "graph_id" in given:
        _known_graph(use, body.graph_id)
    row = await use.database.call(use.database.assistants.update, checked_id("assistant", assistant_id), **given)
    return answer(row)


@router.delete("/{assistant_id}", status_code=204)
async def delete(assistant_id: AssistantId, use: Use, delete_threads: bool = False) -> Response:
    """Remove an assistant with its versions, and, if asked, the threads that it used last.

    Its runs that wait don't begin any more; those that have begun go on.
    """
    assistant_id = checked_id("assistant", assistant_id)
    await use.database.call(use.database.assistants.delete, assistant_id)
    await _stop_waiting(use, assistant_id)
    if delete_threads:
        await _delete_threads(use, assistant_id)
    return Response(status_code=204)


@router.post("/{assistant_id}/versions", responses=ok(list[Version]))
async def versions(assistant_id: AssistantId, body: VersionSearch, use: Use) -> Response:
    """A page of its versions, newest first; 404 if there are none that match."""
    assistant_id = checked_id("assistant", assistant_id)
    rows = await use.database.call(
        use.database.assistants.versions, assistant_id, **body.model_dump(exclude_unset=True)
    )
    if not rows:
        raise NotFound(f"Assistant {assistant_id} not found")
    return answer(rows)


@router.post("/{assistant_id}/latest", responses=ok(Assistant))
async def set_latest(assistant_id: AssistantId, body: ActiveVersion, use: Use) -> Response:
    """Make a version the active one, with all that it has."""
    assistant_id = checked_id("assistant", assistant_id)
    return answer(await use.database.call(use.database.assistants.set_latest, assistant_id, body.version))


@router.get("/{assistant_id}/schemas", responses=ok(Schemas))
async def schemas(assistant_id: AssistantOrGraph, use: Use) -> Response:
    """The JSON schemas of the assistant's graph: input, output, state, config, context."""
    from playground.graphs.schemas import schemas as schemas_of

    row = use.database.assistants.get(_id_or_graph(use, assistant_id))
    return await _look(use, row, "schemas", lambda graph: schemas_of(graph, row["graph_id"], use.graphs.note))


@router.get("/{assistant_id}/graph", responses=ok(Drawing))
async def drawing(assistant_id: AssistantOrGraph, use: Use, xray: str = "false") -> Response:
    """Its graph's nodes and edges; `xray` shows subgraphs by their own nodes, a number only so many levels deep."""
    from playground.graphs.drawing import graph_json

    depth = _xray(xray)
    row = use.database.assistants.get(_id_or_graph(use, assistant_id))
    return await _look(use, row, f"drawing {depth}", lambda graph: graph_json(graph, depth))


@router.get("/{assistant_id}/subgraphs", responses=ok(dict[str, SubgraphSchemas]))
@router.get("/{assistant_id}/subgraphs/{namespace:path}", responses=ok(dict[str, SubgraphSchemas]))
async def subgraphs(
    assistant_id: AssistantOrGraph, use: Use, namespace: str | None = None, recurse: Annotated[bool, Query()] = False
) -> Response:
    """The schemas of its graph's subgraphs by their namespaces."""
    from playground.graphs.drawing import subgraphs as subgraphs_of

    row = use.database.assistants.get(_id_or_graph(use, assistant_id))
    at = f"subgraphs {recurse} {namespace}"
    return await _look(use, row, at, lambda graph: subgraphs_of(graph, namespace, recurse, use.graphs.note))


async def _look(use: Services, row: JSON, at: str, see: Callable[[Any], Any]) -> Response:
    """What is to be seen of the assistant's graph, made with the assistant's own config: a factory may depend on it."""
    seen = use.graphs.look(row["graph_id"], row["config"], row["context"], at, lambda graph: to_json(see(graph)))
    return Response(await use.graph_loop.run(seen), media_type="application/json")


async def _stop_waiting(use: Services, assistant_id: str) -> None:
    for job in use.engine.unfinished:
        if job.phase == "queued" and job.row["assistant_id"] == assistant_id:
            await use.engine.cancel(job.thread_id, job.run_id)


async def _delete_threads(use: Services, assistant_id: str) -> None:
    while True:
        found, _ = await use.database.call(
            use.database.threads.search, metadata={"assistant_id": assistant_id}, limit=1000
        )
        for thread in found:
            await use.engine.stop_thread(thread["thread_id"])
            with suppress(NotFound):  # deleted by someone else meanwhile
                await use.database.call(use.database.threads.delete, thread["thread_id"])
        if len(found) < 1000:
            return


def _known_graph(use: Services, graph_id: str) -> None:
    known = sorted(use.graphs.specs)
    if graph_id not in known:
        raise NotFound(f"Graph '{graph_id}' not found. Expected one of: {known}")


def _id_or_graph(use: Services, text: str) -> str:
    if text in use.graphs.specs:
        return default_id(text)
    return checked_id("assistant", text)


def _xray(text: str) -> bool | int:
    if text in ("true", "True", "false", "False", ""):
        return text.lower() == "true"
    if re.fullmatch(r"0*[1-9][0-9]{0,8}", text):
        return int(text)
    raise Invalid("Invalid xray value")
