"""`get_client()` in the user's graphs, without a URL: a client of the server that runs them, with its key.

In LangGraph Server such a client reaches the server in its own process. Here it asks over loopback: the graphs run on a
loop of their own, and its streams are as live as any client's.
"""

import functools
import sys
from typing import Any

from playground.runs.origin import RUN

ASKING = "x-playground-run"
# Where the SDK's function can be imported from.
MODULES = ("langgraph_sdk", "langgraph_sdk.client", "langgraph_sdk._async.client")


def provide(url: str, key: str | None) -> None:
    """Let the SDK's `get_client` mean this server if no URL is given. To be called before the user's code is imported.

    An API key that is given or found in the environment is not sent: it is LangSmith's, and its place is our key's.
    """
    import langgraph_sdk

    original = langgraph_sdk.get_client
    own: dict[str, Any] = {"url": url, "api_key": key}

    @functools.wraps(original)
    def get_client(*, url: str | None = None, **given: Any) -> Any:
        if url is not None:
            return original(**given, url=url)
        client = original(**{**given, **own})
        client.http.client.event_hooks["request"].append(_name_run)
        return client

    for name in MODULES:
        if getattr(sys.modules.get(name), "get_client", None) is original:
            vars(sys.modules[name])["get_client"] = get_client


async def _name_run(request: Any) -> None:
    """Say which run asks: one that waits for another must not keep it waiting."""
    if run_id := RUN.get(None):
        request.headers[ASKING] = run_id
