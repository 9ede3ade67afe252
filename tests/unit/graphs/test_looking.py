"""What is seen of a graph is kept: a factory may take seconds, and is asked for the same again and again."""

import json
from typing import Any

import pytest

from playground.graphs.errors import GraphFailed
from playground.graphs.loader import Graphs
from playground.graphs.schemas import schemas
from tests.unit.graphs.projects import LoadProject, WriteProject

FACTORY = """
from langchain_core.runnables import RunnableConfig
from langgraph.graph import StateGraph

calls = []

def make(config: RunnableConfig):
    calls.append(config["configurable"])
    names = [f"n{number}" for number in range(config["configurable"].get("n", 1))]
    build = StateGraph(dict).add_sequence([(name, lambda state: {}) for name in names])
    return build.add_edge("__start__", "n0").compile()
"""


def _graphs(project: LoadProject, write_project: WriteProject, code: str) -> Graphs:
    manifest = json.dumps({"graphs": {"agent": "./looked_at.py:make"}})
    return project(write_project({"langgraph.json": manifest, "looked_at.py": code}))


async def test_a_factory_is_called_once_for_a_configuration(project: LoadProject, write_project: WriteProject) -> None:
    graphs = _graphs(project, write_project, FACTORY)
    await graphs.load("agent")
    import looked_at  # type: ignore[import-not-found]

    looked_at.calls.clear()

    async def nodes(n: int, at: str = "nodes") -> int:
        return await graphs.look("agent", {"configurable": {"n": n}}, {"n": n}, at, lambda graph: len(graph.nodes))

    assert [await nodes(n) for n in (2, 3, 2, 3)] == [3, 4, 3, 4]
    assert looked_at.calls == [{"n": 2}, {"n": 3}]
    assert await nodes(2, "something else") == 3
    assert len(looked_at.calls) == 3


async def test_what_failed_is_tried_again(project: LoadProject, write_project: WriteProject) -> None:
    code = FACTORY + "\n\ndef fail(graph):\n    raise RuntimeError('not drawn')\n"
    graphs = _graphs(project, write_project, code)

    def see(graph: Any) -> str:
        import looked_at

        looked_at.fail(graph)
        return ""

    with pytest.raises(GraphFailed, match="Graph 'agent' can't be shown: RuntimeError: not drawn") as caught:
        await graphs.look("agent", {}, {}, "drawing", see)
    assert "looked_at.py" in (caught.value.traceback or "")
    assert await graphs.look("agent", {}, {}, "drawing", lambda graph: "drawn") == "drawn"


BROKEN_TYPES = """
from langgraph.graph import StateGraph
from typing_extensions import TypedDict

class Own:
    @classmethod
    def __get_pydantic_core_schema__(cls, source, handler):
        raise RuntimeError("not today")

class Context(TypedDict):
    own: Own

def make():
    build = StateGraph(dict, context_schema=Context).add_node("n", lambda state: {})
    return build.add_edge("__start__", "n").compile()
"""


async def test_a_type_that_raises_costs_its_schema_and_is_noted(
    project: LoadProject, write_project: WriteProject
) -> None:
    graphs = _graphs(project, write_project, BROKEN_TYPES)
    seen = await graphs.look("agent", {}, {}, "schemas", lambda graph: schemas(graph, "agent", graphs.note))
    assert seen["context_schema"] is None
    assert seen["state_schema"] is not None
    assert "Graph 'agent' has no JSON schema of its config, context: not today" in graphs.notices
