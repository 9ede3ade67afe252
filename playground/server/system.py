"""/ok and /info as every LangGraph server has them; /playground: what only this server tells and does."""

import asyncio
from collections.abc import AsyncIterator
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from playground.runs.context_check import check_context
from playground.runs.encode import to_json
from playground.runs.events import Event
from playground.runs.overview import overview, queue
from playground.server import shapes, sse
from playground.server.answers import answer, checked_id
from playground.server.bodies import JSONRoute
from playground.server.fields import JSON
from playground.server.services import Services, Use
from playground.store.assistants import default_id

NOT_HERE = ("crons", "langsmith", "langsmith_tracing_replicas", "langsmith_tracing_session_on_runs")
router = APIRouter(route_class=JSONRoute)


class Validation(BaseModel):
    """A context, and the assistant (its id, or a graph's name) whose graph is to say whether it fits."""

    assistant_id: str
    context: JSON


@router.get("/", include_in_schema=False)
@router.get("/ok", tags=["system"], responses=shapes.ok(shapes.Health))
async def ok() -> Response:
    return answer({"ok": True, "services": {}})


@router.get("/info", tags=["system"], responses=shapes.ok(shapes.Info))
async def info() -> Response:
    return answer(
        {
            "version": version("langgraph-playground"),
            "langgraph_py_version": version("langgraph"),
            "flags": {"assistants": True} | dict.fromkeys(NOT_HERE, False),
            "host": {"kind": "playground"},
        }
    )


@router.get("/playground", tags=["playground"])
async def about(use: Use) -> Response:
    return answer(_about(use))


@router.get("/playground/attach", tags=["playground"])
async def attach(use: Use) -> Response:
    """Kept open by a client for as long as it uses the server; tells it when a graph's state changes."""
    return sse.respond(_graph_changes(use))


@router.post("/playground/stop", tags=["playground"], status_code=204)
async def stop(request: Request) -> Response:
    request.app.state.end()
    return Response(status_code=204)


@router.get("/playground/runs", tags=["playground"])
async def run_counts(use: Use) -> Response:
    """How many runs each assistant has: its id → their number."""
    return answer(await use.database.call(use.database.runs.counts))


@router.get("/playground/queue", tags=["playground"])
async def run_queue(use: Use) -> Response:
    """The runs that execute or wait, and what for."""
    return answer(queue(use.engine))


@router.get("/playground/log", tags=["playground"])
async def log(use: Use, lines: Annotated[int, Query(ge=1, le=1000)] = 50) -> Response:
    """The last lines of what the user's code printed."""
    return answer({"lines": await asyncio.to_thread(use.output.tail, lines)})


@router.post("/playground/validate", tags=["playground"], responses=shapes.ok(shapes.Validated))
async def validate(body: Validation, use: Use) -> Response:
    """What the graph's own type says of a context: problems that a run with it would fail on, none if it is fine.

    The type is made of the context as a run makes it, custom validators included; nothing runs and nothing is kept.
    """
    assistant_id = default_id(body.assistant_id) if body.assistant_id in use.graphs.specs else body.assistant_id
    row = use.database.assistants.get(checked_id("assistant", assistant_id))
    checking = check_context(use.graphs, row["graph_id"], row["config"], body.context)
    problems = await use.graph_loop.run(checking)
    return answer({"problems": [{"path": path, "message": message} for path, message in problems]})


async def _graph_changes(use: Services) -> AsyncIterator[bytes]:
    async for _ in use.announcements.changes():
        yield sse.frame(Event("graphs", to_json(_about(use)["graphs"])))
    if use.announcements.restarting:
        yield sse.frame(Event("restarting", to_json({"reason": use.announcements.restarting})))


def _about(use: Services) -> dict[str, Any]:
    return {
        "version": version("langgraph-playground"),
        "project": str(use.manifest.root),
        "store": str(use.store),
        "notices": [*use.database.notices, *use.graphs.notices, *use.engine.reports],
        "runs": overview(use.engine),
        "graphs": use.graphs.statuses(),
    }
