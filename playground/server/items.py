"""/store: the Store API's items, kept in namespaces."""

import asyncio
import logging
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from playground.graphs.errors import GraphFailed
from playground.graphs.explaining import describe
from playground.server.answers import answer
from playground.server.bodies import JSONRoute
from playground.server.fields import JSON, AnyLimit, Boolean, DottedLabels, Label, Minutes, No, Offset, left_out
from playground.server.services import Services, Use
from playground.server.shapes import Found, Item, Namespaces, ok
from playground.store.errors import Invalid, StoreError
from playground.store.items import check_labels
from playground.store.unset import UNSET

log = logging.getLogger(__name__)
router = APIRouter(prefix="/store", tags=["store"], route_class=JSONRoute)


class ItemPut(BaseModel):
    """`ttl` is in minutes, null for ever; `index` names paths in the value to search by meaning, false for none."""

    namespace: Annotated[list[Label], Field(json_schema_extra={"minItems": 1})]
    key: str
    value: JSON
    index: list[str] | No | None = None
    ttl: Minutes | None = left_out()


class ItemDelete(BaseModel):
    namespace: list[Label] = []
    key: str


class ItemSearch(BaseModel):
    """`filter`: what the value has, or `{"field": {"$gt": 3}}`; `query`: what it means, if there is an index."""

    namespace_prefix: list[Label] | None = None
    filter: JSON | None = None
    limit: AnyLimit = 10
    offset: Offset = 0
    query: str | None = None
    refresh_ttl: Boolean | None = None


class NamespaceSearch(BaseModel):
    """`*` in prefix or suffix stands for any one label."""

    prefix: list[Label] = left_out()
    suffix: list[Label] = left_out()
    max_depth: Offset = left_out()
    limit: Offset = 100
    offset: Offset = 0


@router.put("/items", status_code=204)
async def put(body: ItemPut, use: Use) -> Response:
    """Store an item, over one that is there."""
    check_labels(body.namespace)
    ttl = body.ttl if "ttl" in body.model_fields_set else UNSET
    await use.database.call(use.database.items.put, body.namespace, body.key, body.value, ttl=ttl, index=body.index)
    return Response(status_code=204)


@router.get("/items", responses=ok(Item | None))
async def get(
    use: Use,
    key: str,
    namespace: Annotated[DottedLabels, Query(description="Its labels, with dots between them.")],
    refresh_ttl: bool | None = None,
) -> Response:
    """An item, or null."""
    path = namespace.split(".")
    check_labels(path)
    return answer(await use.database.call(use.database.items.get, path, key, refresh_ttl=refresh_ttl))


@router.delete("/items", status_code=204)
async def delete(body: ItemDelete, use: Use) -> Response:
    """Remove an item, if it is there."""
    check_labels(body.namespace)
    await use.database.call(use.database.items.delete, body.namespace, body.key)
    return Response(status_code=204)


@router.post("/items/search", responses=ok(Found))
async def search(body: ItemSearch, use: Use) -> Response:
    """A page of the items under a namespace: last changed first, or closest in meaning to the query."""
    given = body.model_dump(exclude={"namespace_prefix", "query"})
    prefix = body.namespace_prefix or []
    check_labels(prefix)
    if body.query:
        return answer({"items": await _ranked(use, body.query, prefix, given)})
    return answer({"items": await use.database.call(use.database.items.search, prefix, **given)})


@router.post("/namespaces", responses=ok(Namespaces))
async def namespaces(body: NamespaceSearch, use: Use) -> Response:
    """A page of the namespaces that have items, in order."""
    given = body.model_dump(exclude_unset=True)
    check_labels([*given.get("prefix", ()), *given.get("suffix", ())])
    return answer({"namespaces": await use.database.call(use.database.items.namespaces, **given)})


async def sweep(use: Services) -> None:
    """Remove the items whose time is over, now and then, until cancelled. What the disk refuses is tried again."""
    while True:
        await asyncio.sleep(use.database.items.ttl.sweep_interval * 60)
        try:
            await use.database.call(use.database.items.sweep)
        except StoreError as error:
            log.warning("Items whose time is over could not be removed: %s", error)


async def _ranked(use: Services, query: str, prefix: list[str], given: JSON) -> list[JSON]:
    """The items closest in meaning, found on the graphs' loop, where the project's embedding belongs."""
    index = use.manifest.index
    if index is None:
        raise Invalid(
            'Searching by meaning needs an embedding: name one in "store": {"index": ...} of langgraph.json,'
            " or leave `query` out and use `filter`."
        )

    async def there() -> list[JSON]:
        await use.graphs.load_index()
        try:
            found = await use.database.base_store.asearch(tuple(prefix), query=query, **given)
        except StoreError:
            raise
        except Exception as error:
            problem = f"The embedding {index.embed!r} of langgraph.json failed: {describe(error)}"
            raise GraphFailed("store.index", problem) from error
        return [item.dict() for item in found]

    return await use.graph_loop.run(there())
