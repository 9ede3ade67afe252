import asyncio
import json
import os
import subprocess
import sys
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.store.memory import InMemoryStore

from playground.graphs import loader
from playground.graphs.errors import GraphFailed, UnknownGraph
from playground.graphs.explaining import traceback_of
from playground.graphs.loader import Graphs, GraphStatus
from tests.unit.graphs.projects import LoadProject, WriteProject

GRAPH = """
from langgraph.graph import END, START, MessagesState, StateGraph
graph = StateGraph(MessagesState).add_node("answer", lambda state: {}).add_edge(START, "answer")
"""


async def steps(graphs: Graphs, graph_id: str, config: dict[str, Any] | None = None, **settings: Any) -> list[str]:
    """The nodes that a graph of object_kinds went through."""
    async with graphs.open(graph_id, config, **settings) as graph:
        result = await graph.ainvoke({"text": "go", "steps": []}, {"configurable": {"thread_id": graph_id}})
        return list(result["steps"])


async def test_every_kind_of_object_is_a_graph(project: LoadProject) -> None:
    graphs = project("object_kinds", checkpointer=InMemorySaver(), store=InMemoryStore())
    await graphs.load_all()
    assert {status.state for status in graphs.statuses()} == {"ready"}
    assert await steps(graphs, "compiled") == ["first", "second"]
    assert await steps(graphs, "uncompiled") == ["first", "second"]
    assert await steps(graphs, "module") == ["first", "second"]
    async with graphs.open("functional") as graph:
        assert await graph.ainvoke("hello", {"configurable": {"thread_id": "2"}}) == "HELLO"


@pytest.mark.parametrize("graph_id", ["factory_config", "factory_async", "factory_async_context", "factory_default"])
async def test_a_factory_is_called_with_the_configuration(project: LoadProject, graph_id: str) -> None:
    graphs = project("object_kinds")
    assert await steps(graphs, graph_id, {"configurable": {"nodes": 3}}) == ["node_0", "node_1", "node_2"]
    assert await steps(graphs, graph_id) == ["node_0", "node_1"]


async def test_a_factory_is_called_with_the_runtime(project: LoadProject) -> None:
    graphs = project("object_kinds", store=InMemoryStore())
    assert await steps(graphs, "factory_runtime") == ["reads", "assistants_read"]
    assert await steps(graphs, "factory_runtime", access="threads.create_run") == ["runs", "threads_create_run"]
    assert await steps(graphs, "factory_both", {"configurable": {"nodes": 1}}, access="threads.read") == [
        "node_0",
        "threads_read",
    ]


@pytest.mark.parametrize("graph_id", ["factory_context", "factory_async_context"])
async def test_a_context_manager_is_left_when_the_graph_is_done_with(project: LoadProject, graph_id: str) -> None:
    graphs = project("object_kinds")
    await graphs.load(graph_id)
    log = sys.modules["factories"].log
    log.clear()
    async with graphs.open(graph_id):
        assert log == ["enter"]
    assert log == ["enter", "exit"]
    with pytest.raises(RuntimeError, match="the run failed"):
        async with graphs.open(graph_id):
            raise RuntimeError("the run failed")
    assert log == ["enter", "exit"] * 2


async def test_the_context_of_a_run_has_the_type_that_the_factory_names(
    project: LoadProject, write_project: WriteProject
) -> None:
    code = """
from dataclasses import dataclass
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph_sdk.runtime import ServerRuntime

@dataclass
class Context:
    name: str = "nobody"

def make(runtime: ServerRuntime[Context]):
    node = runtime.execution_runtime.context.name if runtime.execution_runtime else "reading"
    return StateGraph(MessagesState).add_node(node, lambda state: {}).add_edge(START, node)
"""
    manifest = '{"graphs": {"agent": "./agent.py:make"}}'
    graphs = project(write_project({"langgraph.json": manifest, "agent.py": code}))
    async with graphs.open("agent", access="threads.create_run", context={"name": "Ada", "unknown": 1}) as graph:
        assert "Ada" in graph.nodes
    async with graphs.open("agent") as graph:
        assert "reading" in graph.nodes


BROKEN = {
    "import_error": "Importing ./import_error.py failed (import_error.py, line 1): ImportError: cannot import name",
    "missing_package": "needs the module 'langchain_no_such_provider': run `pip install langchain-no-such-provider`",
    "missing_submodule": "needs the module 'langgraph.no_such_module', which the installed langgraph doesn't have",
    "syntax_error": "SyntaxError in syntax_error.py, line 1: '(' was never closed",
    "raises": "Importing ./raises.py failed (raises.py, line 2): ConnectionError: no database at sqlite://nowhere",
    "exits": "./exits.py ends the program while it is imported (SystemExit: set API_KEY first)",
    "missing_attribute": "./works.py has no 'grahp'. Did you mean graph?",
    "missing_file": "There is no file ./work.py: did you mean works.py?",
    "missing_module": "There is no module 'no_such_module'",
    "relative_import": "uses a relative import, but is not in a package",
    "not_a_graph": "./values.py:number is a value of type int, not a graph",
    "class": "./values.py:Maker is the class Maker, not a graph",
    "runnable": "./values.py:runnable is a value of type RunnableLambda, not a graph",
    "three_parameters": "it takes 3 parameters (config, runtime, more)",
    "factory_raises": "The factory factory_raises failed (values.py, line 19): LookupError: no model is configured",
    "factory_exits": "The factory factory_exits ends the program (SystemExit: 3)",
    "factory_junk": "The factory factory_junk made a value of type dict, not a graph",
    "factory_generator": "Decorate it with @asynccontextmanager",
    "not_compilable": "not_compilable can't be compiled: ValueError: Found edge starting at unknown node 'a'",
    "no_attribute": "'./works.py' names no graph: write ./path/to/file.py:attribute or module:attribute",
    "javascript": "./agent.ts is not a Python file",
}


async def test_a_graph_that_fails_is_listed_alone(project: LoadProject) -> None:
    graphs = project("broken_graphs")
    await graphs.load_all()
    failed = {status.graph_id: status for status in graphs.statuses() if status.state == "failed"}
    assert failed.keys() == BROKEN.keys()
    for graph_id, sentence in BROKEN.items():
        assert sentence in (failed[graph_id].error or "")
        assert "\n" not in (failed[graph_id].error or "")
    async with graphs.open("works") as graph:
        assert (await graph.ainvoke({"messages": []}))["messages"][-1].content == "I work."


async def test_a_traceback_starts_in_the_users_code(project: LoadProject) -> None:
    graphs = project("broken_graphs")
    await graphs.load("raises")
    traceback = graphs.status("raises").traceback or ""
    assert traceback.splitlines()[1].strip().startswith("File ")
    assert 'raises.py", line 5' in traceback.splitlines()[1]
    assert traceback.rstrip().endswith("ConnectionError: no database at sqlite://nowhere")
    assert "importlib" not in traceback
    assert f"playground{os.sep}graphs" not in traceback


async def test_a_failed_graph_cannot_be_opened(project: LoadProject) -> None:
    graphs = project("broken_graphs")
    with pytest.raises(GraphFailed, match="no database") as caught:
        async with graphs.open("raises"):
            pass
    assert "raises.py" in (caught.value.traceback or "")


async def test_an_unknown_graph_lists_the_others(project: LoadProject) -> None:
    graphs = project("contexts")
    with pytest.raises(UnknownGraph, match=r"Graph 'nope' not found. Expected one of: \['config_schema', 'dataclass'"):
        graphs.status("nope")
    with pytest.raises(UnknownGraph):
        async with graphs.open("nope"):
            pass


async def test_a_factory_that_rejects_one_configuration_works_for_others(project: LoadProject) -> None:
    graphs = project("misbehaving")
    await graphs.load("rejects_config")
    with pytest.raises(GraphFailed, match="ValueError: there is no model 'huge'"):
        async with graphs.open("rejects_config", {"configurable": {"model": "huge"}}):
            pass
    assert graphs.status("rejects_config").state == "ready"
    async with graphs.open("rejects_config") as graph:
        assert "node" in graph.nodes


async def test_a_factory_that_only_works_configured_becomes_ready(
    project: LoadProject, write_project: WriteProject
) -> None:
    code = f"{GRAPH}\ndef make(config):\n    assert config['configurable']['user_id']\n    return graph\n"
    folder = write_project({"langgraph.json": '{"graphs": {"agent": "./agent.py:make"}}', "agent.py": code})
    seen: list[GraphStatus] = []
    graphs = project(folder, on_change=seen.append)
    await graphs.load("agent")
    assert graphs.status("agent").error == "The factory make failed (agent.py, line 6): KeyError: 'user_id'"
    async with graphs.open("agent", {"configurable": {"user_id": "7"}}):
        pass
    assert [(status.state, status.error is None) for status in seen] == [("failed", False), ("ready", True)]


async def test_own_persistence_is_replaced_with_a_notice(project: LoadProject) -> None:
    checkpointer, store = InMemorySaver(), InMemoryStore()
    graphs = project("own_persistence", checkpointer=lambda: checkpointer, store=lambda: store)
    await graphs.load_all()
    for graph_id in ("both", "factory", "switched_off"):
        async with graphs.open(graph_id) as graph:
            assert graph.checkpointer is checkpointer
            assert graph.store is store
    assert graphs.notices == (
        "Graph 'both' brings its own checkpointer and store: the playground uses its own instead.",
        "Graph 'factory' brings its own checkpointer: the playground uses its own instead.",
    )


@pytest.mark.parametrize(
    "name", ["src_layout", "imported_twice", "circular", "namespace", "dependency_folder", "odd_names", "other_keys"]
)
async def test_it_loads_without_being_installed(project: LoadProject, name: str) -> None:
    graphs = project(name)
    await graphs.load_all()
    assert [(status.state, status.error) for status in graphs.statuses()] == [("ready", None)] * len(graphs.specs)


async def test_a_module_is_imported_once(project: LoadProject) -> None:
    graphs = project("imported_twice")
    await graphs.load_all()
    async with graphs.open("agent") as agent, graphs.open("other") as other:
        assert agent.builder.state_schema is other.builder.state_schema  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "words"), [("env_file", "hello 7 two words # no comment"), ("env_object", "hello 7 true")]
)
async def test_variables_are_there_at_import(
    project: LoadProject, monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    monkeypatch.setenv("PROJECT_WORD", "overwritten")
    monkeypatch.setenv("PLAYGROUND_KEY", "ours")
    graphs = project(name)
    async with graphs.open("agent") as graph:
        assert (await graph.ainvoke({"messages": []}))["messages"][-1].content == words
    assert os.environ["PLAYGROUND_KEY"] == "ours"
    assert os.environ.get("LANGGRAPH_STRICT_MSGPACK") != "false"
    own = "PLAYGROUND_KEY" if name == "env_file" else "LANGGRAPH_STRICT_MSGPACK"
    assert graphs.notices == (f"Variables of `env` that can't be set here: {own}.",)


async def test_importing_leaves_the_loop_free(project: LoadProject) -> None:
    graphs = project("slow_import")
    ready = asyncio.Event()
    graphs.on_change = lambda status: ready.set()
    loading = asyncio.create_task(graphs.load("slow"))
    turns = 0
    while not ready.is_set():
        turns += 1
        await asyncio.sleep(0.01)
    await loading
    assert turns > 20  # of about 100 in the second of the import


async def test_an_import_that_takes_long_does_not_keep_the_others_waiting(
    project: LoadProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "PATIENCE", 0.05)
    order: list[str] = []
    graphs = project("slow_import", on_change=lambda status: order.append(status.graph_id))
    await graphs.load_all()
    assert order == ["quick", "slow"]


async def test_a_graph_is_imported_once_however_often_it_is_asked_for(
    project: LoadProject, write_project: WriteProject
) -> None:
    code = f"import builtins\nbuiltins.imports = getattr(builtins, 'imports', 0) + 1\n{GRAPH}"
    folder = write_project({"langgraph.json": '{"graphs": {"agent": "./agent.py:graph"}}', "agent.py": code})
    graphs = project(folder)
    try:
        await asyncio.gather(*(graphs.load("agent") for _ in range(5)), graphs.load_all())
        import builtins

        assert builtins.imports == 1  # type: ignore[attr-defined]
    finally:
        del builtins.imports  # type: ignore[attr-defined]


async def test_a_module_may_start_its_own_event_loop(project: LoadProject, write_project: WriteProject) -> None:
    run = "asyncio.run(asyncio.sleep(0))"
    code = f"import asyncio\n{run}\n{GRAPH}\ndef make():\n    {run}\n    return graph"
    folder = write_project({"langgraph.json": '{"graphs": {"agent": "./agent.py:make"}}', "agent.py": code})
    graphs = project(folder)
    await graphs.load("agent")
    assert graphs.status("agent").error is None


async def test_a_factory_may_need_the_running_loop(project: LoadProject, write_project: WriteProject) -> None:
    code = f"import asyncio\n{GRAPH}\ndef make():\n    asyncio.get_running_loop()\n    return graph"
    folder = write_project({"langgraph.json": '{"graphs": {"agent": "./agent.py:make"}}', "agent.py": code})
    graphs = project(folder)
    await graphs.load("agent")
    assert graphs.status("agent").error is None


async def test_an_own_package_that_is_not_installed_is_named(project: LoadProject, write_project: WriteProject) -> None:
    files = {
        "langgraph.json": '{"graphs": {"agent": "./agent.py:graph"}}',
        "agent.py": "from my_bot.graph import graph",
        "src/my_bot/__init__.py": "",
        "src/my_bot/graph.py": GRAPH,
    }
    graphs = project(write_project(files))
    await graphs.load("agent")
    error = graphs.status("agent").error or ""
    assert error.startswith("The project's own package 'my_bot' is not installed: run `pip install -e .` in ")


async def test_a_package_that_fails_says_where(project: LoadProject, write_project: WriteProject) -> None:
    files = {
        "langgraph.json": '{"graphs": {"agent": "./bot/graph.py:graph"}}',
        "bot/__init__.py": "raise SystemExit('not today')",
        "bot/graph.py": GRAPH,
    }
    graphs = project(write_project(files))
    await graphs.load("agent")
    assert graphs.status("agent").error == (
        "./bot/graph.py ends the program while it is imported (SystemExit: not today)."
    )


async def test_a_file_may_have_the_name_of_a_library(project: LoadProject, write_project: WriteProject) -> None:
    files = {"langgraph.json": '{"graphs": {"agent": "./json.py:graph"}}', "json.py": GRAPH}
    graphs = project(write_project(files))
    await graphs.load("agent")
    assert graphs.status("agent").error is None
    assert sys.modules["json"] is json


async def test_status_says_file_and_description(project: LoadProject) -> None:
    graphs = project("object_kinds")
    status = graphs.status("uncompiled")
    assert (status.state, status.description) == ("loading", "A StateGraph that nobody has compiled.")
    assert status.source is not None
    assert status.source.endswith("graphs.py")
    assert graphs.status("module").source is None
    await graphs.load("module")
    assert graphs.status("module").source == status.source


def test_nothing_heavy_is_imported_before_a_graph_is() -> None:
    code = (
        "import sys, playground.graphs.loader as loader\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('langgraph', 'langchain_core')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_a_traceback_of_a_run_starts_in_the_node(project: LoadProject) -> None:
    async with project("misbehaving").open("raises") as graph:
        with pytest.raises(RuntimeError) as caught:
            await graph.ainvoke({"messages": []})
    frames = caught.value.__traceback__
    assert frames is not None
    error = caught.value.with_traceback(frames.tb_next)  # without this test, which is nobody's code in a server
    lines = traceback_of(error).splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert "misbehaving" in lines[1]
    assert lines[1].endswith("in _raise")
    assert "RuntimeError: boom [/bold]" in lines
