"""Ids, names and namespaces that mean something to a file system, a header, a terminal or a stream of events."""

import json
from urllib.parse import quote

import httpx
import pytest

from tests.servers import Server

ID = "00000000-0000-4000-8000-000000000000"
IDS = [
    *(
        "../../etc/passwd",
        "..",
        "%2e%2e%2f%2e%2e%2fetc",
        "a/b",
        "a\\..\\b",
        "store.json",
        "*",
        "?x=1",
        "#x",
        " ",
        "-1",
        "0",
    ),
    *(
        "\x00",
        f"{ID}\x00",
        f"{ID}/..",
        f"{ID}.json",
        f"{{{ID}}}x",
        "\r\nset-cookie: a=b",
        "\x1b[2J",
        "\u202e",
        "é",
        "🙂",
    ),
    *("x" * 5_000, "CON", "NUL:", "~root", "$HOME", "'; DROP TABLE threads; --", "<script>", "{{7*7}}", "None", "null"),
]
ROUTES = [
    *(
        ("GET", "/assistants/{}"),
        ("PATCH", "/assistants/{}"),
        ("DELETE", "/assistants/{}"),
        ("GET", "/assistants/{}/graph"),
    ),
    *(("GET", "/assistants/{}/schemas"), ("GET", "/assistants/{}/subgraphs"), ("POST", "/assistants/{}/versions")),
    *(("POST", "/assistants/{}/latest"), ("GET", "/threads/{}"), ("PATCH", "/threads/{}"), ("DELETE", "/threads/{}")),
    *(
        ("POST", "/threads/{}/copy"),
        ("GET", "/threads/{}/state"),
        ("POST", "/threads/{}/state"),
        ("GET", "/threads/{}/history"),
    ),
    *(
        ("POST", "/threads/{}/runs"),
        ("POST", "/threads/{}/runs/wait"),
        ("GET", "/threads/{}/runs"),
        ("GET", "/threads/{}/stream"),
    ),
    *(
        ("GET", f"/threads/{ID}/runs/{{}}"),
        ("GET", f"/threads/{ID}/runs/{{}}/join"),
        ("POST", f"/threads/{ID}/runs/{{}}/cancel"),
    ),
    *(
        ("GET", f"/threads/{ID}/state/{{}}"),
        ("DELETE", f"/threads/{ID}/runs/{{}}"),
        ("GET", f"/threads/{ID}/runs/{{}}/stream"),
    ),
]


@pytest.mark.parametrize(("method", "route"), ROUTES)
def test_ids_in_paths(http: httpx.Client, target: Server, method: str, route: str) -> None:
    body = {"version": 1, "values": {}, "assistant_id": "keep", "input": {}} if method in ("POST", "PATCH") else None
    there = files(target)
    for name in IDS:
        response = http.request(method, route.format(quote(name, safe="").replace(".", "%2e")), json=body)
        assert response.status_code in (400, 404, 405, 409, 422), (name, response.text)
        assert response.json()["detail"], name
        assert "set-cookie" not in response.headers
    assert files(target) == there


@pytest.mark.parametrize("name", IDS)
def test_ids_in_bodies(http: httpx.Client, target: Server, name: str) -> None:
    there = files(target)
    sent = [
        ("/threads", {"thread_id": name}),
        ("/assistants", {"graph_id": "keep", "assistant_id": name}),
        ("/assistants", {"graph_id": name}),
        ("/assistants/search", {"graph_id": name}),
        ("/runs/wait", {"assistant_id": name, "input": {}}),
        ("/runs/wait", {"assistant_id": f"keep@{name}", "input": {}}),
        ("/threads/prune", {"thread_ids": [name], "strategy": name}),
        ("/runs/cancel", {"thread_id": name, "run_ids": [name]}),
    ]
    for path, body in sent:
        response = http.post(path, json=body)
        assert response.status_code in (400, 404, 422), (path, response.text)
        assert response.json()["detail"], path
    assert files(target) == there


@pytest.mark.parametrize("name", IDS)
def test_names_that_are_the_users_own_are_kept_as_they_are(http: httpx.Client, target: Server, name: str) -> None:
    there = files(target)
    made = http.post(
        "/assistants", json={"graph_id": "keep", "name": name, "description": name, "metadata": {name: name}}
    )
    assert made.status_code == 200, made.text
    assert (made.json()["description"], made.json()["metadata"]) == (name, {name: name})
    assert http.get(f"/assistants/{made.json()['assistant_id']}").json() == made.json()
    assert "set-cookie" not in made.headers
    if name and "." not in name and "\x00" not in name:
        item = {"namespace": ["names", name], "key": name, "value": {name: name}}
        assert http.put("/store/items", json=item).status_code == 204
        found = http.get("/store/items", params={"namespace": f"names.{name}", "key": name}).json()
        assert {key: found[key] for key in item} == item
        assert (
            http.request("DELETE", "/store/items", json={"namespace": item["namespace"], "key": name}).status_code
            == 204
        )
    else:
        assert http.put("/store/items", json={"namespace": [name], "key": "x", "value": {}}).status_code in (400, 422)
    assert http.delete(f"/assistants/{made.json()['assistant_id']}").status_code == 204
    assert files(target) == there


@pytest.mark.parametrize("name", IDS)
def test_checkpoints_that_are_none(http: httpx.Client, target: Server, name: str) -> None:
    thread = http.post("/threads", json={}).json()["thread_id"]
    http.post(f"/threads/{thread}/runs/wait", json={"assistant_id": "keep", "input": {"value": 1}})
    there = files(target)
    for checkpoint in ({"checkpoint_id": name}, {"checkpoint_ns": name}, {"thread_id": name, "checkpoint_id": name}):
        for path, body in (
            ("state/checkpoint", {"checkpoint": checkpoint}),
            ("state", {"values": {"value": 2}, "checkpoint": checkpoint}),
            ("history", {"before": checkpoint, "checkpoint": checkpoint}),
            ("runs/wait", {"assistant_id": "keep", "input": None, "checkpoint": checkpoint}),
        ):
            response = http.post(f"/threads/{thread}/{path}", json=body)
            assert response.status_code < 500, (path, checkpoint, response.text)
    assert files(target) == there
    assert http.delete(f"/threads/{thread}").status_code == 204


def test_a_nodes_name_adds_no_lines_to_a_stream(http: httpx.Client) -> None:
    body = {
        "assistant_id": "names",
        "input": {"value": 1},
        "stream_mode": ["updates", "tasks", "debug"],
        "stream_subgraphs": True,
    }
    with http.stream("POST", "/runs/stream", json=body) as stream:
        raw = b"".join(stream.iter_bytes())
    lines = raw.split(b"\r\n")
    assert {line.partition(b": ")[0] for line in lines if line} == {b"event", b"data"}
    assert b"\x1b" not in raw
    assert b"\x00" not in raw
    blocks = [block.split("\r\n") for block in raw.decode().strip().split("\r\n\r\n")]
    events = [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]
    names = [name for name, _ in events]
    assert names[0] == "metadata"
    assert any(name.startswith("updates|node") for name in names)
    assert "error" not in names
    assert [next(iter(data)) for name, data in events if name == "updates"] == [
        "node\r\n\r\nevent\r\ndata\r\n\x00\x1b[2J\u2028"
    ]


def test_a_header_that_joins_a_stream_is_data(http: httpx.Client) -> None:
    thread = http.post("/threads", json={}).json()["thread_id"]
    body = {"assistant_id": "keep", "input": {}, "stream_resumable": True}
    run = http.post(f"/threads/{thread}/runs", json=body).json()["run_id"]
    http.get(f"/threads/{thread}/runs/{run}/join")
    for last in ("-1", "0", "x", "1-1", "9" * 400, "-" * 50, "1e9", "0x1", "\u0661"):
        headers = {"last-event-id": last.encode()}
        response = http.get(f"/threads/{thread}/runs/{run}/stream", headers=headers)
        assert response.status_code == 200, last


def files(target: Server) -> set[str]:
    """What is in and beside the store, but for what the server itself makes there: its base, and threads' files."""
    return {
        str(path.relative_to(target.store.parent))
        for path in target.store.parent.rglob("*")
        if path.parent.name != "threads" and not path.name.startswith("store.json")
    }
