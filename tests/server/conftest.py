"""For tests over the wire: each module names its own server, `running`."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.server.playground_state import http_of
from tests.servers import Server


@pytest.fixture
async def http(running: Server) -> AsyncIterator[httpx.AsyncClient]:
    """For what the SDK doesn't show: statuses, headers, bytes."""
    async with http_of(running) as client:
        yield client
