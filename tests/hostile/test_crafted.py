"""What someone planted, in a store's file or in a request, runs no code when it is read."""

import base64
import json
from pathlib import Path
from typing import Any

import httpx
import ormsgpack
import pytest

from tests.servers import KEY, PROJECTS, Server

PLANTED = "planted here"
ID = "00000000-0000-4000-8000-000000000000"


def msgpack(code: int, content: Any) -> dict[str, Any]:
    """A value of a thread's file that msgpack reads as an extension, as langgraph's serializer knows them."""
    data = ormsgpack.packb(ormsgpack.Ext(code, ormsgpack.packb(content)))
    return {"$": "msgpack", "v": base64.b64encode(data).decode(), "kind": "msgpack"}


def constructor(command: str, trace: str) -> dict[str, Any]:
    """langchain's way to say: make this object."""
    module, _, name = command.rpartition(".")
    return {"lc": 1, "type": "constructor", "id": [*module.split("."), name], "kwargs": {"command": f"touch {trace}"}}


def in_a_file(trace: str) -> list[Any]:
    """Values of a checkpoint that name code to run, which would leave `trace`."""
    touch = f"touch {trace}"
    return [
        msgpack(0, ("os", "system", touch)),
        msgpack(1, ("os", "system", (touch,))),
        msgpack(1, ("subprocess", "call", (["touch", trace],))),
        msgpack(2, ("builtins", "open", {"file": trace, "mode": "w"})),
        msgpack(3, ("pathlib", "Path", trace, "touch")),
        msgpack(4, ("os", "system", {"command": touch}, "model_validate_json")),
        msgpack(5, ("builtins", "exec", {"source": f"open({trace!r}, 'w')"}, "__call__")),
        {"$": "os.system", "v": touch},
        {"$": "pickle", "v": base64.b64encode(f"cos\nsystem\n(S'{touch}'\ntR.".encode()).decode()},
        {"$": "msgpack", "v": base64.b64encode(f"cos\nsystem\n(S'{touch}'\ntR.".encode()).decode(), "kind": "pickle"},
        {"$": "HumanMessage", "v": {"content": "x", "additional_kwargs": {"y": msgpack(0, ("os", "system", touch))}}},
        *(constructor(command, trace) for command in ("os.system", "subprocess.getoutput")),
        {"lc": 2, "type": "constructor", "id": ["os", "system"], "method": None, "args": [touch], "kwargs": {}},
    ]


COUNT = len(in_a_file("x"))


@pytest.mark.parametrize("number", range(COUNT))
def test_a_threads_file(planted: "Planted", number: int) -> None:
    """Whether such a thread is read, or refused as damaged: nothing runs, and the others are served."""
    thread_id = planted.threads[number]
    with httpx.Client(base_url=planted.server.url, headers={"x-api-key": KEY}, trust_env=False) as http:
        asked = [
            http.get(f"/threads/{thread_id}"),
            http.get(f"/threads/{thread_id}/state"),
            http.get(f"/threads/{thread_id}/state", params={"subgraphs": True}),
            http.post(f"/threads/{thread_id}/history", json={"limit": 10}),
            http.post("/threads/search", json={"ids": [thread_id]}),
            http.post("/threads/search", json={"values": {"value": "x"}}),
            http.post(f"/threads/{thread_id}/copy"),
            http.post(f"/threads/{thread_id}/state", json={"values": {"depth": 1}}),
            http.post(f"/threads/{thread_id}/runs/wait", json={"assistant_id": "keep", "input": {"depth": 1}}),
        ]
        for response in asked:
            assert response.status_code < 500 or response.status_code == 503, response.text
            assert "Traceback" not in json.dumps(
                response.json().get("detail") if isinstance(response.json(), dict) else ""
            )
        assert http.post("/runs/wait", json={"assistant_id": "keep", "input": {"value": 1}}).json() == {"value": 1}
    assert not planted.trace.exists()


def test_one_damaged_file_hides_no_other_thread(planted: "Planted") -> None:
    with httpx.Client(base_url=planted.server.url, headers={"x-api-key": KEY}, trust_env=False) as http:
        assert "was changed from outside" in http.get(f"/threads/{planted.damaged}").json()["detail"]
        whole = http.post("/threads", json={}).json()["thread_id"]
        http.post(f"/threads/{whole}/runs/wait", json={"assistant_id": "keep", "input": {"value": "whole"}})
        found = http.post("/threads/search", json={"ids": [planted.damaged, whole]}).json()
        rows = {row["thread_id"]: row for row in found}
        assert rows[whole]["values"] == {"value": "whole"}
        assert rows[planted.damaged]["values"] is None
        assert "was changed from outside" in rows[planted.damaged]["error"]["message"]
        asked = {"values": {"value": "whole"}}
        assert [row["thread_id"] for row in http.post("/threads/search", json=asked).json()] == [whole]
        assert http.post("/threads/count", json=asked).json() == 1


class Planted:
    """A server on a store into whose threads someone wrote, one value in each, while no server ran."""

    def __init__(self, folder: Path) -> None:
        self.trace = folder / "trace"
        self.server = Server(PROJECTS / "hostile", folder / "store").start()
        with httpx.Client(base_url=self.server.url, headers={"x-api-key": KEY}, trust_env=False) as http:
            self.threads = [str(http.post("/threads", json={}).json()["thread_id"]) for _ in range(COUNT + 1)]
            for thread_id in self.threads:
                body = {"assistant_id": "keep", "input": {"value": PLANTED}}
                assert http.post(f"/threads/{thread_id}/runs/wait", json=body).json() == {"value": PLANTED}
        assert self.server.stop() == 0
        self.damaged = self.threads.pop()
        damaged = self.server.store / "threads" / f"{self.damaged}.json"
        damaged.write_text(damaged.read_text().replace(PLANTED, "changed"))
        for thread_id, value in zip(self.threads, in_a_file(str(self.trace)), strict=True):
            self._plant(thread_id, value)
        self.server.start()

    def _plant(self, thread_id: str, value: Any) -> None:
        """Without its journal, which knows the file's checksum, the file is one that someone sent."""
        path = self.server.store / "threads" / f"{thread_id}.json"
        text = path.read_text()
        assert json.dumps(PLANTED) in text
        path.write_text(text.replace(json.dumps(PLANTED), json.dumps(value)))
        path.with_name(f"{path.name}.journal").unlink()


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Any:
    found = Planted(tmp_path_factory.mktemp("planted"))
    yield found
    found.server.kill()


def test_a_request(http: httpx.Client, tmp_path: Path) -> None:
    """Constructors and tags in everything that a client may send, read again in every way."""
    trace = tmp_path / "trace"
    thread_id = http.post("/threads", json={}).json()["thread_id"]
    for value in in_a_file(str(trace)):
        state = {"value": value}
        sent: list[tuple[str, dict[str, Any]]] = [
            ("runs/wait", {"assistant_id": "keep", "input": state}),
            ("runs/wait", {"assistant_id": "keep", "command": {"update": state}}),
            ("runs/wait", {"assistant_id": "keep", "command": {"resume": value}}),
            ("runs/wait", {"assistant_id": "keep", "command": {"goto": {"node": "keep", "input": state}}}),
            ("runs/wait", {"assistant_id": "keep", "input": {}, "context": state, "metadata": state}),
            ("runs/wait", {"assistant_id": "keep", "input": {}, "config": {"configurable": state, "metadata": state}}),
            ("state", {"values": state}),
        ]
        for path, body in sent:
            response = http.post(f"/threads/{thread_id}/{path}", json=body)
            assert response.status_code < 500, response.text
        answer = http.post(f"/threads/{thread_id}/runs/wait", json={"assistant_id": "keep", "input": state}).json()
        assert answer == state  # data, and nothing else
        for path in ("state", "history?limit=100"):
            assert http.get(f"/threads/{thread_id}/{path}").status_code == 200
        item = {"namespace": ["planted"], "key": "x", "value": state}
        assert http.put("/store/items", json=item).status_code == 204
        assert http.get("/store/items", params={"namespace": "planted", "key": "x"}).json()["value"] == state
        made = http.post("/assistants", json={"graph_id": "keep", "context": state}).json()
        assert http.get(f"/assistants/{made['assistant_id']}").json()["context"] == state
    assert not trace.exists()
