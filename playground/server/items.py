"""/store: the Store API's items, kept in namespaces."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from playground.server.answers import answer
from playground.server.services import Use
from playground.store.errors import Invalid

JSON = dict[str, Any]

router = APIRouter(prefix="/store", tags=["store"])


class Put(BaseModel):
    namespace: list[str]
    key: str
    value: JSON
    index: bool | list[str] | None = None
    ttl: float | None = None


class Delete(BaseModel):
    namespace: list[str] = []
    key: str


class Search(BaseModel):
    namespace_prefix: list[str] = []
    filter: JSON | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 10
    offset: Annotated[int, Field(ge=0)] = 0
    query: str | None = None
    refresh_ttl: bool | None = None


class Namespaces(BaseModel):
    prefix: list[str] | None = None
    suffix: list[str] | None = None
    max_depth: int | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    offset: Annotated[int, Field(ge=0)] = 0


@router.put("/items", status_code=204)
async def put(body: Put, use: Use) -> Response:
    _checked(body.namespace)
    await use.database.call(use.database.items.put, body.namespace, body.key, body.value, ttl=body.ttl)
    return Response(status_code=204)


@router.get("/items")
async def get(
    use: Use, key: str, namespace: Annotated[str | None, Query()] = None, refresh_ttl: bool | None = None
) -> Response:
    return answer(await use.database.call(use.database.items.get, namespace.split(".") if namespace else [], key))


@router.delete("/items", status_code=204)
async def delete(body: Delete, use: Use) -> Response:
    await use.database.call(use.database.items.delete, body.namespace, body.key)
    return Response(status_code=204)


@router.post("/items/search")
async def search(body: Search, use: Use) -> Response:
    if body.query:
        raise Invalid("Search by meaning needs an index, which this server does not keep; use a filter instead.")
    rows = await use.database.call(
        use.database.items.search, body.namespace_prefix, filter=body.filter, limit=body.limit, offset=body.offset
    )
    return answer({"items": rows})


@router.post("/namespaces")
async def namespaces(body: Namespaces, use: Use) -> Response:
    return answer({"namespaces": await use.database.call(use.database.items.namespaces, **body.model_dump())})


def _checked(namespace: list[str]) -> None:
    if not namespace or any(not part or "." in part for part in namespace):
        raise Invalid("A namespace needs at least one label; labels are not empty and contain no dots.")
