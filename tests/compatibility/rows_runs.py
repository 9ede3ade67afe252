"""What the runs of both servers have in common, and where ours differs on purpose."""

import asyncio
import re
from typing import Any

from langgraph_sdk.schema import Command

from tests.compatibility.differential import JSON, Rows, Side, refused, refused_somehow

rows = Rows()

UNKNOWN = "01a2039f-0000-7000-8000-000000000000"
NAMES = ("content-location", "location", "content-type")
RUN = {"input": {"foo": "a"}}
LONG = {"input": {"foo": "long"}}


async def started(side: Side, thread: str, **given: Any) -> str:
    """A run that is at its long wait."""
    run = await side.sdk.runs.create(thread, "slow", **{**LONG, **given})
    await side.until(lambda: side.sdk.threads.get_state(thread), lambda state: state["next"] == ["wait"])
    return str(run["run_id"])


def _forget_graph(run: JSON) -> None:
    """The real server names the graph only in the metadata of runs on threads."""
    run["metadata"].pop("graph_id", None)
    run["kwargs"]["config"]["metadata"].pop("graph_id", None)


def _is_gone(found: Any) -> bool:
    return isinstance(found, dict) and found.get("status") == 404


async def waited(*calls: Any) -> list[Any]:
    """The answers of runs that don't depend on each other: the real server looks for new ones once in a while."""
    return list(await asyncio.gather(*calls))


async def statuses(side: Side, thread: str) -> list[str]:
    """Of a thread's runs, newest first."""
    return [run["status"] for run in await side.sdk.runs.list(thread)]


async def head(side: Side, thread: str) -> JSON:
    """What a thread is left with."""
    found = await side.sdk.threads.get(thread)
    state = await side.sdk.threads.get_state(thread)
    about = {"status": found["status"], "interrupts": found.get("interrupts", {})}
    return about | {key: state[key] for key in ("values", "next")}


async def sources(side: Side, thread: str) -> list[Any]:
    """A thread's checkpoints, newest first, by what made them."""
    found = await side.sdk.threads.get_history(thread, limit=50)
    return [[state["metadata"].get("source"), state["metadata"].get("step"), state["next"]] for state in found]


# Creating


@rows.same
async def a_created_run(side: Side) -> Any:
    thread = await side.thread()
    body = {"assistant_id": "branches", **RUN, "metadata": {"mark": side.mark}}
    answer = await side.request("POST", f"/threads/{thread}/runs", body, *NAMES)
    run = answer["body"]["run_id"]
    await side.sdk.runs.join(thread, run)
    found = await side.sdk.runs.get(thread, run)
    return answer, {key: found[key] for key in ("status", "metadata", "multitask_strategy")}


@rows.same
async def a_created_run_with_everything(side: Side) -> Any:
    thread = await side.thread()
    given = {
        **RUN,
        "config": {"tags": ["t"], "recursion_limit": 5},
        "context": {"system_prompt": "x"},
        "metadata": {"mark": side.mark},
        "stream_mode": ["values", "updates"],
        "stream_subgraphs": True,
        "stream_resumable": True,
        "interrupt_before": ["nope"],
        "interrupt_after": "*",
        "multitask_strategy": "enqueue",
        "durability": "sync",
        "on_disconnect": "cancel",
        "langsmith_tracer": {"project_name": "p"},
    }
    answer = await side.request("POST", f"/threads/{thread}/runs", {"assistant_id": "pydantic_context", **given})
    answer["body"]["kwargs"]["config"]["configurable"].pop("__langsmith_project__", None)
    answer["body"]["kwargs"]["config"]["configurable"].pop("__langsmith_example_id__", None)
    await side.sdk.runs.join(thread, answer["body"]["run_id"])
    return answer, await statuses(side, thread)


@rows.same
async def a_created_run_without_a_thread(side: Side) -> Any:
    answer = await side.request("POST", "/runs", {"assistant_id": "branches", **RUN}, *NAMES)
    thread = answer["body"]["thread_id"]
    _forget_graph(answer["body"])
    return answer, await side.until(lambda: refused(side.sdk.threads.get(thread)), _is_gone)


@rows.same
async def a_run_that_keeps_its_thread(side: Side) -> Any:
    answer = await side.request(
        "POST", "/runs/wait", {"assistant_id": "branches", **RUN, "on_completion": "keep"}, *NAMES
    )
    thread = answer["headers"]["content-location"].split("/")[2]
    return answer, await head(side, thread), await statuses(side, thread), await sources(side, thread)


@rows.same
async def waiting_on_a_thread(side: Side) -> Any:
    thread = await side.thread()
    return await side.request("POST", f"/threads/{thread}/runs/wait", {"assistant_id": "subgraphs", **RUN}, *NAMES)


@rows.same
async def waiting_without_a_thread(side: Side) -> Any:
    return await side.request("POST", "/runs/wait", {"assistant_id": "split", **RUN}, *NAMES)


@rows.same
async def waiting_with_other_modes(side: Side) -> Any:
    thread = await side.thread()
    bodies = [{"assistant_id": "branches", **RUN, "stream_mode": mode} for mode in ("updates", ["custom"])]
    return [await side.sdk.http.post(f"/threads/{thread}/runs/wait", json=body) for body in bodies]


@rows.differs(
    "waiting answers the values whatever is streamed, also without a thread", ours={"foo": "a", "out": ["right"]}
)
async def waiting_without_a_thread_with_other_modes(side: Side) -> Any:
    return await side.sdk.http.post("/runs/wait", json={"assistant_id": "branches", **RUN, "stream_mode": "custom"})


@rows.same
async def a_thread_that_is_made_with_its_run(side: Side) -> Any:
    from uuid import uuid4

    thread, run = str(uuid4()), {"assistant_id": "branches", **RUN}
    without = await refused(side.request("POST", f"/threads/{thread}/runs/wait", run))
    made = await side.request("POST", f"/threads/{thread}/runs/wait", {**run, "if_not_exists": "create"})
    return without["status"], made, await head(side, thread)


@rows.same
async def unknown_assistants_and_threads(side: Side) -> Any:
    thread = await side.thread()
    found = []
    for target, assistant in ((thread, UNKNOWN), (UNKNOWN, "branches"), (UNKNOWN, UNKNOWN)):
        for way in ("", "/stream", "/wait"):
            body = {"assistant_id": assistant, **RUN}
            found.append((await side.request("POST", f"/threads/{target}/runs{way}", body))["status"])
    found.append((await side.request("POST", "/runs/wait", {"assistant_id": UNKNOWN}))["status"])
    return found


@rows.same
async def assistants_that_are_no_ids(side: Side) -> Any:
    answer = await side.request("POST", "/runs/wait", {"assistant_id": "nope", **RUN})
    return answer["status"], answer["body"]["detail"].partition("graphs: ")[0]


@rows.same
async def requests_that_are_refused(side: Side) -> Any:
    thread = await side.thread()
    wrong = [
        {"multitask_strategy": "nope"},
        {"if_not_exists": "nope"},
        {"durability": "nope"},
        {"after_seconds": "soon"},
        {"interrupt_before": "node"},
        {"interrupt_after": 1},
        {"config": []},
        {"config": {"configurable": 1}},
        {"config": {"tags": "t"}},
        {"config": {"recursion_limit": "many"}},
        {"context": []},
        {"metadata": 1},
        {"command": []},
        {"command": {"goto": 1}},
        {"command": {"goto": {"node": 1}}},
        {"command": {"update": "x"}},
        {"checkpoint": "x"},
        {"checkpoint_id": "x"},
        {"webhook": 1},
        {"stream_subgraphs": "perhaps"},
        {"stream_resumable": "perhaps"},
        {"feedback_keys": "x"},
        {"assistant_id": None},
        {"assistant_id": 1},
        {"interrupt_after": [1]},
        {"stream_subgraphs": "true"},
        {"stream_subgraphs": 1},
        {"after_seconds": "1"},
        {"after_seconds": True},
        {"config": {"recursion_limit": "5"}},
        {"config": {"tags": None}},
        {"config": {"configurable": None}},
        {"checkpoint": {"checkpoint_id": 1}},
    ]
    found = []
    for fields in wrong:
        answer = await side.request(
            "POST", f"/threads/{thread}/runs", {"assistant_id": "branches", "input": {}, **fields}
        )
        found.append([fields, answer["status"]])
    return found, [(await side.request("POST", "/runs", body))["status"] for body in ({}, [], None, "x")]


@rows.same
async def nulls(side: Side) -> Any:
    thread, found = await side.thread(), {}
    fields = ("command", "config", "context", "metadata", "checkpoint", "checkpoint_id", "stream_mode")
    fields += ("stream_subgraphs", "stream_resumable", "interrupt_before", "interrupt_after", "feedback_keys")
    fields += ("langsmith_tracer", "webhook", "multitask_strategy", "if_not_exists", "after_seconds", "durability")
    for field in (*fields, "checkpoint_during", "assistant_id"):
        body = {"assistant_id": "branches", "input": {}, field: None}
        found[field] = (await side.request("POST", f"/threads/{thread}/runs", body))["status"]
    return found


@rows.same
async def both_context_and_configurable(side: Side) -> Any:
    given = {"context": {"system_prompt": "x"}, "config": {"configurable": {"system_prompt": "y"}}}
    answers = [await side.request("POST", "/runs/wait", {"assistant_id": "pydantic_context", **RUN, **given})]
    given["config"]["configurable"] = {}
    return [*answers, await side.request("POST", "/runs/wait", {"assistant_id": "pydantic_context", **RUN, **given})]


@rows.same
async def ids_that_are_none(side: Side) -> Any:
    thread = await side.thread()
    return [
        await refused_somehow(side.request("POST", "/threads/nope/runs", {"assistant_id": "branches", **RUN})),
        await refused(side.request("GET", "/threads/nope/runs")),
        await refused(side.request("GET", f"/threads/{thread}/runs/nope")),
        await refused(side.request("GET", f"/threads/{thread}/runs/nope/join")),
        await refused(side.request("GET", f"/threads/{thread}/runs/nope/stream")),
        await refused(side.request("POST", f"/threads/{thread}/runs/nope/cancel")),
        await refused(side.request("DELETE", f"/threads/{thread}/runs/nope")),
    ]


@rows.same
async def unknown_ids(side: Side) -> Any:
    thread = await side.thread()
    return [
        await refused(side.request("GET", f"/threads/{UNKNOWN}/runs")),
        await refused_somehow(side.request("GET", f"/threads/{thread}/runs/{UNKNOWN}")),
        await refused(side.request("GET", f"/threads/{UNKNOWN}/runs/{UNKNOWN}")),
        await refused(side.request("POST", f"/threads/{thread}/runs/{UNKNOWN}/cancel")),
        await refused(side.request("DELETE", f"/threads/{thread}/runs/{UNKNOWN}")),
    ]


@rows.same
async def a_run_of_another_thread(side: Side) -> Any:
    thread, other = await side.thread(), await side.thread()
    await side.sdk.runs.wait(thread, "branches", **RUN)
    run = (await side.sdk.runs.list(thread))[0]["run_id"]
    return [
        await refused_somehow(side.request("GET", f"/threads/{other}/runs/{run}")),
        await refused(side.request("DELETE", f"/threads/{other}/runs/{run}")),
        await refused(side.request("POST", f"/threads/{other}/runs/{run}/cancel")),
    ]


# Listing, deleting


@rows.same
async def listing(side: Side) -> Any:
    thread = await side.thread()
    await side.run("branches", thread, metadata={"n": 1}, **RUN)
    await side.run("boom", thread, metadata={"n": 2}, **RUN)
    path = f"/threads/{thread}/runs"
    queries = (
        "?select=metadata&select=status",
        "?limit=1",
        "?limit=1&offset=1",
        "?offset=7",
        "?status=error",
        "?status=nope",
        "?status=success&select=run_id",
    )
    found = [await side.request("GET", path + query) for query in queries]
    for answer in found:
        for run in answer["body"]:
            run.pop("kwargs", None), run.pop("error", None)
    return found


@rows.same
async def listing_what_is_not_there(side: Side) -> Any:
    thread = await side.thread()
    path = f"/threads/{thread}/runs"
    empty = await side.request("GET", path)
    return empty, [await refused_somehow(side.request("GET", path + query)) for query in ("?select=nope",)]


@rows.same
async def a_deleted_run(side: Side) -> Any:
    thread = await side.thread()
    await side.run("branches", thread, **RUN)
    await side.run("branches", thread, input={"foo": "left"})
    run = (await side.sdk.runs.list(thread))[0]["run_id"]
    answers = [await side.request("DELETE", f"/threads/{thread}/runs/{run}") for _ in range(2)]
    return answers, await statuses(side, thread), await sources(side, thread)


@rows.differs(
    "a run in flight is not deleted while its code goes on",
    ours=[409, {"detail": f"Run {UNKNOWN} is in flight: cancel it first."}, ["interrupted"]],
)
async def deleting_a_run_in_flight(side: Side) -> Any:
    thread = await side.thread()
    run = await started(side, thread, **RUN)  # short: the real server works on what it has deleted
    answer = await side.request("DELETE", f"/threads/{thread}/runs/{run}")
    await refused(side.sdk.runs.cancel(thread, run, wait=True))
    return [answer["status"], answer["body"], await statuses(side, thread)]


# What a graph sees


@rows.same
async def everything_that_a_graph_sees(side: Side) -> Any:
    thread = await side.thread(metadata={"of": "thread", "t": 1})
    made = await side.assistant(
        "see",
        metadata={"of": "assistant", "a": 1},
        config={"tags": ["a"], "recursion_limit": 11},
        context={"word": "a", "nested": {"k": 9}},
    )
    given: JSON = {
        "config": {"metadata": {"of": "config", "c": 1}, "tags": ["r"]},
        "context": {"nested": {"tags": ["q"]}, "thread_id": "spoofed", "run_id": "spoofed", "graph_id": "spoofed"},
        "metadata": {"of": "run", "r": 1, "assistant_id": "spoofed", "run_id": "spoofed"},
    }
    seen = await side.sdk.runs.wait(thread, made, **RUN, **given)
    run = (await side.sdk.runs.list(thread))[0]
    run["kwargs"]["config"]["metadata"].pop("run_attempt", None)
    return seen, run, (await side.sdk.threads.get(thread))["metadata"]


@rows.same
async def what_graphs_read_of_the_user(side: Side) -> Any:
    keys = ("user_id", "langgraph_auth_user", "langgraph_auth_user_id", "langgraph_auth_permissions")
    spoofed = {"user_id": "me", "langgraph_auth_user_id": "spoofed", "langgraph_auth_user": "spoofed"}
    answers = await waited(*(side.sdk.runs.wait(None, "see", **RUN, context=given) for given in ({}, spoofed)))
    return [[answer["out"][0]["configurable"].get(key, "missing") for key in keys] for answer in answers]


@rows.same
async def a_configurable_instead_of_a_context(side: Side) -> Any:
    graphs = ("pydantic_context", "dataclass_context", "dict_context", "no_context")
    config: Any = {"configurable": {"system_prompt": "x", "extra": 1}}
    return await waited(*(side.sdk.runs.wait(None, graph, **RUN, config=config) for graph in graphs))


@rows.same
async def unknown_keys_of_a_context(side: Side) -> Any:
    given = {"context": {"system_prompt": "x", "extra": 1}}
    graphs = ("pydantic_context", "dataclass_context", "dict_context", "no_context")
    return await waited(*(side.sdk.runs.wait(None, graph, **RUN, **given) for graph in graphs))


@rows.same
async def no_context_at_all(side: Side) -> Any:
    graphs = ("pydantic_context", "dataclass_context", "dict_context", "no_context", "builder")
    return await waited(*(side.sdk.runs.wait(None, graph, **RUN) for graph in graphs))


@rows.same
async def graphs_that_are_made_for_a_run(side: Side) -> Any:
    given: JSON = {"config": {"recursion_limit": 7, "tags": ["t"]}, "context": {"system_prompt": "x"}}
    graphs = ("no_arguments", "context_manager")
    return await waited(*(side.sdk.runs.wait(None, graph, **RUN, **given) for graph in graphs))


@rows.same
async def contexts_of_an_assistant_and_of_a_run(side: Side) -> Any:
    made = await side.assistant(
        "pydantic_context",
        context={"system_prompt": "a", "temperature": 1.5, "nested": {"k": 9}, "extra": 1},
        config={"tags": ["a"], "recursion_limit": 11},
    )
    given: list[JSON] = [
        {},
        {"context": {"nested": {"tags": ["q"]}, "system_prompt": "r"}},
        {"config": {"configurable": {"temperature": 0.1}, "recursion_limit": 7}},
        {"config": {"tags": ["r"]}},
    ]
    return await waited(*(side.sdk.runs.wait(None, made, **RUN, **each) for each in given))


def _refused(error: str, problem: str) -> JSON:
    return {"error": error, "message": f"The context doesn't fit the graph: {problem}"}


@rows.differs(
    "what a context's type refuses is said in a sentence that quotes no value: one may be a key",
    ours=[
        [
            {"__error__": _refused("ValidationError", "temperature: must be ≤ 2")},
            {"__error__": _refused("TypeError", "system_prompt: is required: it has no default")},
        ],
        ["error"],
        "error",
    ],
)
async def contexts_that_do_not_fit(side: Side) -> Any:
    thread = await side.thread()
    hot = side.sdk.runs.wait(thread, "pydantic_context", **RUN, context={"temperature": 99}, raise_error=False)
    answers = await waited(hot, side.sdk.runs.wait(None, "required_context", **RUN, raise_error=False))
    return answers, await statuses(side, thread), (await side.sdk.threads.get(thread))["status"]


@rows.same
async def a_factory_gets_the_merged_config(side: Side) -> Any:
    made = await side.assistant("from_config", context={"n_nodes": 2})
    runs = ((made, None), (made, {"n_nodes": 3}), ("from_runtime", None))
    answers = await waited(*(side.sdk.runs.wait(None, graph, **RUN, context=given) for graph, given in runs))
    return [len(answer["out"]) for answer in answers], answers[-1]


@rows.differs(
    "an assistant's values do not stick to the thread that it ran on",
    ours=[[{"word": "first"}], [{"word": "first"}, {"word": "second"}]],
)
async def two_assistants_on_one_thread(side: Side) -> Any:
    thread, found = await side.thread(), []
    for word in ("first", "second"):
        made = await side.assistant("see", context={"word": word})
        answer = await side.sdk.runs.wait(thread, made, **RUN)
        found.append([{"word": seen["configurable"].get("word")} for seen in answer["out"]])
    return found


@rows.differs("a run can name the version that it runs", ours=[200, [1]])
async def a_version_of_an_assistant(side: Side) -> Any:
    made = await side.assistant("see", context={"n": 1})
    await side.sdk.assistants.update(made, context={"n": 2})
    answer = await side.request("POST", "/runs/wait", {"assistant_id": f"{made}@v1", **RUN})
    return answer["status"], [seen["configurable"]["n"] for seen in answer["body"].get("out", [])]


@rows.same
async def what_a_functional_graph_remembers(side: Side) -> Any:
    thread = await side.thread()
    return [await side.sdk.runs.wait(thread, "functional", input=[1, 2]) for _ in range(2)]


@rows.same
async def a_graph_that_uses_the_store(side: Side) -> Any:
    answer = await side.sdk.runs.wait(None, "remember", input={"foo": side.mark})
    return answer, [item["value"] for item in (await side.sdk.store.search_items(["memories", side.mark]))["items"]]


@rows.same
async def a_graph_that_uses_its_own_server(side: Side) -> Any:
    return await side.sdk.runs.wait(await side.thread(), "ask_the_server", **RUN)


@rows.differs("a run goes on to its end, though its assistant was deleted", ours={"foo": "a", "out": [1, 2]})
async def an_assistant_deleted_while_it_runs(side: Side) -> Any:
    made = await side.assistant("steps")
    thread = await side.thread()
    run = await side.sdk.runs.create(thread, made, **RUN)
    await side.sdk.assistants.delete(made)
    return await refused(side.sdk.runs.join(thread, run["run_id"]))


@rows.same
async def an_edited_default_assistant(side: Side) -> Any:
    default = (await side.sdk.assistants.search(graph_id="context_manager", metadata={"created_by": "system"}))[0]
    await side.sdk.assistants.update(default["assistant_id"], context={"system_prompt": "edited"})
    answer = await side.sdk.runs.wait(None, "context_manager", **RUN)
    await side.sdk.assistants.set_latest(default["assistant_id"], 1)
    return answer["out"][0]["context"], answer["out"][0]["configurable"]


# Errors


@rows.same
async def an_error_of_a_node(side: Side) -> Any:
    thread = await side.thread()
    answer = await side.request("POST", f"/threads/{thread}/runs/wait", {"assistant_id": "boom", **RUN})
    run = (await side.sdk.runs.list(thread))[0]
    joined = await side.request("GET", f"/threads/{thread}/runs/{run['run_id']}/join", None, *NAMES)
    tasks = (await side.sdk.threads.get_state(thread))["tasks"]
    found = await side.sdk.threads.get(thread)
    return answer, run["status"], joined, [task["error"] for task in tasks], {**found, "config": None}


@rows.differs(
    "exceptions of one's own classes are shown whole",
    ours={"__error__": {"error": "OwnError", "message": "boom happened"}},
)
async def an_error_of_its_own_class(side: Side) -> Any:
    return await side.sdk.runs.wait(None, "boom", input={"foo": "own"}, raise_error=False)


@rows.same
async def an_error_is_gone_after_the_next_run(side: Side) -> Any:
    thread = await side.thread()
    await side.sdk.runs.wait(thread, "boom", **RUN, raise_error=False)
    await side.sdk.runs.wait(thread, "branches", **RUN)
    found = await side.sdk.threads.get(thread)
    return found["status"], found["error"], await statuses(side, thread)


@rows.differs(
    "an error says which factory failed, and where",
    ours=["GraphFailed", "The factory failing_factory failed (graphs.py, line N): RuntimeError: no such model"],
)
async def a_factory_that_fails(side: Side) -> Any:
    error = (await side.sdk.runs.wait(None, "failing_factory", **RUN, raise_error=False))["__error__"]
    return [error["error"], re.sub(r"line \d+", "line N", error["message"])]


@rows.same
async def what_a_factory_that_fails_leaves(side: Side) -> Any:
    thread = await side.thread()
    await side.sdk.runs.wait(thread, "failing_factory", **RUN, raise_error=False)
    found = await side.sdk.threads.get(thread)
    return await statuses(side, thread), found["status"], found["values"]


@rows.same
async def an_input_that_does_not_fit(side: Side) -> Any:
    inputs: list[Any] = [{"count": -1}, {"count": "x"}, {"nope": 1}, [], "text", 1]
    calls = (side.sdk.runs.wait(None, "pydantic_state", input=given, raise_error=False) for given in inputs)
    return await waited(*calls)


@rows.same
async def no_input(side: Side) -> Any:
    bodies = [{"assistant_id": "branches", **given} for given in ({"input": None}, {"command": {}}, {})]
    return await waited(*(side.sdk.http.post("/runs/wait", json=body) for body in bodies))


@rows.differs(
    "resuming a thread on which nothing ran says so",
    ours=["EmptyInputError", "There is nothing to resume: nothing has run on this thread yet."],
)
async def resuming_nothing(side: Side) -> Any:
    path = f"/threads/{await side.thread()}/runs/wait"
    answer = await side.sdk.http.post(path, json={"assistant_id": "branches", "command": {"resume": 1}})
    return [answer["__error__"]["error"], answer["__error__"]["message"]]


# Commands


@rows.same
async def an_interrupt_and_its_answer(side: Side) -> Any:
    thread = await side.thread()
    first = await side.sdk.runs.wait(thread, "ask", **RUN)
    run = (await side.sdk.runs.list(thread))[0]
    joined = await side.sdk.runs.join(thread, run["run_id"])
    waiting = await head(side, thread)
    second = await side.sdk.runs.wait(thread, "ask", command=Command(resume="Ada"))
    return first, joined, waiting, second, await head(side, thread), await statuses(side, thread)


@rows.same
async def two_interrupts_of_one_node(side: Side) -> Any:
    thread = await side.thread()
    found = [await side.sdk.runs.wait(thread, "ask_twice", **RUN)]
    found += [await side.sdk.runs.wait(thread, "ask_twice", command=Command(resume=word)) for word in ("one", "two")]
    return found


@rows.same
async def parallel_interrupts_answered_by_id(side: Side) -> Any:
    thread = await side.thread()
    found = [await side.sdk.runs.wait(thread, "parallel", **RUN)]
    bare = await side.sdk.runs.wait(thread, "parallel", command=Command(resume="bare"), raise_error=False)
    found += [bare, (await side.sdk.threads.get(thread))["status"]]
    pending = (await side.sdk.threads.get_state(thread))["interrupts"]
    ids = {item["value"]: item["id"] for item in pending}
    found += [await side.sdk.runs.wait(thread, "parallel", command=Command(resume={ids["left?"]: "l"}))]
    found += [await head(side, thread)]
    found += [await side.sdk.runs.wait(thread, "parallel", command=Command(resume={ids["right?"]: "r"}))]
    return found


@rows.same
async def an_answer_with_an_update(side: Side) -> Any:
    thread = await side.thread()
    await side.sdk.runs.wait(thread, "ask", **RUN)
    command = {"resume": "Ada", "update": {"foo": "updated"}}
    return await side.sdk.runs.wait(thread, "ask", command=command), await sources(side, thread)


@rows.same
async def updates_as_a_dict_and_as_pairs(side: Side) -> Any:
    thread = await side.thread()
    await side.sdk.runs.wait(thread, "branches", **RUN)
    updates: list[Any] = [{"out": ["dict"]}, [["out", ["pair"]], ["foo", "pair"]]]
    return [await side.sdk.runs.wait(thread, "branches", command={"update": update}) for update in updates]


@rows.same
async def going_to_nodes(side: Side) -> Any:
    async def went(goto: Any) -> Any:
        thread = await side.thread()
        await side.sdk.runs.wait(thread, "branches", **RUN)
        return await side.sdk.runs.wait(thread, "branches", command={"goto": goto})

    sends = [{"node": "left", "input": {"foo": "sent"}}, {"node": "right", "input": {}}]
    return await waited(went("left"), went(["left", "right"]), went(sends[0]), went(sends))


@rows.same
async def going_to_a_node_that_is_none(side: Side) -> Any:
    thread = await side.thread()
    await side.sdk.runs.wait(thread, "branches", **RUN)
    answer = await side.sdk.runs.wait(thread, "branches", command={"goto": "nope"})
    body = {"assistant_id": "branches", "command": {"goto": []}}
    return answer, (await side.request("POST", f"/threads/{thread}/runs", body))["status"]


@rows.same
async def going_on_beside_an_interrupt(side: Side) -> Any:
    thread = await side.thread()
    await side.sdk.runs.wait(thread, "ask", **RUN)
    went = await side.run("ask", thread, command={"goto": "fin"}, stream_mode=["updates", "values"])
    return went, await side.run("ask", thread, command={"resume": "Ada"}, stream_mode=["updates", "values"])


@rows.same
async def commands_on_a_finished_thread(side: Side) -> Any:
    thread = await side.thread()
    await side.sdk.runs.wait(thread, "branches", **RUN)
    bodies = [{"assistant_id": "branches", **given} for given in ({"command": {"resume": 1}}, {"command": {}}, {})]
    answers = [await side.sdk.http.post(f"/threads/{thread}/runs/wait", json=body) for body in bodies]
    return answers, await sources(side, thread)


@rows.differs("a command that says nothing is no command", ours={"foo": "a", "out": ["right"]})
async def a_command_of_nulls(side: Side) -> Any:
    thread = await side.thread()
    await side.sdk.runs.wait(thread, "branches", **RUN)
    body = {"assistant_id": "branches", "command": {"resume": None, "update": None, "goto": None}}
    return await refused(side.sdk.http.post(f"/threads/{thread}/runs/wait", json=body))


@rows.same
async def a_command_and_an_input(side: Side) -> Any:
    thread = await side.thread()
    await side.sdk.runs.wait(thread, "ask", **RUN)
    return await side.sdk.runs.wait(thread, "ask", input={"foo": "new"}, command=Command(resume="Ada"))


@rows.same
async def new_input_instead_of_an_answer(side: Side) -> Any:
    thread = await side.thread()
    await side.sdk.runs.wait(thread, "ask", **RUN)
    return await side.sdk.runs.wait(thread, "ask", input={"foo": "b"}), await sources(side, thread)


@rows.same
async def an_interrupt_without_a_thread(side: Side) -> Any:
    return await side.request("POST", "/runs/wait", {"assistant_id": "ask", **RUN})


@rows.same
async def a_run_without_a_thread_remembers_nothing(side: Side) -> Any:
    keep = {"on_completion": "keep"}
    body = {"assistant_id": "functional", "input": [1], **keep}
    return await waited(*(side.sdk.http.post("/runs/wait", json=body) for _ in range(2)))


@rows.same
async def resuming_without_a_thread(side: Side) -> Any:
    body = {"assistant_id": "ask", "command": {"resume": "x"}}
    return [await side.request("POST", path, body) for path in ("/runs", "/runs/wait", "/runs/stream")]


@rows.differs(
    "an unknown key of a command is refused before anything runs",
    ours=[422, True],
)
async def a_command_of_an_unknown_kind(side: Side) -> Any:
    body = {"assistant_id": "branches", "command": {"nope": 1}}
    answer = await side.request("POST", f"/threads/{await side.thread()}/runs/wait", body)
    return answer["status"], "nope" in str(answer["body"])


# Checkpoints


@rows.same
async def running_from_a_checkpoint(side: Side) -> Any:
    thread = await side.thread()
    await side.sdk.runs.wait(thread, "subgraphs", **RUN)
    middle = next(state for state in await side.sdk.threads.get_history(thread) if state["next"] == ["after"])
    replayed = await side.run("subgraphs", thread, input=None, checkpoint=middle["checkpoint"], stream_mode="updates")
    by_id = middle["checkpoint"]["checkpoint_id"]
    forked = await side.sdk.runs.wait(thread, "subgraphs", input={"foo": "forked"}, checkpoint_id=by_id)
    return replayed, forked, await sources(side, thread)


@rows.same
async def running_from_a_checkpoint_in_the_configurable(side: Side) -> Any:
    thread = await side.thread()
    await side.sdk.runs.wait(thread, "subgraphs", **RUN)
    middle = next(state for state in await side.sdk.threads.get_history(thread) if state["next"] == ["after"])
    config = {"configurable": {"checkpoint_id": middle["checkpoint"]["checkpoint_id"], "thread_id": UNKNOWN}}
    return await side.run("subgraphs", thread, input=None, config=config, stream_mode="updates")


@rows.same
async def running_from_a_checkpoint_of_a_subgraph(side: Side) -> Any:
    thread = await side.thread()
    await side.sdk.runs.wait(thread, "nested_ask", **RUN)
    state = await side.sdk.threads.get_state(thread, subgraphs=True)
    inner = state["tasks"][0]["state"]["checkpoint"]  # type: ignore[index]
    given: JSON = {"input": None, "checkpoint": inner, "stream_mode": "updates"}
    return await side.run("nested_ask", thread, **given), await sources(side, thread)


@rows.same
async def running_from_an_unknown_checkpoint(side: Side) -> Any:
    thread = await side.thread()
    await side.sdk.runs.wait(thread, "branches", **RUN)
    body = {"assistant_id": "branches", "input": None, "checkpoint_id": UNKNOWN}
    return await side.request("POST", f"/threads/{thread}/runs/wait", body), await sources(side, thread)


@rows.same
async def durabilities(side: Side) -> Any:
    async def kept(**given: Any) -> Any:
        thread = await side.thread()
        await side.sdk.http.post(f"/threads/{thread}/runs/wait", json={"assistant_id": "branches", **RUN, **given})
        kwargs = (await side.sdk.runs.list(thread))[0]["kwargs"]  # type: ignore[typeddict-item]
        return await sources(side, thread), kwargs["durability"], kwargs["checkpoint_during"]

    modes = (kept(durability=mode) for mode in ("sync", "async", "exit"))
    return await waited(*modes, kept(checkpoint_during=False))


@rows.same
async def interrupts_with_durability_exit(side: Side) -> Any:
    thread = await side.thread()
    first = await side.sdk.runs.wait(thread, "ask", **RUN, durability="exit")
    return first, await side.sdk.runs.wait(thread, "ask", command=Command(resume="Ada"), durability="exit")


# More than one run


@rows.same
async def a_second_run_that_is_rejected(side: Side) -> Any:
    thread = await side.thread()
    run = await started(side, thread)
    answer = await side.request(
        "POST", f"/threads/{thread}/runs", {"assistant_id": "slow", "multitask_strategy": "reject"}
    )
    await side.sdk.runs.cancel(thread, run, wait=True)
    return answer, await statuses(side, thread)


@rows.same
async def a_second_run_that_waits(side: Side) -> Any:
    thread = await side.thread()
    await side.sdk.runs.create(thread, "steps", **RUN)
    busy = (await side.sdk.threads.get(thread))["status"]
    second = await side.sdk.runs.wait(thread, "steps", input={"foo": "b"})
    return busy, second, await statuses(side, thread), await sources(side, thread)


@rows.same
async def a_second_run_that_interrupts(side: Side) -> Any:
    thread = await side.thread()
    first = await started(side, thread)
    second = await side.sdk.runs.wait(thread, "branches", **RUN, multitask_strategy="interrupt")
    await side.until(lambda: statuses(side, thread), lambda found: "running" not in found)
    answer = await side.sdk.runs.join(thread, first)
    return second, answer, await statuses(side, thread), await head(side, thread), await sources(side, thread)


@rows.same
async def a_second_run_that_rolls_back(side: Side) -> Any:
    thread = await side.thread()
    await side.sdk.runs.wait(thread, "branches", input={"foo": "left"})
    await started(side, thread)
    second = await side.sdk.runs.wait(thread, "branches", **RUN, multitask_strategy="rollback")
    return second, await statuses(side, thread), await head(side, thread), await sources(side, thread)


@rows.same
async def a_run_that_starts_later(side: Side) -> Any:
    thread = await side.thread()
    run = await side.sdk.runs.create(thread, "branches", **RUN, after_seconds=1)
    meanwhile = [
        (await side.sdk.threads.get(thread))["status"],
        (await side.sdk.runs.get(thread, run["run_id"]))["status"],
    ]
    return meanwhile, await side.sdk.runs.join(thread, run["run_id"]), await statuses(side, thread)


# Cancelling


@rows.same
async def cancelling_without_waiting(side: Side) -> Any:
    thread = await side.thread()
    run = await started(side, thread)
    answer = await side.request("POST", f"/threads/{thread}/runs/{run}/cancel")
    await side.until(lambda: statuses(side, thread), lambda found: found == ["interrupted"])
    found = await side.until(lambda: side.sdk.threads.get(thread), lambda found: found["status"] != "busy")
    again = await refused(side.request("POST", f"/threads/{thread}/runs/{run}/cancel"))
    return answer, await head(side, thread), found["error"]["error"], again["status"], await sources(side, thread)


@rows.same
async def cancelling_and_waiting(side: Side) -> Any:
    thread = await side.thread()
    run = await started(side, thread)
    answer = await side.request("POST", f"/threads/{thread}/runs/{run}/cancel?wait=1&action=interrupt", None, *NAMES)
    return answer, await statuses(side, thread)


@rows.same
async def cancelling_with_rollback(side: Side) -> Any:
    thread = await side.thread()
    await side.sdk.runs.wait(thread, "branches", **RUN)
    run = await started(side, thread)
    answer = await side.request("POST", f"/threads/{thread}/runs/{run}/cancel?wait=1&action=rollback")
    found = await side.until(lambda: side.sdk.threads.get(thread), lambda found: found["status"] != "busy")
    left = await head(side, thread), found["error"]["error"], await sources(side, thread)
    return answer, await statuses(side, thread), left


@rows.same
async def waiting_for_a_run_that_is_rolled_back(side: Side) -> Any:
    thread = await side.thread()
    run = await started(side, thread)
    joining = asyncio.create_task(side.request("GET", f"/threads/{thread}/runs/{run}/join"))
    streaming = asyncio.create_task(side.request("GET", f"/threads/{thread}/runs/{run}/stream"))
    await asyncio.sleep(0.1)
    await side.sdk.runs.cancel(thread, run, wait=True, action="rollback")
    return await joining, (await streaming)["status"]


@rows.same
async def cancelling_a_run_that_has_not_begun(side: Side) -> Any:
    thread = await side.thread()
    run = await side.sdk.runs.create(thread, "branches", **RUN, after_seconds=60)
    answer = await side.request("POST", f"/threads/{thread}/runs/{run['run_id']}/cancel")
    await side.until(lambda: statuses(side, thread), lambda found: found == ["interrupted"])
    found = await side.until(lambda: side.sdk.threads.get(thread), lambda found: found["status"] != "busy")
    return answer, {key: found.get(key) for key in ("status", "values", "metadata", "error")}


@rows.same
async def cancelling_many(side: Side) -> Any:
    thread = await side.thread()
    runs = [await started(side, thread)]
    runs += [(await side.sdk.runs.create(thread, "branches", **RUN))["run_id"] for _ in range(2)]
    answer = await side.request("POST", "/runs/cancel", {"thread_id": thread, "run_ids": runs[:2]})
    await side.sdk.runs.join(thread, runs[2])
    await side.until(lambda: statuses(side, thread), lambda found: found == ["success", "interrupted", "interrupted"])
    return answer, await head(side, thread)


@rows.same
async def cancelling_nothing(side: Side) -> Any:
    thread = await side.thread()
    bodies: list[JSON] = [
        {},
        {"thread_id": thread},
        {"run_ids": [UNKNOWN]},
        {"thread_id": thread, "run_ids": []},
        {"thread_id": thread, "run_ids": [UNKNOWN]},
        {"thread_id": thread, "run_ids": ["nope"]},
        {"thread_id": "nope", "run_ids": [UNKNOWN]},
        {"status": "nope"},
        {"status": "running", "thread_id": thread},
    ]
    found = [await refused_somehow(side.request("POST", "/runs/cancel", body)) for body in bodies]
    answer = await side.request("POST", "/runs/cancel", {"thread_id": thread, "run_ids": [UNKNOWN]})
    return found, answer


# Batches


@rows.same
async def a_batch(side: Side) -> Any:
    payloads: list[Any] = [{"assistant_id": "branches", "input": {"foo": foo}} for foo in ("left", "right")]
    answer = await side.request("POST", "/runs/batch", payloads)
    for run in answer["body"]:
        _forget_graph(run)
        await side.until(lambda run=run: refused(side.sdk.threads.get(run["thread_id"])), _is_gone)
    return answer


@rows.same
async def batches_that_are_refused(side: Side) -> Any:
    good = {"assistant_id": "branches", "input": {}}
    bodies = (
        [],
        {},
        [good, {"assistant_id": UNKNOWN}],
        [good, {"assistant_id": "nope"}],
        [good, {}],
        [good, {**good, "stream_mode": "nope"}],
    )
    return [(await side.request("POST", "/runs/batch", body))["status"] for body in bodies]


# Leaving


async def left(side: Side, path: str, thread: str, body: JSON) -> Any:
    """What becomes of a run whose client goes away at its first custom event."""
    async with side.http.stream("POST", path, json={"assistant_id": "slow", "stream_mode": "custom", **body}) as answer:
        async for line in answer.aiter_lines():
            if line == "event: custom":
                break
    found = await side.until(lambda: statuses(side, thread), lambda found: found[0] not in ("running", "pending"))
    return found


@rows.same
async def a_client_that_leaves(side: Side) -> Any:
    thread, other, third = [await side.thread() for _ in range(3)]
    return await asyncio.gather(
        left(side, f"/threads/{thread}/runs/stream", thread, {**RUN, "on_disconnect": "continue"}),
        left(side, f"/threads/{other}/runs/stream", other, {**LONG, "on_disconnect": "cancel"}),
        left(side, f"/threads/{third}/runs/stream", third, RUN),
    )


@rows.same
async def a_client_that_leaves_a_joined_stream(side: Side) -> Any:
    thread = await side.thread()
    run = await side.sdk.runs.create(thread, "slow", **LONG, stream_resumable=True, stream_mode="custom")
    path = f"/threads/{thread}/runs/{run['run_id']}/stream?cancel_on_disconnect=true"
    async with side.http.stream("GET", path, headers={"Last-Event-ID": "-1"}) as answer:
        async for line in answer.aiter_lines():
            if line == "event: custom":
                break
    return await side.until(lambda: statuses(side, thread), lambda found: found != ["running"])


# What isn't served


@rows.differs("there are no webhooks", ours=[422, "Webhooks are not supported by this server: leave `webhook` out."])
async def a_webhook(side: Side) -> Any:
    body = {"assistant_id": "branches", **RUN, "webhook": "https://example.invalid/hook"}
    answer = await side.request("POST", f"/threads/{await side.thread()}/runs", body)
    return answer["status"], answer["body"].get("detail")


@rows.differs("an unknown run is not found, here as elsewhere", ours=[404, {"detail": "Run not found"}])
async def joining_an_unknown_run(side: Side) -> Any:
    answer = await side.request("GET", f"/threads/{await side.thread()}/runs/{UNKNOWN}/join")
    return answer["status"], answer["body"]


async def _statuses(side: Side, **field: Any) -> Any:
    """What each way to start a run answers to a field."""
    thread = await side.thread()
    body = {"assistant_id": "no_context", "input": {"foo": "a"}, **field}
    ways = (f"/threads/{thread}/runs", f"/threads/{thread}/runs/wait", "/runs", "/runs/wait")
    return [(await side.request("POST", path, body))["status"] for path in ways]


@rows.differs("what can't be meant is refused by every way to start a run", ours=[422, 422, 422, 422])
async def on_disconnect_that_is_no_choice(side: Side) -> Any:
    return await _statuses(side, on_disconnect="bogus")


@rows.differs("what can't be meant is refused by every way to start a run", ours=[422, 422, 422, 422])
async def on_completion_that_is_no_choice(side: Side) -> Any:
    return await _statuses(side, on_completion="bogus")


@rows.differs("what can't be meant is refused by every way to start a run", ours=[422, 422, 422, 422])
async def after_less_than_no_seconds(side: Side) -> Any:
    return await _statuses(side, after_seconds=-1)


@rows.differs(
    "a run that failed says why, as long as it is kept", ours={"error": "ValueError", "message": "boom happened"}
)
async def error_of_a_run(side: Side) -> Any:
    thread = await side.thread()
    await side.sdk.runs.wait(thread, "boom", input={"foo": "a"}, raise_error=False)
    (run,) = await side.sdk.runs.list(thread)
    return dict(run).get("error")
