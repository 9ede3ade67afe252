"""Requests made from the server's own OpenAPI, sensible and not: none of them breaks it (schemathesis).

Half of the ids in paths are of a thread, an assistant and a run that are there, or every request would end at a 404.
"""

import itertools
import os
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error

from tests.servers import KEY, PROJECTS, Server

# For each operation: about 600 requests. With the variable, also those at the limits of every field: a minute more.
EXAMPLES = int(os.environ.get("PLAYGROUND_FUZZ_EXAMPLES", "6"))
# What ends the server, and streams that end when their client does.
LEFT_OUT = r"^/playground/(stop|attach)$|^/threads/\{thread_id\}/stream$"


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server of its own: what is done to it is not said in advance."""
    server = Server(PROJECTS / "hostile", tmp_path_factory.mktemp("fuzzed") / "store").start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def api_schema(fuzzed: Server) -> Any:
    headers = {"x-api-key": KEY}
    schema = schemathesis.openapi.from_url(f"{fuzzed.url}/openapi.json", headers=headers)
    schema.config.phases.coverage.enabled = "PLAYGROUND_FUZZ_EXAMPLES" in os.environ
    return schema


@pytest.fixture(scope="module")
def there(fuzzed: Server) -> dict[str, str]:
    """The ids of what is there, by the names of path parameters."""
    with httpx.Client(base_url=fuzzed.url, headers={"x-api-key": KEY}, trust_env=False) as http:
        thread_id = http.post("/threads", json={}).json()["thread_id"]
        http.post(f"/threads/{thread_id}/runs/wait", json={"assistant_id": "keep", "input": {"value": 1}})
        (run,) = http.get(f"/threads/{thread_id}/runs").json()
        state = http.get(f"/threads/{thread_id}/state").json()
    return {
        "thread_id": thread_id,
        "checkpoint_id": state["checkpoint_id"],
        **{k: run[k] for k in ("run_id", "assistant_id")},
    }


schema = schemathesis.pytest.from_fixture("api_schema").exclude(path_regex=LEFT_OUT)
turns = itertools.cycle((True, False))


@schema.parametrize()
@settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
def test_no_request_breaks_it(case: Case, fuzzed: Server, there: dict[str, str]) -> None:
    # What is there must stay there for the next request.
    if next(turns) and not (case.method == "DELETE" and case.path.count("{") == 1):
        case.path_parameters = {name: there.get(name, value) for name, value in (case.path_parameters or {}).items()}
    case.call_and_validate(headers={"x-api-key": KEY}, checks=[not_a_server_error], timeout=20)
    assert fuzzed.process is not None
    assert fuzzed.process.poll() is None
