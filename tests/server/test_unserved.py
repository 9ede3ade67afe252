"""What this server doesn't do is said by name."""

import httpx
import pytest
from langgraph_sdk.errors import UnprocessableEntityError

from playground.server.unserved import UNSERVED
from tests.servers import Server


@pytest.mark.parametrize("path", UNSERVED)
def test_it_is_named(shared_server: Server, path: str) -> None:
    real = path.replace("{rest:path}", "search").replace("{", "").replace("}", "")
    response = httpx.post(shared_server.url + real, json={}, headers={"x-api-key": shared_server.key})
    assert response.status_code == 501
    assert response.json()["detail"].endswith("not supported by the playground's server.")


async def test_webhooks_are_refused_not_ignored(shared_server: Server) -> None:
    client = shared_server.client()
    thread = await client.threads.create()
    with pytest.raises(UnprocessableEntityError, match="Webhooks"):
        await client.runs.create(thread["thread_id"], "writer", input={}, webhook="http://example.com")
