"""What the threads of both servers have in common, and where ours differs on purpose."""

from typing import Any
from uuid import uuid4

from tests.compatibility.differential import JSON, Rows, Side, refused, refused_somehow

rows = Rows()

UNKNOWN = "00000000-0000-4000-8000-000000000000"
ALWAYS = ("error", "interrupts", "values")


def thread(row: JSON) -> JSON:
    """A thread without `config`, which sticks on the real server, and with the keys it lacks before the first run."""
    return {"error": None, "interrupts": {}, "values": None} | {key: row[key] for key in row if key != "config"}


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
    {"updates": [{"values": {"out": ["a"]}, "as_node": "step_1"}]},
    {"updates": [{"values": {"out": ["b"]}, "as_node": "step_2"}]},
]


@rows.same
async def supersteps_make_a_history(side: Side) -> Any:
    thread_id = await side.thread(supersteps=SUPERSTEPS, graph_id="steps")
    history = await side.sdk.threads.get_history(thread_id)
    return [thread(await side.sdk.threads.get(thread_id)), history]


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
    return [state["values"], state["next"], state["metadata"]]


@rows.same
async def supersteps_with_parallel_updates(side: Side) -> Any:
    both = {"updates": [{"values": {"out": ["l"]}, "as_node": "left"}, {"values": {"out": ["r"]}, "as_node": "right"}]}
    first = {"updates": [{"values": {"foo": "x"}, "as_node": "__input__"}]}
    thread_id = await side.thread(supersteps=[first, both], graph_id="parallel")
    state = await side.sdk.threads.get_state(thread_id)
    return [state["values"], state["next"], state["metadata"]]


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
