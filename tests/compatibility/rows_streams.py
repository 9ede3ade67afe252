"""What the streams of both servers have in common, and where ours differs on purpose."""

import asyncio
from typing import Any

from tests.compatibility.differential import JSON, Rows, Side, listed, refused_somehow

rows = Rows()

UNKNOWN = "01a2039f-0000-7000-8000-000000000000"
RUN = {"input": {"foo": "a"}}
WORDS = {"messages": [{"role": "user", "content": "one two three", "id": "human"}]}
WEATHER = {"messages": [{"role": "user", "content": "weather in Paris", "id": "human"}]}
EVERY_MODE = ["values", "updates", "custom", "tasks", "checkpoints", "messages-tuple"]


# Every mode


@rows.same
async def values(side: Side) -> Any:
    return await side.run("subgraphs", **RUN)


@rows.same
async def no_mode_is_values(side: Side) -> Any:
    return await side.events("/runs/stream", {"assistant_id": "branches", "input": {"foo": "left"}, "stream_mode": []})


@rows.same
async def updates(side: Side) -> Any:
    return await side.run("fan_out", stream_mode="updates", **RUN)


@rows.same
async def custom(side: Side) -> Any:
    return await side.run("progress", stream_mode="custom", **RUN)


@rows.same
async def tasks(side: Side) -> Any:
    return await side.run("branches", stream_mode="tasks", **RUN)


@rows.same
async def checkpoints(side: Side) -> Any:
    return await side.run("branches", await side.thread(), stream_mode="checkpoints", **RUN)


@rows.same
async def debug(side: Side) -> Any:
    return await side.run("branches", await side.thread(), stream_mode="debug", **RUN)


@rows.same
async def debug_of_an_interrupt_and_its_subgraph(side: Side) -> Any:
    return await side.run("nested_ask", await side.thread(), stream_mode="debug", stream_subgraphs=True, **RUN)


@rows.same
async def events(side: Side) -> Any:
    return await side.run("tokens", stream_mode="events", input=WORDS)


@rows.same
async def events_together_with_others(side: Side) -> Any:
    found = await side.run("tokens", stream_mode=["events", "updates", "messages"], input=WORDS)
    return [name for name, _ in found], [data for name, data in found if name != "events"]


@rows.same
async def events_of_subgraphs_with_updates(side: Side) -> Any:
    found = await side.run("subgraphs", stream_mode=["events", "updates"], stream_subgraphs=True, **RUN)
    return [name for name, _ in found], [data for name, data in found if name != "events"]


@rows.same
async def messages(side: Side) -> Any:
    return await side.run("tokens", stream_mode="messages", input=WORDS)


@rows.same
async def messages_as_tuples(side: Side) -> Any:
    return await side.run("tokens", stream_mode="messages-tuple", input=WORDS)


@rows.same
async def messages_in_both_forms(side: Side) -> Any:
    return await side.run("tokens", stream_mode=["messages", "messages-tuple"], input=WORDS)


@rows.same
async def messages_that_were_not_streamed(side: Side) -> Any:
    modes: list[Any] = [["messages", "values"], "messages-tuple"]
    return await asyncio.gather(*(side.run("whole_message", stream_mode=mode, input=WORDS) for mode in modes))


@rows.same
async def messages_with_tool_calls(side: Side) -> Any:
    thread = await side.thread()
    found = await side.run("agent", thread, stream_mode="messages", input=WEATHER)
    return found, (await side.sdk.threads.get_state(thread))["values"]


@rows.same
async def messages_with_tool_calls_as_tuples(side: Side) -> Any:
    return await side.run("agent", stream_mode=["messages-tuple", "updates"], input=WEATHER)


@rows.same
async def messages_of_a_subgraph(side: Side) -> Any:
    return await asyncio.gather(
        side.run("nested_tokens", input=WORDS, stream_mode="messages", stream_subgraphs=True),
        side.run("nested_tokens", input=WORDS, stream_mode="messages-tuple", stream_subgraphs=True),
        side.run("nested_tokens", input=WORDS, stream_mode="messages-tuple"),
    )


@rows.same
async def every_mode_at_once(side: Side) -> Any:
    return await side.run("progress", await side.thread(), stream_mode=EVERY_MODE, **RUN)


@rows.same
async def subgraphs_in_every_mode(side: Side) -> Any:
    return await side.run("subgraphs", await side.thread(), stream_mode=EVERY_MODE, stream_subgraphs=True, **RUN)


@rows.same
async def every_mode_without_a_thread(side: Side) -> Any:
    return await side.run("ask", stream_mode=[*EVERY_MODE, "debug"], **RUN)


@rows.same
async def every_mode_of_a_functional_graph(side: Side) -> Any:
    return await side.run("functional", await side.thread(), input=[1, 2], stream_mode=EVERY_MODE)


@rows.same
async def a_mode_twice(side: Side) -> Any:
    return await side.run("branches", stream_mode=["updates", "updates"], **RUN)


@rows.same
async def an_unknown_mode_is_refused(side: Side) -> Any:
    body = {"assistant_id": "branches", "input": {}}
    found = [
        await refused_somehow(side.request("POST", "/runs/stream", {**body, "stream_mode": mode}))
        for mode in ("nope", ["values", "nope"], 1, ["tools"], ["lifecycle"])
    ]
    return [{key: answer[key] for key in ("status", "has a sentence")} for answer in found]


# Interrupts


@rows.same
async def an_interrupt_in_values_and_updates(side: Side) -> Any:
    return await side.run("ask", await side.thread(), stream_mode=["values", "updates"], **RUN)


@rows.same
async def an_interrupt_is_not_seen_in_other_modes(side: Side) -> Any:
    return await side.run("ask", await side.thread(), stream_mode=["custom", "messages"], **RUN)


@rows.same
async def interrupts_of_parallel_nodes(side: Side) -> Any:
    return await side.run("parallel", await side.thread(), stream_mode=["values", "updates", "tasks"], **RUN)


@rows.same
async def an_interrupt_in_a_subgraph(side: Side) -> Any:
    thread = await side.thread()
    first = await side.run("nested_ask", thread, stream_mode=["values", "updates"], stream_subgraphs=True, **RUN)
    answer = {"command": {"resume": "Ada"}, "stream_mode": ["values", "updates"], "stream_subgraphs": True}
    return first, await side.run("nested_ask", thread, **answer)


@rows.same
async def interrupted_before_and_after_nodes(side: Side) -> Any:
    thread = await side.thread()
    modes = ["values", "updates"]
    return [
        await side.run("subgraphs", thread, interrupt_before=["after", "nope"], stream_mode=modes, **RUN),
        (await side.sdk.threads.get(thread))["status"],
        await side.run("subgraphs", thread, input=None, interrupt_after=["after"], stream_mode=modes),
        await side.run("subgraphs", thread, input=None, stream_mode=modes),
        (await side.sdk.threads.get(thread))["status"],
    ]


@rows.same
async def interrupted_everywhere(side: Side) -> Any:
    thread = await side.thread()
    found = [await side.run("subgraphs", thread, interrupt_before="*", stream_mode="updates", **RUN)]
    found += [await side.run("subgraphs", thread, input=None, interrupt_after="*", stream_mode="updates")]
    return found, (await side.sdk.threads.get_state(thread))["next"]


# Errors


@rows.same
async def an_error_is_the_last_event(side: Side) -> Any:
    thread = await side.thread()
    found = await side.run("boom", thread, stream_mode=["updates", "tasks"], **RUN)
    return found, (await side.sdk.runs.list(thread))[0]["status"], (await side.sdk.threads.get(thread))["error"]


@rows.same
async def an_error_in_a_subgraph_of_events(side: Side) -> Any:
    found = await side.run("boom", stream_mode=["events", "updates"], stream_subgraphs=True, **RUN)
    return [name for name, _ in found], found[-1]


@rows.same
async def too_many_steps(side: Side) -> Any:
    return await side.run("subgraphs", stream_mode="updates", config={"recursion_limit": 1}, **RUN)


# What a client sees of the answer itself


@rows.same
async def the_headers_of_a_stream(side: Side) -> Any:
    thread = await side.thread()
    names = ("content-location", "location", "content-type", "cache-control", "x-accel-buffering")
    body = {"assistant_id": "branches", "input": {}}
    paths = (f"/threads/{thread}/runs/stream", "/runs/stream")
    answers = await asyncio.gather(*(side.request("POST", path, body, *names) for path in paths))
    return [[one["status"], one["headers"], one["body"].count("\r\n"), one["body"].count("\n")] for one in answers]


@rows.same
async def the_bytes_of_a_stream(side: Side) -> Any:
    body = {"assistant_id": "progress", "input": {}, "stream_mode": ["custom"]}
    return (await side.request("POST", "/runs/stream", body))["body"]


@rows.same
async def the_bytes_of_a_resumable_stream(side: Side) -> Any:
    body = {"assistant_id": "progress", "input": {}, "stream_mode": ["custom"], "stream_resumable": True}
    return (await side.request("POST", "/runs/stream", body))["body"]


# Joining and coming back


async def joined(side: Side, thread: str, run: str, **given: Any) -> Any:
    return await listed(side.sdk.runs.join_stream(thread, run, **given))


@rows.same
async def a_joined_run_streams_to_its_end(side: Side) -> Any:
    thread = await side.thread()
    run = await side.sdk.runs.create(thread, "steps", input={}, stream_mode=["updates", "values"])
    found = await joined(side, thread, run["run_id"])
    return [item for item in found if item[0] == "updates"][-1:]


@rows.same
async def a_finished_run_without_resuming_has_nothing_to_stream(side: Side) -> Any:
    thread = await side.thread()
    run = await side.sdk.runs.create(thread, "branches", input={})
    await side.sdk.runs.join(thread, run["run_id"])
    return [await joined(side, thread, run["run_id"], last_event_id=last) for last in (None, "0", "-1")]


@rows.same
async def a_resumable_run_is_replayed_after_its_end(side: Side) -> Any:
    thread = await side.thread()
    given: JSON = {"input": {}, "stream_mode": ["updates", "custom"], "stream_resumable": True}
    first = [part async for part in side.sdk.runs.stream(thread, "progress", **given)]
    run = (await side.sdk.runs.list(thread))[0]["run_id"]
    last = first[-1].id
    return [await joined(side, thread, run, last_event_id=seen) for seen in (None, "0", "-1", last)]


@rows.same
async def a_replay_of_some_modes(side: Side) -> Any:
    thread = await side.thread()
    modes: Any = ["updates", "messages-tuple", "values"]
    run = await side.sdk.runs.create(thread, "tokens", input=WORDS, stream_mode=modes, stream_resumable=True)
    await side.sdk.runs.join(thread, run["run_id"])
    chosen: list[Any] = ["updates", "messages-tuple", "messages", "values", "custom", "nope"]
    found = [await joined(side, thread, run["run_id"], last_event_id="-1", stream_mode=mode) for mode in chosen]
    listed_modes = {"stream_mode": '["updates","values"]'}
    found.append(await joined(side, thread, run["run_id"], last_event_id="-1", params=listed_modes))
    return [[name for name, _ in events] for events in found]


@rows.differs(
    "the mode `messages` is replayed like the others", ours=[["metadata", "messages/metadata", "messages/complete"]]
)
async def a_replay_of_messages(side: Side) -> Any:
    thread = await side.thread()
    run = await side.sdk.runs.create(
        thread, "whole_message", input=WORDS, stream_mode="messages", stream_resumable=True
    )
    await side.sdk.runs.join(thread, run["run_id"])
    found = await joined(side, thread, run["run_id"], last_event_id="-1")
    return [[name for name, _ in found]]


@rows.differs("several modes may be asked for one by one", ours=["updates", "values"])
async def a_replay_of_modes_as_the_sdk_sends_them(side: Side) -> Any:
    thread = await side.thread()
    given: JSON = {"stream_mode": ["updates", "values"], "stream_resumable": True}
    run = await side.sdk.runs.create(thread, "branches", input={}, **given)
    await side.sdk.runs.join(thread, run["run_id"])
    found = await joined(side, thread, run["run_id"], last_event_id="-1", stream_mode=["updates", "values"])
    return sorted({name for name, _ in found})


@rows.differs("an error is told, whatever modes are asked for", ours=["updates", "error"])
async def a_replay_of_some_modes_of_a_failed_run(side: Side) -> Any:
    thread = await side.thread()
    run = await side.sdk.runs.create(thread, "boom", input={}, stream_mode="updates", stream_resumable=True)
    await side.sdk.runs.join(thread, run["run_id"])
    found = await joined(side, thread, run["run_id"], last_event_id="-1", stream_mode="updates")
    return [name for name, _ in found]


@rows.differs("an unknown run is not found, here as elsewhere", ours=[404, {"detail": "Run not found"}])
async def the_stream_of_an_unknown_run(side: Side) -> Any:
    answer = await side.request("GET", f"/threads/{await side.thread()}/runs/{UNKNOWN}/stream")
    return [answer["status"], answer["body"]]


@rows.same
async def a_cancelled_run_just_ends_its_stream(side: Side) -> Any:
    thread = await side.thread()
    found = []
    async for part in side.sdk.runs.stream(thread, "slow", input={"foo": "long"}, stream_mode=["custom", "updates"]):
        found.append([part.event, part.data])
        if part.event == "custom":
            run = (await side.sdk.runs.list(thread))[0]
            await side.sdk.runs.cancel(thread, run["run_id"])
    return found, (await side.sdk.runs.list(thread))[0]["status"]
