"""What the API is, for programs at /openapi.json and for people at /docs."""

from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, Response

from playground.server.docs_page import page
from playground.server.unserved import listed

DESCRIPTION = f"""\
The LangGraph API over the graphs of one project, as `langgraph dev` serves it: use it through `langgraph-sdk`.
Errors are `{{"detail": "<a sentence>"}}`. Where a graph's code fails, the sentence is its error.

Not served, each answers 501:

{listed()}

Webhooks are refused.
"""
# Nothing is loaded from anywhere, no script runs: the page works offline, and what it shows is text.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class Documented(FastAPI):
    """FastAPI whose OpenAPI says how to authenticate, with a page of its own for people."""

    def __init__(self, **given: Any) -> None:
        super().__init__(docs_url=None, redoc_url=None, description=DESCRIPTION, **given)
        self.add_api_route("/docs", _docs, include_in_schema=False)

    def openapi(self) -> dict[str, Any]:
        """The document, made at its first use."""
        if not self.openapi_schema:
            document = super().openapi()
            key = {"type": "apiKey", "in": "header", "name": "x-api-key", "description": "If the server has a key."}
            document["components"]["securitySchemes"] = {"key": key}
            document["security"] = [{"key": []}]
        return self.openapi_schema or {}


async def _docs(request: Request) -> Response:
    return HTMLResponse(page(request.app.openapi()), headers={"Content-Security-Policy": _POLICY})
