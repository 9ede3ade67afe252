"""Refused, wrong, missing: every failure on the wire is one sentence, and none holds a key."""

import asyncio
import traceback
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from playground.client.client import Client
from playground.client.errors import ApiError, PlaygroundError, ServerGone
from playground.client.target import Target
from playground.client.wire import public_url
from tests.servers import Server

SECRET = "s3cret-key-of-someone"


async def test_a_wrong_key_says_where_to_give_the_right_one(odd_server: Server) -> None:
    client = await Client.connect(odd_server.url, SECRET)
    with pytest.raises(ApiError, match="--key") as refused:
        await client.assistants.list()
    assert refused.value.status in (401, 403)
    await client.close()
    everything = "".join(traceback.format_exception(refused.value)) + repr(client) + str(vars(refused.value))
    assert SECRET not in everything
    assert odd_server.key not in everything


async def test_nobody_there() -> None:
    client = await Client.connect("http://user:pa55word@127.0.0.1:9", SECRET)
    started = asyncio.get_running_loop().time()
    with pytest.raises(ServerGone) as refused:
        await client.graphs.list()
    assert asyncio.get_running_loop().time() - started < 1
    assert refused.value.sentence == (
        "Could not list the graphs: the server at http://127.0.0.1:9 does not answer (connection refused)."
    )
    assert "pa55word" not in str(refused.value) + client.url


async def test_not_a_langgraph_server() -> None:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>hello</html>")

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        client = await Client.connect(f"http://127.0.0.1:{server.server_port}")
        with pytest.raises(PlaygroundError, match="not a LangGraph server"):
            await client.graphs.list()
        server.shutdown()


async def test_a_client_that_was_closed_says_so(odd_server: Server) -> None:
    client = await Client.connect(odd_server.url, odd_server.key)
    await client.close()
    with pytest.raises(ServerGone):
        await client.graphs.list()


def test_a_target_does_not_show_its_key() -> None:
    assert SECRET not in repr(Target(key=SECRET))


def test_a_url_is_shown_without_credentials() -> None:
    assert public_url("https://me:pw@host:1/path/") == "https://host:1/path"
