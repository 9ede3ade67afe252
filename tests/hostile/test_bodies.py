"""Bodies that are too big, too deep, or no JSON: each is refused in a sentence, and the server goes on."""

import gzip
import re
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import psutil
import pytest

from tests.servers import KEY, Server

MEGABYTE = 1024 * 1024
DEEP = 10_000


def refused(response: httpx.Response, *statuses: int) -> str:
    """The one sentence of a refusal."""
    assert response.status_code in statuses, response.text
    sentence: str = response.json()["detail"]
    assert sentence
    assert "Traceback" not in sentence
    return sentence


def memory(target: Server) -> int:
    assert target.process is not None
    return int(psutil.Process(target.process.pid).memory_info().rss)


def a_hundred_megabytes() -> Iterator[bytes]:
    yield b'{"metadata": {"long": "'
    for _ in range(100):
        yield b"x" * MEGABYTE
    yield b'"}}'


@pytest.mark.parametrize("announced", [True, False], ids=["with its length", "in chunks"])
@pytest.mark.parametrize("path", ["/threads", "/runs/wait", "/store/items"])
def test_a_body_of_a_hundred_megabytes(http: httpx.Client, target: Server, path: str, announced: bool) -> None:
    before = memory(target)
    headers = {"content-type": "application/json"}
    if announced:
        headers["content-length"] = str(sum(map(len, a_hundred_megabytes())))
    method = "PUT" if path == "/store/items" else "POST"
    response = http.request(method, path, content=a_hundred_megabytes(), headers=headers)
    assert refused(response, 413) == "The request's body is over 32 MB, which is the most that this server takes."
    assert memory(target) - before < 100 * MEGABYTE
    assert http.get("/ok").status_code == 200  # on the same connection


def test_a_body_that_just_fits(http: httpx.Client) -> None:
    text = "x" * (20 * MEGABYTE)
    thread = http.post("/threads", json={"metadata": {"mark": "big"}}).json()["thread_id"]
    answer = http.post(f"/threads/{thread}/runs/wait", json={"assistant_id": "keep", "input": {"value": text}})
    assert answer.json() == {"value": text}
    assert http.delete(f"/threads/{thread}").status_code == 204


def nested(depth: int, inner: str = "1") -> str:
    return '{"a":[' * (depth // 2) + inner + "]}" * (depth // 2)


PLACES = {
    "values of a run": ("POST", "/runs/wait", '{"assistant_id": "keep", "input": {"value": %s}}'),
    "context": ("POST", "/runs/wait", '{"assistant_id": "keep", "input": {}, "context": {"x": %s}}'),
    "config": ("POST", "/runs/wait", '{"assistant_id": "keep", "input": {}, "config": {"configurable": {"x": %s}}}'),
    "update of a command": ("POST", "/runs/wait", '{"assistant_id": "keep", "command": {"update": {"value": %s}}}'),
    "metadata of a run": ("POST", "/runs/wait", '{"assistant_id": "keep", "input": {}, "metadata": {"x": %s}}'),
    "metadata of a thread": ("POST", "/threads", '{"metadata": {"x": %s}}'),
    "filter of threads": ("POST", "/threads/search", '{"metadata": {"x": %s}}'),
    "context of an assistant": ("POST", "/assistants", '{"graph_id": "keep", "context": {"x": %s}}'),
    "metadata of an assistant": ("POST", "/assistants", '{"graph_id": "keep", "metadata": {"x": %s}}'),
    "filter of assistants": ("POST", "/assistants/search", '{"metadata": {"x": %s}}'),
    "value of an item": ("PUT", "/store/items", '{"namespace": ["a"], "key": "b", "value": {"x": %s}}'),
    "filter of items": ("POST", "/store/items/search", '{"namespace_prefix": ["a"], "filter": {"x": %s}}'),
}


def sent(http: httpx.Client, place: str, value: str | bytes) -> httpx.Response:
    method, path, template = PLACES[place]
    before, _, after = template.encode().partition(b"%s")
    content = before + (value if isinstance(value, bytes) else value.encode()) + after
    return http.request(method, path, content=content, headers={"content-type": "application/json"})


@pytest.mark.parametrize("depth", [300, 1_020, DEEP])
@pytest.mark.parametrize("place", PLACES)
def test_json_that_is_too_deep(http: httpx.Client, place: str, depth: int) -> None:
    sentence = refused(sent(http, place, nested(depth)), 422)
    assert sentence in (
        "Invalid JSON in request body",
        "The JSON in the request's body is nested more than 128 levels deep.",
    )


@pytest.mark.parametrize("place", PLACES)
def test_json_that_is_as_deep_as_allowed(http: httpx.Client, place: str) -> None:
    assert sent(http, place, nested(120)).status_code in (200, 204)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", '"\\ud800"', '"\\udc00\\ud800"', "1e", "'a'", "{,}"])
@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_json(http: httpx.Client, place: str, value: str) -> None:
    assert refused(sent(http, place, value), 422) == "Invalid JSON in request body"


@pytest.mark.parametrize("value", [b'"\xff\xfe"', b'"\xed\xa0\x80"', b"\x00", b'"\x00"', '"é"'.encode("utf-16")])
def test_what_is_no_utf_8(http: httpx.Client, value: bytes) -> None:
    for place in PLACES:
        assert refused(sent(http, place, value), 422) == "Invalid JSON in request body"


@pytest.mark.parametrize(
    "value",
    [
        *("9" * 30, "-" + "9" * 400, "1e400", "18446744073709551616", "0.1e-400", "-0"),
        *(
            '"\\u0000"',
            '"\\u001b[2J"',
            '"\\u202e"',
            '{"$": "os.system", "v": "true"}',
            '{"": {"": ""}}',
            '{"a": 1, "a": 2}',
        ),
    ],
)
@pytest.mark.parametrize("place", PLACES)
def test_odd_values_are_kept_or_refused(http: httpx.Client, place: str, value: str) -> None:
    response = sent(http, place, value)
    if response.status_code not in (200, 204):
        refused(response, 400, 422)


@pytest.mark.parametrize("place", PLACES)
def test_bodies_of_another_kind(http: httpx.Client, place: str) -> None:
    method, path, template = PLACES[place]
    body = (template % "1").encode()
    kinds: list[tuple[bytes, dict[str, str]]] = [
        (body, {"content-type": "text/plain"}),
        (body, {"content-type": "multipart/form-data; boundary=x"}),
        (body, {"content-type": "\x80/\xff"}),
        (gzip.compress(body), {"content-type": "application/json", "content-encoding": "gzip"}),
        (b"", {"content-type": "application/json"}),
        (b"[]", {"content-type": "application/json"}),
        (b"null", {"content-type": "application/json"}),
        (b'"text"', {"content-type": "application/json"}),
    ]
    for content, headers in kinds:
        response = http.request(
            method, path, content=content, headers={k: v.encode("latin-1") for k, v in headers.items()}
        )
        refused(response, 400, 415, 422)


@pytest.mark.parametrize("depth", [200, 500, 3_000])
def test_a_deep_state_comes_out_or_ends_its_run(http: httpx.Client, depth: int) -> None:
    thread = http.post("/threads", json={}).json()["thread_id"]
    body = {
        "assistant_id": "deep",
        "input": {"depth": depth},
        "stream_mode": ["values", "custom", "debug", "checkpoints"],
    }
    streamed = http.post(f"/threads/{thread}/runs/stream", json=body)
    assert streamed.status_code == 200
    for path in (
        f"/threads/{thread}",
        f"/threads/{thread}/state",
        f"/threads/{thread}/history",
        f"/threads/{thread}/runs",
    ):
        assert http.get(path).status_code == 200, path
    (run,) = http.get(f"/threads/{thread}/runs").json()
    assert run["status"] in ("success", "error")
    assert http.post("/threads/search", json={"ids": [thread]}).status_code == 200


def exchange(target: Server, data: bytes, answers: int = 1) -> bytes:
    """What a raw connection is answered, up to so many status lines or its end."""
    url = httpx.URL(target.url)
    received = b""
    with socket.create_connection((url.host, url.port or 80), timeout=15) as connection:
        connection.sendall(data)
        while received.count(b"HTTP/1.1 ") < answers and (piece := connection.recv(65536)):
            received += piece
    return received


def request(line: str, *headers: str, body: bytes = b"") -> bytes:
    length = (f"content-length: {len(body)}",) if body else ()
    lines = [line, "host: 127.0.0.1", f"x-api-key: {KEY}", *headers, *length]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def test_requests_behind_each_other_on_one_connection(http: httpx.Client, target: Server) -> None:
    bad = request("POST /threads HTTP/1.1", "content-type: application/json", body=b"{")
    answer = exchange(target, bad + request("GET /ok HTTP/1.1") + bad + request("GET /ok HTTP/1.1"), answers=4)
    assert re.findall(rb"HTTP/1.1 (\d+)", answer) == [b"422", b"200", b"422", b"200"]


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",  # a TLS greeting
        request("GET /ok HTTP/1.1", "x-evil: a\rb"),
        request("GET /ok HTTP/1.1", "x-evil: a\x00b"),
        request("POST /threads HTTP/1.1", "content-length: -1"),
        request("POST /threads HTTP/1.1", "content-length: 5", "transfer-encoding: chunked") + b"0\r\n\r\n",
        request("POST /threads HTTP/1.1", "transfer-encoding: chunked") + b"zz\r\n",
        request("GET /" + "a" * 100_000 + " HTTP/1.1"),
        request("GET /ok HTTP/1.1", *[f"x-{number}: {'a' * 1_000}" for number in range(200)]),
    ],
    ids=["version", "tls", "cr", "nul", "negative", "two lengths", "no chunk", "long path", "many headers"],
)
def test_what_is_no_http(http: httpx.Client, target: Server, data: bytes) -> None:
    answer = exchange(target, data)
    assert not answer or answer.startswith(b"HTTP/1.1 ")
    assert not answer.startswith(b"HTTP/1.1 5")


def test_bodies_that_never_end_keep_nobody_waiting(http: httpx.Client, target: Server) -> None:
    url = httpx.URL(target.url)
    head = request("POST /threads HTTP/1.1", "content-type: application/json", "content-length: 1000") + b'{"met'
    waiting = [socket.create_connection((url.host, url.port or 80), timeout=15) for _ in range(100)]
    try:
        for connection in waiting:
            connection.sendall(head)
        assert http.post("/threads", json={}).status_code == 200
    finally:
        for connection in waiting:
            connection.close()


def test_a_client_that_leaves_in_the_middle_of_its_body(http: httpx.Client, target: Server) -> None:
    before: Any = http.post("/threads/count", json={}).json()
    head = request("POST /threads HTTP/1.1", "content-type: application/json", "content-length: 100") + b'{"met'
    url = httpx.URL(target.url)
    with socket.create_connection((url.host, url.port or 80)) as connection:
        connection.sendall(head)
    assert http.post("/threads/count", json={}).json() == before
