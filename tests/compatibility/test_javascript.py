"""`@langchain/langgraph-sdk`, the JavaScript SDK, on our server: every part of it, as node sees it."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.servers import KEY

JAVASCRIPT = Path(__file__).parent / "javascript"
NO_NETWORK = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "ERR_SOCKET_TIMEOUT")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scenario with its SDK installed beside it."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed: the JavaScript SDK was not tested")
    folder = tmp_path_factory.mktemp("javascript") / "package"
    shutil.copytree(JAVASCRIPT, folder)
    done = subprocess.run(
        ["npm", "install", "--prefer-offline"], cwd=folder, capture_output=True, text=True, timeout=90
    )
    if done.returncode and any(code in done.stderr for code in NO_NETWORK):
        pytest.skip(
            f"npm's registry can't be reached: the JavaScript SDK was not tested ({done.stderr.splitlines()[0]})"
        )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def seen(package: Path, our_server: str) -> dict[str, Any]:
    """What the scenario saw, by part of the SDK."""
    command = ["node", "scenario.js", our_server, KEY]
    done = subprocess.run(command, cwd=package, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def status(refusal: dict[str, Any]) -> Any:
    return refusal.get("status", refusal)


def test_assistants(seen: dict[str, Any]) -> None:
    part = seen["assistants"]
    assert "threw" not in part, part["threw"]
    assert part["made"] == [1, "one", "one"]
    assert part["updated"] == [2, "two"]
    assert part["versions"] == [[2, "two"], [1, "one"]]
    assert part["rolledBack"] == [1, "one"]
    assert part["searched"] == [True]
    assert part["page"] == [2, "2"]  # the next page, from a header
    assert part["schemas"] == [
        *("config_schema", "context_schema", "graph_id", "input_schema", "output_schema", "state_schema")
    ]
    assert part["prompt"] == "You are a writer"
    assert part["nodes"] == ["__start__", "after", "__end__", "sub:sub_a", "sub:sub_b"]
    assert part["subgraphs"] == ["sub"]
    assert (part["count"], part["sameWithDoNothing"]) == (1, "pydantic_context")
    assert [status(part[name]) for name in ("conflict", "gone", "noGraph")] == [409, 404, 404]
    assert "Graph 'nope' not found" in part["noGraph"]["message"]


def test_threads(seen: dict[str, Any]) -> None:
    part = seen["threads"]
    assert "threw" not in part, part["threw"]
    whole = {"foo": "after", "out": ["a", "b"]}
    assert part["created"] == ["idle", None]
    assert (part["state"], part["atFirst"]) == ([whole, []], whole)
    assert part["history"] == ["loop", "loop", "loop", "input"]
    assert (part["forkedFrom"], part["forked"]) == (True, ["string", ["forked"]])
    assert part["copied"] == {"foo": "as after", "out": ["forked"]}
    assert part["patched"] == [True, 1]
    assert (part["found"], part["count"], part["idle"]) == (2, 2, [["status", "thread_id"]])
    assert part["supersteps"] == {"foo": "left", "out": ["made"]}
    assert [status(part[name]) for name in ("deleted", "badId")] == [404, 404]


def test_runs(seen: dict[str, Any]) -> None:
    part = seen["runs"]
    assert "threw" not in part, part["threw"]
    assert part["values"] == [["metadata", "values", "values"], ["left"]]
    assert part["onRunCreated"] == [[True, "string"]]  # from a header, before the first event
    assert part["many"] == ["custom|sub", "metadata", "tasks", "tasks|sub", "updates", "updates|sub"]
    words = ["one ", "two ", "three ", ""]
    assert part["tuples"] == [["AIMessageChunk", word, "model"] for word in words]
    assert part["partials"][:3] == ["one ", "one two ", "one two three "]
    assert part["partialEvents"] == ["metadata", "messages/metadata", "messages/partial"]
    assert part["failed"] == ["error", "ValueError"]
    assert part["waited"] == ["left", "left", "a", "b", "left"]
    assert "boom happened" in part["raised"]["message"]
    assert part["notRaised"] == ["__error__"]
    assert (part["seen"], part["cancelled"]) == (["metadata", "custom"], "interrupted")
    assert (part["list"], part["batch"], part["stateless"]) == ([3, True, "success"], True, ["right"])
    assert [status(part[name]) for name in ("deleted", "unknownAssistant", "badMode")] == [404, 404, 422]


def test_interrupts(seen: dict[str, Any]) -> None:
    part = seen["interrupts"]
    assert "threw" not in part, part["threw"]
    question = {"question": "name?", "foo": "x"}
    assert (part["asked"], part["status"], part["next"], part["question"]) == (
        [question],
        "interrupted",
        ["ask"],
        question,
    )
    assert part["resumed"] == ["metadata", "updates", "updates"]
    assert part["answered"] == [{"foo": "fin", "out": ["Ann"]}, []]
    assert part["both"] == ["answer to left?", "answer to right?"]
    assert part["inner"] == ["ask"]
    assert part["goto"] == ["left", ["left", "right"]]


def test_store(seen: dict[str, Any]) -> None:
    part = seen["store"]
    assert "threw" not in part, part["threw"]
    assert part["item"] == [{"kind": "x", "number": 1}, 2, "string"]
    assert (part["found"], part["spaces"]) == (["a", "c"], [2, 3])
    assert part["gone"] == {"answered": None}


def test_what_is_refused_says_why(seen: dict[str, Any]) -> None:
    part = seen["refused"]
    assert [status(part[name]) for name in ("crons", "cron", "key")] == [501, 501, 401]
    assert "Crons are not supported" in part["crons"]["message"]
