"""Routes of the LangGraph API that this server doesn't have: each says so by name, with status 501."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from playground.server.errors import detail

UNSERVED = {
    "/runs/crons": "Crons are",
    "/runs/crons/{rest:path}": "Crons are",
    "/threads/{thread_id}/runs/crons": "Crons are",
    "/threads/{thread_id}/storage": "Telling the size of a thread is",
    "/threads/{thread_id}/stream/events": "The event protocol (v2) is",
    "/threads/{thread_id}/commands": "The event protocol (v2) is",
    "/mcp": "MCP is",
    "/mcp/": "MCP is",
    "/a2a/{assistant_id}": "A2A is",
    "/.well-known/agent-card.json": "A2A is",
    "/ui/{rest:path}": "Generative UI is",
    "/metrics": "Metrics are",
}

router = APIRouter(include_in_schema=False)


def listed() -> str:
    """What isn't served, a line of Markdown for each."""
    routes: dict[str, list[str]] = {}
    for path, what in UNSERVED.items():
        routes.setdefault(what.rsplit(" ", 1)[0], []).append(f"`{path.replace('{rest:path}', '…')}`")
    return "\n".join(f"- {what}: {', '.join(paths)}" for what, paths in routes.items())


def _answer(what: str) -> Any:
    async def answer() -> Response:
        return detail(501, f"{what} not supported by the playground's server.")

    return answer


for _path, _what in UNSERVED.items():
    router.add_api_route(_path, _answer(_what), methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
