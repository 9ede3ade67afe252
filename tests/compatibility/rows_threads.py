"""What the threads of both servers have in common, and where ours differs on purpose."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable
from contextlib import aclosing
from typing import Any
from uuid import uuid4

from tests.compatibility.differential import JSON, Rows, Side, refused, refused_somehow

rows = Rows()

_PLACE = re.compile("checkpoint_|langgraph_")
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def thread(row: JSON) -> JSON:
    """A thread without `config`, which sticks on the real server, and with the keys it lacks before the first run."""
    return {"error": None, "interrupts": {}, "values": None} | {key: row[key] for key in row if key != "config"}


def placed(written: JSON) -> JSON:
    """What an update answers, without the keys that a checkpoint hasn't."""
    kept = ("thread_id", "checkpoint_ns", "checkpoint_id")
    return {
        **written,
        **{name: {key: written[name][key] for key in kept} for name in ("checkpoint", "configurable")},
    }


def written(state: Any) -> JSON:
    """A state without what the real server writes into its metadata of where it ran: see the row about that."""
    metadata = {key: value for key, value in state["metadata"].items() if not _PLACE.match(key)}
    tasks = [task | {"state": task["state"] and written(task["state"])} for task in state["tasks"]]
    return {**state, "metadata": metadata, "tasks": tasks}


def by_name(state: Any) -> JSON:
    """A state with its tasks and interrupts in an order of their own: ids of tasks that ran together are random."""
    tasks = sorted(state["tasks"], key=lambda task: (task["name"], str(task["result"])))
    return {**state, "tasks": tasks, "interrupts": sorted(state["interrupts"], key=lambda found: str(found["value"]))}


async def ran(side: Side, graph: str, given: Any = None, **metadata: Any) -> str:
    """A thread on which the graph ran once."""
    thread_id = await side.thread(metadata=metadata)
    await side.sdk.runs.wait(thread_id, graph, input={"foo": "a"} if given is None else given, raise_error=False)
    return thread_id


async def marked(side: Side, *metadata: JSON) -> list[str]:
    """Threads of this scenario, one for each metadata."""
    return [await side.thread(metadata={"mark": side.mark, **more}) for more in metadata]


# Create


@rows.same
async def create_answers_a_whole_thread(side: Side) -> Any:
    answer = await side.request("POST", "/threads", {"metadata": {"a": {"b": [1, None]}}})
    return {**answer, "body": thread(answer["body"])}


@rows.differs("a thread has the same fields before and after its first run", ours=["config", "error", "interrupts"])
async def fields_of_a_fresh_thread(side: Side) -> Any:
    made = (await side.request("POST", "/threads", {}))["body"]
    return [key for key in ("config", "error", "interrupts") if key in made]


@rows.same
async def create_twice_conflicts(side: Side) -> Any:
    thread_id = await side.thread(thread_id=str(uuid4()), metadata={"n": 1})
    again = await refused(side.sdk.threads.create(thread_id=thread_id))
    kept = await side.sdk.threads.create(thread_id=thread_id, metadata={"n": 2}, if_exists="do_nothing")
    return [again, thread(kept)]


@rows.same
async def create_with_a_graph(side: Side) -> Any:
    made = await side.sdk.threads.create(graph_id="no_context", metadata={"m": 1})
    state = await side.sdk.threads.get_state(made["thread_id"])
    return [thread(made), state["values"], state["next"], state["tasks"]]


@rows.same
async def reserved_metadata_is_stripped(side: Side) -> Any:
    reserved = {"thread_id": "x", "assistant_id": "x", "run_id": "x", "cron_id": "x", "kept": True}
    made = await side.sdk.threads.create(metadata=reserved)
    changed = await side.sdk.threads.update(made["thread_id"], metadata=reserved | {"new": 1})
    return [made["metadata"], changed["metadata"]]


@rows.same
async def what_create_refuses(side: Side) -> Any:
    bodies = [
        *({"thread_id": "nope"}, {"thread_id": 1}, {"metadata": []}, {"metadata": None}, {"if_exists": "maybe"}),
        *({"ttl": {"strategy": "sometime", "ttl": 1}}, {"ttl": {"ttl": "soon"}}, {"ttl": 5}),
        *({"supersteps": {}}, {"supersteps": [{}]}, {"supersteps": [{"updates": [{"values": {}}]}]}, []),
    ]
    return [await refused_somehow(side.request("POST", "/threads", body)) for body in bodies]


SUPERSTEPS = [
    {"updates": [{"values": {"foo": "given", "out": []}, "as_node": "__input__"}]},
    {"updates": [{"values": {"foo": "a", "out": [1]}, "as_node": "step_1"}]},
    {"updates": [{"values": {"out": [2]}, "as_node": "step_2"}]},
]


async def stepped(side: Side) -> str:
    """A thread with a state and a history, faster than a run makes them."""
    return await side.thread(supersteps=SUPERSTEPS, graph_id="steps")


@rows.same
async def supersteps_make_a_history(side: Side) -> Any:
    thread_id = await side.thread(supersteps=SUPERSTEPS, graph_id="steps")
    history = await side.sdk.threads.get_history(thread_id)
    return [thread(await side.sdk.threads.get(thread_id)), [written(state) for state in history]]


@rows.same
async def supersteps_may_stop_in_the_middle(side: Side) -> Any:
    made = await side.sdk.threads.create(supersteps=SUPERSTEPS[:2], graph_id="steps")
    state = await side.sdk.threads.get_state(made["thread_id"])
    return [made["status"], state["next"], state["values"]]


@rows.same
async def supersteps_take_commands(side: Side) -> Any:
    command = {"values": None, "command": {"update": {"out": ["c"]}, "goto": "step_2"}, "as_node": "step_1"}
    thread_id = await side.thread(supersteps=[SUPERSTEPS[0], {"updates": [command]}], graph_id="steps")
    state = await side.sdk.threads.get_state(thread_id)
    return written(state)


@rows.differs("when all that a node waits for has written, it is next", ours=["fin"])
async def supersteps_with_parallel_updates(side: Side) -> Any:
    both = {"updates": [{"values": {"out": ["l"]}, "as_node": "left"}, {"values": {"out": ["r"]}, "as_node": "right"}]}
    first = {"updates": [{"values": {"foo": "x"}, "as_node": "__input__"}]}
    thread_id = await side.thread(supersteps=[first, both], graph_id="parallel")
    return (await side.sdk.threads.get_state(thread_id))["next"]


async def failed_supersteps(side: Side, body: JSON) -> Any:
    thread_id = str(uuid4())
    made = await side.request("POST", "/threads", {"thread_id": thread_id, **body})
    return {"status": made["status"], "thread": (await side.request("GET", f"/threads/{thread_id}"))["status"]}


@rows.differs(
    "a thread whose supersteps fail is not made, and that is an error: the real server says 201 and keeps half of it",
    ours=[{"status": 400, "thread": 404}, {"status": 400, "thread": 404}, {"status": 404, "thread": 404}],
)
async def supersteps_that_fail(side: Side) -> Any:
    nowhere = [*SUPERSTEPS[:1], {"updates": [{"values": {}, "as_node": "nowhere"}]}]
    return [
        await failed_supersteps(side, {"supersteps": SUPERSTEPS}),
        await failed_supersteps(side, {"supersteps": nowhere, "metadata": {"graph_id": "steps"}}),
        await failed_supersteps(side, {"supersteps": SUPERSTEPS, "metadata": {"graph_id": "no such graph"}}),
    ]


@rows.differs("do_nothing does nothing: the real server applies the supersteps to the thread that is there", ours=None)
async def supersteps_for_a_thread_that_is_there(side: Side) -> Any:
    thread_id = await side.thread(graph_id="steps")
    given: Any = {"graph_id": "steps", "supersteps": SUPERSTEPS}
    return (await side.sdk.threads.create(thread_id=thread_id, if_exists="do_nothing", **given))["values"]


# Get, update, delete


@rows.same
async def get_of_what_there_is_not(side: Side) -> Any:
    return [
        await side.request("GET", f"/threads/{UNKNOWN}"),
        await side.request("GET", "/threads/nope"),
        await side.request("GET", "/threads/..%2f..%2fetc"),
    ]


@rows.same
async def update_merges_metadata(side: Side) -> Any:
    thread_id = await side.thread(metadata={"a": 1, "nest": {"x": 1}})
    changed = await side.sdk.threads.update(thread_id, metadata={"b": None, "nest": {"y": 2}})
    same = await side.request("PATCH", f"/threads/{thread_id}", {})
    return [thread(changed), {**same, "body": thread(same["body"])}, changed["updated_at"] > changed["created_at"]]


@rows.same
async def update_with_a_minimal_answer(side: Side) -> Any:
    thread_id = await side.thread()
    minimal = {"Prefer": "return=minimal"}
    answer = await side.request("PATCH", f"/threads/{thread_id}", {"metadata": {"a": 1}}, headers=minimal)
    return [answer, (await side.sdk.threads.get(thread_id))["metadata"]]


@rows.same
async def what_update_refuses(side: Side) -> Any:
    path = f"/threads/{await side.thread()}"
    return [
        await refused_somehow(side.request("PATCH", f"/threads/{UNKNOWN}", {"metadata": {}})),
        await refused_somehow(side.request("PATCH", "/threads/nope", {})),
        await refused_somehow(side.request("PATCH", path, {"metadata": None})),
        await refused_somehow(side.request("PATCH", path, {"metadata": "text"})),
        await refused_somehow(side.request("PATCH", path, {"ttl": {"strategy": "nope"}})),
    ]


@rows.same
async def delete_takes_runs_and_checkpoints_along(side: Side) -> Any:
    thread_id = await ran(side, "no_context")
    run = (await side.sdk.runs.list(thread_id))[0]["run_id"]
    answers = [await side.request("DELETE", f"/threads/{thread_id}") for _ in range(2)]
    left = [await side.request("GET", f"/threads/{thread_id}{rest}") for rest in ("", "/state", "/history")]
    await side.thread(thread_id=thread_id)
    again = await side.sdk.threads.get_state(thread_id)
    return [answers, left, again["values"], (await side.request("GET", f"/threads/{thread_id}/runs/{run}"))["status"]]


@rows.same
async def delete_while_a_run_is_going_on(side: Side) -> Any:
    thread_id = await side.thread()
    await side.sdk.runs.create(thread_id, "slow", input={"foo": "long"})
    answer = await side.request("DELETE", f"/threads/{thread_id}")
    return [answer, (await side.request("GET", f"/threads/{thread_id}"))["status"]]


# Copy, prune


@rows.same
async def copy_has_the_whole_history(side: Side) -> Any:
    source = await ran(side, "steps", topic="tea")
    copied = await side.sdk.threads.copy(source)
    target = copied["thread_id"]
    here, there = [await side.sdk.threads.get_history(id) for id in (source, target)]
    ids = [[state["checkpoint"]["checkpoint_id"] for state in states] for states in (here, there)]
    shown = {key: copied[key] for key in ("metadata", "status", "created_at", "state_updated_at")}
    return [shown, ids[0] == ids[1], there, target != source, await side.sdk.runs.list(target)]


@rows.same
async def a_copy_goes_its_own_way(side: Side) -> Any:
    source = await ran(side, "progress")
    target = (await side.sdk.threads.copy(source))["thread_id"]
    await side.sdk.threads.update_state(target, {"out": ["copy"]})
    await side.sdk.threads.delete(source)
    return (await side.sdk.threads.get_state(target))["values"]


@rows.same
async def a_copy_of_an_interrupted_thread_can_be_resumed(side: Side) -> Any:
    source = await ran(side, "ask")
    target = (await side.sdk.threads.copy(source))["thread_id"]
    state = await side.sdk.threads.get_state(target)
    resumed = await side.sdk.runs.wait(target, "ask", command={"resume": "Ann"})
    return [state["next"], state["interrupts"], resumed, (await side.sdk.threads.get(source))["status"]]


@rows.differs(
    "a copy has its source's values, status and interrupts at once, as its state has them",
    ours={"status": "interrupted", "values": {"foo": "a", "out": []}, "waits": 1},
)
async def row_of_a_copy(side: Side) -> Any:
    copied = await side.sdk.threads.copy(await ran(side, "ask"))
    found: Any = await side.sdk.threads.get(copied["thread_id"])
    return {"status": found["status"], "values": found.get("values"), "waits": len(found.get("interrupts", {}))}


@rows.differs("a thread that isn't there is not found: 409 would mean that it changed", ours=[404, 422])
async def copy_of_what_there_is_not(side: Side) -> Any:
    ids = (UNKNOWN, "nope")
    return [(await side.request("POST", f"/threads/{id}/copy"))["status"] for id in ids]


@rows.same
async def prune_deletes_threads(side: Side) -> Any:
    ids = [*(await marked(side, {}, {})), await ran(side, "no_context")]
    pruned = await side.sdk.threads.prune([*ids[1:], UNKNOWN])
    return [pruned, [(await side.request("GET", f"/threads/{id}"))["status"] for id in ids]]


@rows.same
async def what_prune_refuses(side: Side) -> Any:
    bodies: list[Any] = [
        *({}, {"thread_ids": ["nope"]}, {"thread_ids": "x"}, {"thread_ids": [UNKNOWN], "strategy": "some"}),
        {"thread_ids": []},
    ]
    return [await refused_somehow(side.request("POST", "/threads/prune", body)) for body in bodies]


@rows.differs(
    "keep_latest works: the state stays, its history goes",
    ours=[{"pruned_count": 1}, 1, {"foo": "a", "out": [1, 2]}, "success"],
)
async def prune_to_the_latest_state(side: Side) -> Any:
    thread_id = await ran(side, "steps")
    pruned = await refused(side.sdk.threads.prune([thread_id], strategy="keep_latest"))
    left = await side.sdk.threads.get_history(thread_id)
    return [pruned, len(left), left[0]["values"], (await side.sdk.runs.list(thread_id))[0]["status"]]


# Search, count


@rows.same
async def search_by_metadata(side: Side) -> Any:
    await marked(side, {"n": 1, "deep": {"a": 1, "b": [1, 2]}}, {"n": 2, "deep": {"a": 1}}, {"n": 3})
    filters: list[JSON] = [
        *({}, {"n": 1}, {"deep": {"a": 1}}, {"deep": {"b": [1, 2]}}, {"deep": {}}, {"n": 3}, {"none": None}),
        {"deep": {"b": [1]}},
    ]
    found = [await side.sdk.threads.search(metadata={"mark": side.mark, **given}) for given in filters]
    counts = [await side.sdk.threads.count(metadata={"mark": side.mark, **given}) for given in filters]
    return [[[row["metadata"]["n"] for row in rows] for rows in found], counts]


@rows.same
async def search_pages(side: Side) -> Any:
    await marked(side, {"n": 0}, {"n": 1}, {"n": 2})
    headers = ("X-Pagination-Total", "X-Pagination-Next")
    answers = []
    for page in ({"limit": 2}, {"limit": 2, "offset": 2}, {"limit": 3}, {"offset": 9}, {}):
        body = {"metadata": {"mark": side.mark}, **page}
        answer = await side.request("POST", "/threads/search", body, *headers)
        answers.append([answer["headers"], [row["metadata"]["n"] for row in answer["body"]]])
    return answers


@rows.same
async def search_in_order(side: Side) -> Any:
    ids = await marked(side, {"n": 0}, {"n": 1}, {"n": 2})
    await side.sdk.threads.update(ids[0], metadata={"changed": True})
    orders = [
        *({}, {"sort_by": "created_at"}, {"sort_by": "created_at", "sort_order": "asc"}, {"sort_by": "updated_at"}),
        {"sort_by": "state_updated_at"},
    ]
    found = [await side.sdk.threads.search(metadata={"mark": side.mark}, **order) for order in orders]
    return [[row["metadata"]["n"] for row in rows] for rows in found]


@rows.differs("an order without a field is that of the field it is sorted by anyway", ours=[1, 2, 0])
async def search_in_ascending_order_of_nothing(side: Side) -> Any:
    ids = await marked(side, {"n": 0}, {"n": 1}, {"n": 2})
    await side.sdk.threads.update(ids[0], metadata={"changed": True})
    rows_found = await side.sdk.threads.search(metadata={"mark": side.mark}, sort_order="asc")
    return [row["metadata"]["n"] for row in rows_found]  # type: ignore[index]


@rows.differs("in JSON, true is not 1", ours=1)
async def search_by_a_number(side: Side) -> Any:
    await marked(side, {"n": True}, {"n": 1})
    return await side.sdk.threads.count(metadata={"mark": side.mark, "n": 1})


@rows.same
async def search_by_status_and_ids(side: Side) -> Any:
    ids = [*await marked(side, {"n": 0}), await ran(side, "ask", mark=side.mark, n=1)]
    ids.append(await ran(side, "boom", mark=side.mark, n=2))
    mine = {"mark": side.mark}
    by_status = {
        status: [row["metadata"]["n"] for row in await side.sdk.threads.search(metadata=mine, status=status)]
        for status in ("idle", "busy", "interrupted", "error")
    }
    by_id = await side.sdk.threads.search(ids=[*ids[:2], UNKNOWN])
    counted = await side.sdk.threads.count(metadata=mine, status="error")
    none = await side.request("POST", "/threads/search", {"ids": [], "metadata": mine})
    return [by_status, [row["metadata"]["n"] for row in by_id], counted, len(none["body"])]


@rows.same
async def search_selects_fields(side: Side) -> Any:
    await ran(side, "ask", mark=side.mark)
    mine = {"mark": side.mark}
    every = ["thread_id", "created_at", "updated_at", "state_updated_at", "metadata", "status", "values", "interrupts"]
    answers = [await side.sdk.threads.search(metadata=mine, select=select) for select in ([], ["status"], every)]  # type: ignore[arg-type]
    return [[thread(row) if "config" in row else row for row in rows] for rows in answers]


@rows.same
async def search_extracts(side: Side) -> Any:
    await ran(side, "ask", {"foo": "a", "out": [{"x": 1}, {"x": [2, 3]}]}, mark=side.mark, deep={"a": [10, 20]})
    paths = {
        **{"foo": "values.foo", "first": "values.out[0]", "last": "values.out[-1].x[1]", "gone": "values.out[9].x"},
        **{"deep": "metadata.deep.a[1]", "nothing": "values.nope.x", "all": "values"},
    }
    mine = {"mark": side.mark}
    whole = await side.sdk.threads.search(metadata=mine, extract=paths)
    short = await side.sdk.threads.search(metadata=mine, extract={"foo": "values.foo"}, select=["status"])
    return [whole[0]["extracted"], short]  # type: ignore[typeddict-item]


@rows.same
async def what_search_refuses(side: Side) -> Any:
    bodies: list[Any] = [
        *({"limit": 0}, {"limit": 1001}, {"offset": -1}, {"sort_by": "metadata"}, {"sort_order": "up"}),
        *({"status": "tired"}, {"metadata": []}, {"values": 1}, {"ids": ["nope"]}, {"select": ["nope"]}),
        *({"extract": {"status": "values.x"}}, {"extract": {"a-b": "values.x"}}, {"extract": {"a": "status"}}),
        *({"extract": {"a": ""}}, {"extract": {f"a{n}": "values" for n in range(11)}}, {"extract": {"a": 1}}),
    ]
    return [await refused_somehow(side.request("POST", "/threads/search", body)) for body in bodies]


@rows.same
async def what_count_refuses(side: Side) -> Any:
    bodies: list[Any] = [{"status": "tired"}, {"metadata": 1}, {"values": []}, []]
    return [await refused_somehow(side.request("POST", "/threads/count", body)) for body in bodies]


@rows.same
async def search_by_values(side: Side) -> Any:
    await ran(side, "progress", {"foo": "x", "out": ["y"]}, mark=side.mark, n=1)
    mine = {"mark": side.mark, "n": 1}
    filters: list[JSON] = [{"foo": "x"}, {"foo": "y"}, {"out": ["y", "done"]}, {"nope": 1}]
    found = [await side.sdk.threads.search(metadata=mine, values=values) for values in filters]
    counts = [await side.sdk.threads.count(metadata=mine, values=values) for values in filters]
    return [[len(rows) for rows in found], counts]


@rows.differs("a thread without values just doesn't have them", ours={"status": 200, "body": []})
async def search_by_values_among_threads_without(side: Side) -> Any:
    await marked(side, {"n": 1})
    return await side.request("POST", "/threads/search", {"metadata": {"mark": side.mark}, "values": {"foo": "x"}})


# State


@rows.same
async def a_thread_after_a_run(side: Side) -> Any:
    return thread(await side.sdk.threads.get(await ran(side, "steps", topic="tea")))


@rows.same
async def values_of_a_thread_leave_nothing_out(side: Side) -> Any:
    graphs: dict[str, Any] = {"ask": {"foo": "a"}, "pydantic_state": {"count": 1}, "split": {"foo": "a"}}
    graphs |= {"functional": [1, 2], "tokens": {"messages": [{"role": "user", "content": "hi", "id": "1"}]}}
    found = await asyncio.gather(*(ran(side, graph, given) for graph, given in graphs.items()))
    return [(await side.sdk.threads.get(id))["values"] for id in found]


@rows.same
async def state_after_a_run(side: Side) -> Any:
    return await side.sdk.threads.get_state(await ran(side, "steps", topic="tea"))


@rows.same
async def state_of_an_interrupted_thread(side: Side) -> Any:
    thread_id = await ran(side, "ask")
    return [await side.sdk.threads.get_state(thread_id), thread(await side.sdk.threads.get(thread_id))]


@rows.same
async def state_of_parallel_interrupts(side: Side) -> Any:
    thread_id = await ran(side, "parallel")
    state, row = await side.sdk.threads.get_state(thread_id), await side.sdk.threads.get(thread_id)
    return [by_name(state), sorted(found[0]["value"] for found in row["interrupts"].values()), row["status"]]


@rows.same
async def state_of_a_nested_interrupt(side: Side) -> Any:
    thread_id = await ran(side, "nested_ask")
    without = await side.sdk.threads.get_state(thread_id)
    inside = await side.sdk.threads.get_state(thread_id, subgraphs=True)
    return [without, written(inside), thread(await side.sdk.threads.get(thread_id))]


@rows.differs(
    "metadata doesn't repeat where a subgraph's checkpoint is: its namespace says it",
    ours=[["graph_id", "parents", "source", "step", "thread_id"], []],
)
async def places_in_metadata(side: Side) -> Any:
    thread_id = await ran(side, "nested_ask")
    state = await side.sdk.threads.get_state(thread_id, subgraphs=True)
    inside: Any = state["tasks"][0]["state"]
    await side.sdk.threads.update_state(thread_id, {"foo": "b"}, as_node="fin")
    updated = (await side.sdk.threads.get_state(thread_id))["metadata"]
    return [sorted(updated or {}), [key for key in ("checkpoint_ns", "langgraph_node") if key in inside["metadata"]]]


@rows.same
async def state_of_a_subgraph_by_its_namespace(side: Side) -> Any:
    thread_id = await ran(side, "nested_ask")
    state = await side.sdk.threads.get_state(thread_id)
    return written(await side.sdk.threads.get_state(thread_id, checkpoint=state["tasks"][0]["checkpoint"]))


@rows.same
async def state_of_a_subgraph_at_its_checkpoint(side: Side) -> Any:
    thread_id = await ran(side, "nested_ask")
    state = await side.sdk.threads.get_state(thread_id, subgraphs=True)
    inner: Any = state["tasks"][0]["state"]
    return written(await side.sdk.threads.get_state(thread_id, checkpoint=inner["checkpoint"]))


@rows.same
async def states_of_unknown_subgraphs(side: Side) -> Any:
    thread_id = await ran(side, "nested_ask")
    places = [{"checkpoint": {"checkpoint_ns": ns}} for ns in ("nowhere:1", "nowhere", "sub:1")]
    return [
        await side.request("POST", f"/threads/{thread_id}/{path}", place)
        for path in ("state/checkpoint", "history")
        for place in places
    ]


@rows.same
async def state_after_an_error(side: Side) -> Any:
    thread_id = await ran(side, "boom")
    state, row = await side.sdk.threads.get_state(thread_id), thread(await side.sdk.threads.get(thread_id))
    return [state, row]


@rows.same
async def state_of_a_functional_graph(side: Side) -> Any:
    return await side.sdk.threads.get_state(await ran(side, "functional", [1, 2]))


@rows.same
async def state_of_messages(side: Side) -> Any:
    thread_id = await ran(side, "tokens", {"messages": [{"role": "user", "content": "hi there", "id": "1"}]})
    return [(await side.sdk.threads.get_state(thread_id))["values"], (await side.sdk.threads.get(thread_id))["values"]]


@rows.same
async def state_of_a_fresh_thread(side: Side) -> Any:
    thread_id = await side.thread()
    return await side.sdk.threads.get_state(thread_id), await side.sdk.threads.get_state(thread_id, subgraphs=True)


@rows.same
async def state_at_every_checkpoint(side: Side) -> Any:
    thread_id = await ran(side, "steps")
    history = await side.sdk.threads.get_history(thread_id)
    ids = [state["checkpoint"]["checkpoint_id"] for state in history]
    by_id = [await side.sdk.threads.get_state(thread_id, checkpoint_id=id) for id in ids]  # type: ignore[arg-type]
    by_config = [await side.sdk.threads.get_state(thread_id, checkpoint=state["checkpoint"]) for state in history]
    return [[state | {"checkpoint": None} for state in by_id], by_config]  # type: ignore[operator]


@rows.differs("a state names its checkpoint's namespace however it was asked for", ours=True)
async def checkpoint_of_a_state_by_its_id(side: Side) -> Any:
    thread_id = await stepped(side)
    head = await side.sdk.threads.get_state(thread_id)
    by_id = await side.sdk.threads.get_state(thread_id, checkpoint_id=head["checkpoint"]["checkpoint_id"])
    return by_id["checkpoint"] == head["checkpoint"]


@rows.same
async def state_of_what_there_is_not(side: Side) -> Any:
    thread_id = await side.thread()
    unknown = (f"/threads/{UNKNOWN}/state", f"/threads/{UNKNOWN}/state/{UNKNOWN}", "/threads/nope/state")
    bodies: list[Any] = [{}, {"checkpoint": None}, {"checkpoint": "x"}, {"checkpoint": {"checkpoint_id": 1}}]
    return [
        [await side.request("GET", path) for path in unknown],
        [
            await refused_somehow(side.request("POST", f"/threads/{thread_id}/state/checkpoint", body))
            for body in bodies
        ],
    ]


@rows.same
async def state_of_an_unknown_graph(side: Side) -> Any:
    thread_id = await side.thread(graph_id="no such graph")
    return [
        (await side.request(method, f"/threads/{thread_id}/{path}", json))["status"]
        for method, path, json in (("GET", "state", None), ("GET", "history", None), ("POST", "state", {"values": {}}))
    ]


@rows.differs("a checkpoint that isn't there is not found, instead of an empty state", ours=[404, 404, 404])
async def unknown_checkpoints(side: Side) -> Any:
    path = f"/threads/{await stepped(side)}/state"
    named = {"checkpoint": {"checkpoint_id": UNKNOWN}}
    asked = [("GET", f"{path}/{UNKNOWN}", None), ("GET", f"{path}/nope", None), ("POST", f"{path}/checkpoint", named)]
    return [(await side.request(*one))["status"] for one in asked]


@rows.differs("a fork of a checkpoint that isn't there is refused: it would hide all there is", ours=[404, "a"])
async def updates_of_unknown_checkpoints(side: Side) -> Any:
    thread_id = await stepped(side)
    body = {"values": {"out": ["x"]}, "as_node": "step_2", "checkpoint_id": UNKNOWN}
    answer = await side.request("POST", f"/threads/{thread_id}/state", body)
    return [answer["status"], (await side.sdk.threads.get_state(thread_id))["values"].get("foo")]  # type: ignore[union-attr]


@rows.differs(
    "the SDK can select fields of a state: the real server sends all of it",
    ours=[["next", "values"], ["foo"], ["values"], [["metadata"]]],
)
async def selected_fields_of_a_state(side: Side) -> Any:
    thread_id = await stepped(side)
    state = await side.sdk.threads.get_state(thread_id, select=["values.foo", "next"])
    at = {
        "checkpoint_id": state.get("checkpoint_id")
        or (await side.sdk.threads.get_state(thread_id))["checkpoint"]["checkpoint_id"]
    }
    other = await side.sdk.threads.get_state(thread_id, checkpoint=at, select=["values"])  # type: ignore[arg-type]
    history = await side.sdk.threads.get_history(thread_id, limit=1, select=["metadata"])
    return [sorted(state), sorted(state["values"]), sorted(other), [sorted(found) for found in history]]


# Update of the state


@rows.same
async def update_of_the_state(side: Side) -> Any:
    thread_id = await stepped(side)
    before = await side.sdk.threads.get(thread_id)
    answer = await side.request("POST", f"/threads/{thread_id}/state", {"values": {"foo": "b", "out": [3]}})
    state, row = await side.sdk.threads.get_state(thread_id), await side.sdk.threads.get(thread_id)
    later = [row[key] > before[key] for key in ("updated_at", "state_updated_at")]  # type: ignore[literal-required]
    return [answer["status"], placed(answer["body"]), written(state), thread(row), later]


@rows.same
async def update_as_a_node(side: Side) -> Any:
    thread_id = await stepped(side)
    await side.sdk.threads.update_state(thread_id, {"out": ["mine"]}, as_node="step_1")
    state, row = await side.sdk.threads.get_state(thread_id), await side.sdk.threads.get(thread_id)
    continued = await side.sdk.runs.wait(thread_id, "steps", input=None)
    return [written(state), row["status"], row["values"], continued]


@rows.same
async def update_of_what_was_interrupted(side: Side) -> Any:
    thread_id = await ran(side, "ask")
    await side.sdk.threads.update_state(thread_id, {"out": ["answered"]}, as_node="ask")
    state, row = await side.sdk.threads.get_state(thread_id), await side.sdk.threads.get(thread_id)
    return [written(state), thread(row)]


@rows.same
async def update_ends_an_error(side: Side) -> Any:
    thread_id = await ran(side, "boom")
    await side.sdk.threads.update_state(thread_id, {"out": ["repaired"]}, as_node="boom")
    state, row = await side.sdk.threads.get_state(thread_id), await side.sdk.threads.get(thread_id)
    return [written(state), thread(row)]


@rows.same
async def updates_without_values(side: Side) -> Any:
    thread_id = await stepped(side)
    steps = []
    for body in (
        {"values": None},
        {},
        {"values": {}},
        {"values": {"unknown": 1}},
        {"values": None, "as_node": "step_1"},
    ):
        answer = await side.request("POST", f"/threads/{thread_id}/state", body)
        state = await side.sdk.threads.get_state(thread_id)
        steps.append([answer["status"], state["values"], state["next"], state["metadata"]["step"]])  # type: ignore[index]
    return steps


@rows.same
async def update_of_a_thread_before_its_first_run(side: Side) -> Any:
    made = await side.thread(graph_id="steps")
    await side.sdk.threads.update_state(made, {"foo": "a", "out": ["x"]}, as_node="step_1")
    state = await side.sdk.threads.get_state(made)
    return [written(state), await side.sdk.runs.wait(made, "steps", input=None)]


@rows.same
async def what_an_update_refuses(side: Side) -> Any:
    thread_id, fresh = await stepped(side), await side.thread()
    bodies: list[Any] = [
        *({"values": {}, "as_node": "nowhere"}, {"values": [1]}, {"values": [{"out": [1]}]}, {"values": "text"}),
        *({"as_node": 1}, {"checkpoint": 1}, []),
    ]
    answers = [await refused_somehow(side.request("POST", f"/threads/{thread_id}/state", body)) for body in bodies]
    answers.append(await refused_somehow(side.request("POST", f"/threads/{fresh}/state", {"values": {}})))
    answers.append(await refused_somehow(side.request("POST", f"/threads/{UNKNOWN}/state", {"values": {}})))
    return answers


@rows.same
async def update_while_a_run_is_in_flight(side: Side) -> Any:
    thread_id = await side.thread(graph_id="slow")
    run = await side.sdk.runs.create(thread_id, "slow", input={"foo": "long"})
    answer = await refused_somehow(side.request("POST", f"/threads/{thread_id}/state", {"values": {}}))
    await side.sdk.runs.cancel(thread_id, run["run_id"], wait=True)
    return answer


@rows.differs("what a reducer raises at an update is said, with 400 instead of 500", ours=[400, True])
async def update_that_a_reducer_refuses(side: Side) -> Any:
    path = f"/threads/{await stepped(side)}/state"
    answer = await side.request("POST", path, {"values": {"out": 1}, "as_node": "step_1"})
    return [answer["status"], isinstance(answer["body"], dict) and "TypeError" in answer["body"]["detail"]]


@rows.same
async def fork_from_a_checkpoint(side: Side) -> Any:
    thread_id = await stepped(side)
    history = await side.sdk.threads.get_history(thread_id)
    past = history[1]["checkpoint"]
    body: JSON = {"values": {"foo": "forked"}, "as_node": "step_1", "checkpoint": past}
    answer = await side.request("POST", f"/threads/{thread_id}/state", body)
    state = await side.sdk.threads.get_state(thread_id)
    parent = state["parent_checkpoint"]["checkpoint_id"] == past["checkpoint_id"]  # type: ignore[index]
    continued = await side.sdk.runs.wait(thread_id, "steps", input=None)
    return [answer["status"], written(state), parent, continued]


@rows.same
async def fork_by_a_checkpoint_id(side: Side) -> Any:
    thread_id = await stepped(side)
    past = (await side.sdk.threads.get_history(thread_id))[1]["checkpoint"]["checkpoint_id"]
    await side.sdk.threads.update_state(thread_id, {"foo": "forked"}, as_node="step_1", checkpoint_id=past)
    state = await side.sdk.threads.get_state(thread_id)
    return [written(state), len(await side.sdk.threads.get_history(thread_id, limit=20))]


@rows.differs(
    "a thread shows the state at its head, also after a fork: the real server shows what was forked",
    ours={"foo": "forked", "out": [1]},
)
async def row_of_a_forked_thread(side: Side) -> Any:
    thread_id = await stepped(side)
    past = (await side.sdk.threads.get_history(thread_id))[1]["checkpoint"]["checkpoint_id"]
    await side.sdk.threads.update_state(thread_id, {"foo": "forked"}, as_node="step_1", checkpoint_id=past)
    return (await side.sdk.threads.get(thread_id))["values"]


@rows.same
async def update_of_a_subgraph(side: Side) -> Any:
    thread_id = await ran(side, "nested_ask")
    inner = (await side.sdk.threads.get_state(thread_id))["tasks"][0]["checkpoint"]
    await side.sdk.threads.update_state(thread_id, {"out": ["answered"]}, checkpoint=inner, as_node="ask")
    inside = await side.sdk.threads.get_state(thread_id, subgraphs=True)
    continued = await side.sdk.runs.wait(thread_id, "nested_ask", input=None)
    task = inside["tasks"][0]
    return [task["name"], task["interrupts"], task["state"]["values"], task["state"]["next"], continued]  # type: ignore[index]


@rows.same
async def update_of_a_functional_graph(side: Side) -> Any:
    thread_id = await ran(side, "functional", [1])
    answer = await side.request(
        "POST", f"/threads/{thread_id}/state", {"values": {"doubled": [9]}, "as_node": "functional"}
    )
    state = await side.sdk.threads.get_state(thread_id)
    again = await side.sdk.runs.wait(thread_id, "functional", input=[2])
    return [answer["status"], written(state), again]


# History


@rows.same
async def history_of_a_run(side: Side) -> Any:
    return await side.sdk.threads.get_history(await ran(side, "steps", topic="tea"))


@rows.same
async def history_is_limited(side: Side) -> Any:
    thread_id = await stepped(side)
    path = f"/threads/{thread_id}/history"
    answers = [
        await side.request("POST", path, {}),
        await side.request("GET", path),
        await side.request("POST", path, {"limit": 2}),
        await side.request("GET", f"{path}?limit=3"),
        await side.request("POST", path, {"limit": 100}),
    ]
    return [[answer["status"], [state["metadata"]["step"] for state in answer["body"]]] for answer in answers]


@rows.same
async def history_before_a_checkpoint(side: Side) -> Any:
    thread_id = await stepped(side)
    past = (await side.sdk.threads.get_history(thread_id))[1]["checkpoint"]
    path = f"/threads/{thread_id}/history"
    as_config = await side.request("POST", path, {"limit": 9, "before": {"configurable": past}})
    as_text = await side.request("GET", f"{path}?limit=9&before={past['checkpoint_id']}")
    return [[state["metadata"]["step"] for state in answer["body"]] for answer in (as_config, as_text)]


@rows.differs(
    "the SDK's types allow a checkpoint or its id: both work, where the real server refuses or fails", ours=[200, 200]
)
async def history_before_a_checkpoint_as_the_sdk_sends_it(side: Side) -> Any:
    thread_id = await stepped(side)
    past = (await side.sdk.threads.get_history(thread_id))[1]["checkpoint"]
    path = f"/threads/{thread_id}/history"
    bodies: list[Any] = [{"limit": 9, "before": past["checkpoint_id"]}, {"limit": 9, "before": past}]
    return [(await side.request("POST", path, body))["status"] for body in bodies]


@rows.same
async def history_by_metadata(side: Side) -> Any:
    thread_id = await side.thread()
    for word in ("one", "two"):
        await side.sdk.runs.wait(thread_id, "progress", input={"foo": word}, metadata={"word": word})
    filters: list[JSON] = [
        {"source": "input"},
        {"step": 0},
        {"word": "two"},
        {"word": "three"},
        {"word": "one", "step": 1},
    ]
    found = [await side.sdk.threads.get_history(thread_id, metadata=given) for given in filters]
    return [[[state["metadata"]["step"], state["metadata"]["word"]] for state in states] for states in found]  # type: ignore[index]


@rows.same
async def history_of_an_interrupt(side: Side) -> Any:
    thread_id = await ran(side, "ask")
    await side.sdk.runs.wait(thread_id, "ask", command={"resume": "Ann"})
    return await side.sdk.threads.get_history(thread_id, limit=20)


@rows.same
async def history_of_a_subgraph(side: Side) -> Any:
    thread_id = await ran(side, "nested_ask")
    inner = (await side.sdk.threads.get_state(thread_id))["tasks"][0]["checkpoint"]
    place: Any = {"checkpoint_ns": inner["checkpoint_ns"]}  # type: ignore[index]
    return [written(state) for state in await side.sdk.threads.get_history(thread_id, checkpoint=place)]


@rows.same
async def history_of_an_error(side: Side) -> Any:
    return await side.sdk.threads.get_history(await ran(side, "boom"))


@rows.same
async def history_of_parallel_tasks(side: Side) -> Any:
    return [by_name(state) for state in await side.sdk.threads.get_history(await ran(side, "fan_out"))]


@rows.same
async def what_history_refuses(side: Side) -> Any:
    path = f"/threads/{await side.thread()}/history"
    bodies: list[Any] = [{"limit": 0}, {"limit": 1001}, {"metadata": 1}, {"checkpoint": "x"}, {"before": 1}, []]
    return [
        [await refused_somehow(side.request("POST", path, body)) for body in bodies],
        await refused_somehow(side.request("GET", f"{path}?limit=x")),
        await side.request("POST", path, {}),
        await side.request("POST", f"/threads/{UNKNOWN}/history", {}),
        await side.request("GET", "/threads/nope/history"),
    ]


# Status


@rows.same
async def status_of_a_thread_over_its_life(side: Side) -> Any:
    thread_id, seen = await side.thread(), []

    async def status() -> Any:
        return (await side.sdk.threads.get(thread_id))["status"]

    seen.append(await status())
    run = await side.sdk.runs.create(thread_id, "slow", input={"foo": "long"})
    seen.append(await status())
    await side.until(lambda: side.sdk.threads.get_state(thread_id), lambda state: state["next"] == ["wait"])
    await side.sdk.runs.cancel(thread_id, run["run_id"], wait=True)
    seen.append(await side.until(status, lambda found: found != "busy"))
    await side.sdk.runs.wait(thread_id, "boom", input={"foo": "own"}, raise_error=False)
    seen.append(await status())
    await side.sdk.runs.wait(thread_id, "ask", input={"foo": "a"})
    seen.append(await status())
    await side.sdk.runs.wait(thread_id, "ask", command={"resume": "Ann"})
    seen.append(await status())
    return seen


@rows.same
async def error_of_a_thread_goes_with_the_next_run(side: Side) -> Any:
    thread_id = await ran(side, "boom")
    failed = await side.sdk.threads.get(thread_id)
    await side.sdk.runs.wait(thread_id, "progress", input={"foo": "a"})
    after = await side.sdk.threads.get(thread_id)
    return [{key: row[key] for key in ("status", "error")} for row in (failed, after)]  # type: ignore[literal-required]


@rows.same
async def metadata_of_a_thread_names_what_ran_last(side: Side) -> Any:
    assistant = await side.assistant("progress", metadata={"own": 1})
    thread_id = await ran(side, "steps", topic="tea")
    await side.sdk.runs.wait(thread_id, assistant, input={"foo": "a"}, metadata={"of": "run"})
    found = await side.sdk.threads.get(thread_id)
    return [found["metadata"], found["metadata"]["assistant_id"] == assistant]  # type: ignore[index]


@rows.same
async def checkpoint_metadata_is_the_runs(side: Side) -> Any:
    assistant = await side.assistant("progress", metadata={"of": "assistant", "a": 1})
    thread_id = await side.thread(metadata={"of": "thread", "t": 1})
    config: Any = {"metadata": {"of": "config", "c": 1}}
    await side.sdk.runs.wait(thread_id, assistant, input={"foo": "a"}, config=config, metadata={"of": "run", "r": 1})
    run = (await side.sdk.runs.list(thread_id))[0]
    state = await side.sdk.threads.get_state(thread_id)
    return [state["metadata"], state["metadata"]["run_id"] == run["run_id"]]  # type: ignore[index]


@rows.differs("threads don't stick to the first assistant's values: the assistant of the run wins", ours={})
async def config_of_a_thread(side: Side) -> Any:
    assistant = await side.assistant("dict_context", context={"system_prompt": "A"})
    thread_id = await side.thread()
    await side.sdk.runs.wait(thread_id, assistant, input={"foo": "a"})
    return (await side.sdk.threads.get(thread_id))["config"]  # type: ignore[typeddict-item]


# Times to live


@rows.differs(
    "a time to live is kept and shown: the real server in memory forgets it",
    ours=[["delete", 5.0, True], ["keep_latest", 60.0, True]],
)
async def times_to_live(side: Side) -> Any:
    thread_id = await side.thread(ttl=5)
    shown = [(await side.sdk.threads.get(thread_id, include=["ttl"])).get("ttl")]
    await side.sdk.threads.update(thread_id, metadata={}, ttl={"strategy": "keep_latest", "ttl": 60})
    shown.append((await side.sdk.threads.get(thread_id, include=["ttl"])).get("ttl"))
    return [ttl and [ttl["strategy"], ttl["ttl_minutes"], "expires_at" in ttl] for ttl in shown]


@rows.same
async def a_time_to_live_is_shown_only_on_request(side: Side) -> Any:
    made = await side.sdk.threads.create(ttl=5, metadata={"mark": side.mark})
    found = await side.sdk.threads.search(metadata={"mark": side.mark})
    return [thread(made), "ttl" in await side.sdk.threads.get(made["thread_id"]), "ttl" in found[0]]


# The stream of a thread


async def followed(side: Side, path: str, last: str, act: Awaitable[Any] | None = None, **headers: str) -> list[Any]:
    """The events of a thread from when it is joined up to the last one, while something happens on it."""
    seen: list[Any] = []
    async with side.http.stream("GET", path, headers=headers) as response, asyncio.timeout(15):
        doing = asyncio.ensure_future(act) if act else None
        async with aclosing(_events(response.aiter_lines())) as events:
            async for name, data, event_id in events:
                seen.append([name, data, bool(event_id)])
                if last in (name, data.get("status")):
                    break
        if doing:
            await doing
    return seen


async def _events(lines: AsyncIterator[str]) -> AsyncIterator[tuple[str, Any, str]]:
    event: dict[str, str] = {}
    async for line in lines:
        if not line and event:
            yield event["event"], json.loads(event["data"]), event.get("id", "")
            event = {}
        elif line and not line.startswith(":"):
            key, _, value = line.partition(": ")
            event[key] = value


@rows.same
async def stream_of_a_thread(side: Side) -> Any:
    thread_id = await side.thread()
    run = side.sdk.runs.wait(thread_id, "steps", input={"foo": "a"})
    return await followed(side, f"/threads/{thread_id}/stream", "run_done", run)


@rows.same
async def stream_of_a_threads_updates(side: Side) -> Any:
    thread_id = await side.thread(graph_id="steps")
    update = side.sdk.threads.update_state(thread_id, {"foo": "b"}, as_node="step_1")
    path = f"/threads/{thread_id}/stream?stream_modes=lifecycle,state_update"
    return await followed(side, path, "state_update", update)


@rows.same
async def stream_of_a_threads_lifecycle(side: Side) -> Any:
    thread_id = await side.thread()
    path = f"/threads/{thread_id}/stream?stream_modes=lifecycle"
    return await followed(side, path, "run_done", side.sdk.runs.wait(thread_id, "steps", input={"foo": "a"}))


@rows.same
async def stream_of_a_thread_from_the_start(side: Side) -> Any:
    thread_id = await side.thread()
    run = await side.sdk.runs.create(thread_id, "progress", input={}, stream_mode="updates", stream_resumable=True)
    await side.sdk.runs.join(thread_id, run["run_id"])
    path = f"/threads/{thread_id}/stream"
    return [await followed(side, path, "run_done", **{"Last-Event-ID": start}) for start in ("-", "0")]


@rows.differs("the SDK's stream_mode is heard: the real server reads only stream_modes", ours=["metadata", "metadata"])
async def stream_of_a_thread_as_the_sdk_asks(side: Side) -> Any:
    thread_id = await side.thread()
    path = f"/threads/{thread_id}/stream?stream_mode=lifecycle"
    run = side.sdk.runs.wait(thread_id, "progress", input={"foo": "a"})
    return [name for name, _, _ in await followed(side, path, "run_done", run)]


@rows.same
async def what_the_stream_of_a_thread_refuses(side: Side) -> Any:
    path = f"/threads/{await side.thread()}/stream"
    return [
        await side.request("GET", f"{path}?stream_modes=run_modes,nope"),
        await side.request("GET", path, headers={"Last-Event-ID": "abc"}),
        await side.request("GET", "/threads/nope/stream"),
    ]


@rows.differs("following a thread that isn't there is an error, not a stream that is silent for ever", ours=404)
async def stream_of_an_unknown_thread(side: Side) -> Any:
    path = "/threads/00000000-0000-4000-8000-000000000000/stream"
    async with side.http.stream("GET", path) as response:
        return response.status_code
