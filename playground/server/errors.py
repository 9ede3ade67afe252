"""Faults as the LangGraph API answers them: a status and `{"detail": "<one sentence>"}`."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from playground.graphs.errors import GraphFailed, UnknownGraph
from playground.runs.encode import to_json
from playground.runs.job import Closing
from playground.runs.loop import LoopBlocked
from playground.runs.threads import BadUpdate
from playground.store.errors import BadRequest, Conflict, Invalid, NotFound, StoreError

log = logging.getLogger(__name__)

NO_JSON = "Invalid JSON in request body"
_UNREADABLE = "There was an error parsing the body"  # FastAPI's, of what isn't text, or is nested too deeply


class Error(BaseModel):
    """What is wrong, in a sentence, and what to do."""

    detail: str


DOCUMENTED: dict[int | str, dict[str, Any]] = {
    status: {"model": Error, "description": description}
    for status, description in {
        400: "What was asked contradicts itself, or the graph refused it.",
        401: "The server has a key, and the header x-api-key doesn't.",
        403: "A page of a site that may not use this server, or another server's name.",
        404: "There is no such thing.",
        409: "It exists, or something else is going on.",
        422: "The request is not well-formed.",
        424: "The project's own code failed.",
        503: "The store can't be written: nothing was.",
    }.items()
}
"""The errors of every route, for the OpenAPI."""


def install(app: FastAPI) -> None:
    """Answer every fault of the layers below as the API's clients expect it."""
    statuses: dict[type[Exception], int] = {
        NotFound: 404,
        UnknownGraph: 404,
        Conflict: 409,
        Invalid: 422,
        BadRequest: 400,
        BadUpdate: 400,
        GraphFailed: 424,
        StoreError: 503,
        Closing: 503,
        LoopBlocked: 503,
    }
    for kind, status in statuses.items():
        app.add_exception_handler(kind, _answer(status))
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(Exception, _unexpected)


def detail(status: int, sentence: str, headers: Mapping[str, str] | None = None) -> Response:
    """An error body."""
    return Response(to_json({"detail": sentence}), status, headers, media_type="application/json")


def _answer(status: int) -> Any:
    async def handle(_: Request, error: Exception) -> Response:
        return detail(getattr(error, "status", status), str(error))

    return handle


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.detail == _UNREADABLE:
        return detail(422, NO_JSON)
    return detail(error.status_code, str(error.detail), headers=error.headers)


async def _validation(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return detail(422, validation_sentence(error.errors()))


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return detail(500, f"{type(error).__name__}: {error}")


def validation_sentence(errors: Sequence[Any]) -> str:
    """pydantic's errors as one line: where, what, where, what."""
    if any(
        error["type"] == "json_invalid" or (error["loc"] == ("body",) and error["input"] is None) for error in errors
    ):
        return NO_JSON
    if any(isinstance(error["input"], bytes) for error in errors):
        return "Send the body as JSON, with the header content-type: application/json."
    return "; ".join(_problem(error) for error in errors)


def _has_no_json(error: Any) -> bool:
    return error["type"] == "json_invalid" or (error["loc"] == ("body",) and error["input"] is None)


def _problem(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"] if part not in ("body", "query", "path"))
    what = str(error["msg"]).removeprefix("Value error, ")
    return f"{where}: {what}" if where else what
