"""langgraph's stream → the events of the LangGraph API."""

from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

from playground.runs.encode import to_json
from playground.runs.events import Event
from playground.runs.state import checkpoint_ids

# Modes of the API that langgraph streams under another name or another call.
_PREGEL_MODES = {"messages-tuple": "messages"}


def pregel_modes(modes: Iterable[str]) -> list[str]:
    """The langgraph stream modes that serve the API's `modes`."""
    wanted = dict.fromkeys(_PREGEL_MODES.get(mode, mode) for mode in modes if mode != "events")
    return list(wanted) or ["values"]


async def api_events(
    graph: Any, graph_input: Any, config: Any, *, modes: list[str], subgraphs: bool, **options: Any
) -> AsyncIterator[tuple[Event, Any]]:
    """Run `graph` and yield its events, each with the root's values if it is such an event (else None)."""
    from playground.runs.messages import MessageStream, MessageTuples

    tuples = MessageTuples() if "messages-tuple" in modes else None  # wins over `messages` if both are asked for
    messages = MessageStream()
    async for part in _parts(graph, graph_input, config, modes=modes, subgraphs=subgraphs, **options):
        if isinstance(part, Event):
            yield part, None
            continue
        namespace, mode, chunk = part if subgraphs else ((), *part)
        suffix = "".join(f"|{name}" for name in namespace)
        if mode == "messages" and tuples:
            yield tuples.event(chunk[0], chunk[1], suffix), None
        elif mode == "messages":
            for event in messages.events(chunk[0], chunk[1]):
                yield event, None
        else:
            values = chunk if mode == "values" and not namespace else None
            yield Event(f"{mode}{suffix}", to_json(_public(mode, chunk))), values


async def _parts(
    graph: Any, graph_input: Any, config: Any, *, modes: list[str], **options: Any
) -> AsyncIterator[tuple[Any, ...] | Event]:
    """langgraph's own parts: (mode, chunk), with the namespace before them if subgraphs are streamed."""
    options["stream_mode"] = pregel_modes(modes)
    if "events" not in modes:
        async for part in graph.astream(graph_input, config, **options):
            yield part
        return
    root = str(config["run_id"])
    async for event in graph.astream_events(graph_input, config, version="v2", **options):
        if "langsmith:hidden" in event.get("tags", ()):
            continue
        if event["event"] != "on_chain_stream" or event["run_id"] != root:
            yield Event("events", to_json(event))
        elif len(modes) > 1:  # the graph's own stream is not an event, but where the other modes are
            yield event["data"]["chunk"]


def _public(mode: str, chunk: Any) -> Any:
    """A chunk without the runtime objects that langgraph keeps in a config."""
    if mode == "checkpoints":
        return {**chunk, **{key: public_config(chunk[key]) for key in ("config", "parent_config") if chunk.get(key)}}
    if mode == "debug" and chunk.get("type") == "checkpoint":
        return {**chunk, "payload": _debugged(_public("checkpoints", chunk["payload"]))}
    return chunk


def _debugged(payload: dict[str, Any]) -> dict[str, Any]:
    """A checkpoint as the `debug` mode shows it: checkpoints of its own, its parent and its subgraphs by their ids."""
    return {
        **payload,
        "checkpoint": checkpoint_ids(payload["config"]),
        "parent_checkpoint": checkpoint_ids(payload.get("parent_config")),
        "tasks": [_debugged_task(task) for task in payload["tasks"]],
    }


def _debugged_task(task: dict[str, Any]) -> dict[str, Any]:
    inner = (task.get("state") or {}).get("configurable")
    return {**{key: task[key] for key in task if key != "state"}, "checkpoint": inner} if inner else task


def public_config(config: Mapping[str, Any]) -> dict[str, Any]:
    """A runnable config with JSON values only."""
    configurable = {k: v for k, v in (config.get("configurable") or {}).items() if not k.startswith("__")}
    kept = {k: v for k, v in config.items() if k in ("tags", "metadata", "recursion_limit")}
    return {**kept, "configurable": configurable}
