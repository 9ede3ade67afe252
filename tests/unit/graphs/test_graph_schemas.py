"""Schemas and drawings are those of the real LangGraph server; recorded/record.py says how they were recorded."""

import json
from pathlib import Path
from typing import Any

import pytest

from playground.graphs.drawing import graph_json, subgraphs
from playground.graphs.schemas import schemas
from tests.unit.graphs.projects import PROJECTS, SAMPLES, LoadProject
from tests.unit.graphs.recorded.record import without_langchain

RECORDED = Path(__file__).parent / "recorded"


def recorded(name: str) -> dict[str, dict[str, Any]]:
    answers: dict[str, dict[str, Any]] = json.loads((RECORDED / f"{name}.json").read_text("utf-8"))
    return answers


@pytest.mark.parametrize(
    "folder", [SAMPLES, PROJECTS / "contexts", PROJECTS / "object_kinds"], ids=lambda path: path.name
)
async def test_everything_is_as_recorded(project: LoadProject, folder: Path) -> None:
    graphs, expected = project(folder), recorded(folder.name)
    assert expected.keys() == graphs.specs.keys()
    for graph_id, answers in expected.items():
        async with graphs.open(graph_id) as graph:
            assert without_langchain(schemas(graph, graph_id)) == answers["schemas"]
            assert graph_json(graph) == answers["graph"]
            assert graph_json(graph, xray=True) == answers["graph_xray"]
            assert without_langchain(subgraphs(graph)) == answers["subgraphs"]


async def test_a_subgraph_by_its_name(project: LoadProject) -> None:
    async with project("object_kinds").open("with_subgraph") as graph:
        assert list(subgraphs(graph, "inner")) == ["inner"]
        assert subgraphs(graph, "nowhere") == {}


async def test_a_schema_that_cannot_be_rendered_is_null(project: LoadProject, tmp_path: Path) -> None:
    code = """
from typing import Any, Callable
from langgraph.graph import START, StateGraph
from pydantic import BaseModel

class State(BaseModel):
    text: str = ""
    call: Callable[[], Any] | None = None

graph = StateGraph(State).add_node("answer", lambda state: {}).add_edge(START, "answer")
"""
    (tmp_path / "langgraph.json").write_text('{"graphs": {"agent": "./agent.py:graph"}}')
    (tmp_path / "agent.py").write_text(code)
    async with project(tmp_path).open("agent") as graph:
        found = schemas(graph, "agent")
    assert found["input_schema"] is None
    assert found["state_schema"]["properties"]["text"] == {"default": None, "title": "Text", "type": "string"}
    assert found["state_schema"]["properties"]["call"] == {"default": None, "title": "Call"}
