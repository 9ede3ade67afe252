"""What the assistants of both servers have in common, and where ours differs on purpose."""

from typing import Any

from tests.compatibility.differential import JSON, Rows, Side, refused, refused_somehow

rows = Rows()

UNKNOWN = "00000000-0000-4000-8000-000000000000"
CHANGED = "whole_message"  # the graph whose default assistant a row changes


async def _default(side: Side, graph: str) -> str:
    """The id of a graph's default assistant."""
    found = await side.sdk.assistants.search(graph_id=graph, metadata={"created_by": "system"}, limit=1)
    return found[0]["assistant_id"]


async def _refusals(side: Side, path: str, *bodies: Any) -> list[Any]:
    """Status, and whether there is a sentence, of a POST with each of the bodies."""
    return [await _refusal(side, path, body) for body in bodies]


async def _refusal(side: Side, path: str, body: Any, method: str = "POST") -> Any:
    answer = await side.request(method, path, body)
    detail = answer["body"].get("detail") if isinstance(answer["body"], dict) else None
    return [answer["status"], isinstance(detail, str) and bool(detail)]


async def _names(side: Side, **given: Any) -> list[str]:
    """The names of the assistants that a search finds, as they come."""
    return [row["name"] for row in await side.sdk.assistants.search(**{"limit": 50, **given})]


# Create


@rows.same
async def create_with_context(side: Side) -> Any:
    return await side.sdk.assistants.create(
        "pydantic_context", context={"system_prompt": "p"}, metadata={"m": 1}, name="A", description="d"
    )


@rows.same
async def create_with_nothing_but_a_graph(side: Side) -> Any:
    return await side.request("POST", "/assistants", {"graph_id": "no_context"})


@rows.same
async def create_with_config(side: Side) -> Any:
    config = {"configurable": {"system_prompt": "p", "extra": {"a": [1, None]}}, "tags": ["t"], "recursion_limit": 7}
    return await side.sdk.assistants.create("pydantic_context", config=config)  # type: ignore[arg-type]


@rows.same
async def create_keeps_other_keys_of_the_config(side: Side) -> Any:
    config = {"max_concurrency": 2, "own": {"a": 1}, "metadata": {"cm": 1}}
    return await side.request("POST", "/assistants", {"graph_id": "no_context", "config": config})


@rows.same
async def create_does_not_check_the_context(side: Side) -> Any:
    context = {"temperature": 99, "bogus": 1, "model": "unknown"}
    return await side.sdk.assistants.create("pydantic_context", context=context)


@rows.same
async def create_ignores_unknown_keys(side: Side) -> Any:
    return await side.request("POST", "/assistants", {"graph_id": "no_context", "version": 9, "bogus": 1})


@rows.same
async def create_with_context_and_configurable(side: Side) -> Any:
    both = {"config": {"configurable": {"a": 1}}, "context": {"b": 2}}
    empty = {"config": {"configurable": {}}, "context": {"b": 2}}
    cleared = {"config": {"configurable": {"a": 1}}, "context": {}}
    return [
        await side.request("POST", "/assistants", {"graph_id": "no_context", **given})
        for given in (both, empty, cleared)
    ]


@rows.same
async def create_refuses_null(side: Side) -> Any:
    fields = ("graph_id", "name", "config", "context", "metadata", "assistant_id", "if_exists")
    bodies = [{"graph_id": "no_context", field: None} for field in fields]
    fine = await side.request("POST", "/assistants", {"graph_id": "no_context", "description": None})
    return [await _refusals(side, "/assistants", *bodies), fine]


@rows.same
async def create_refuses_wrong_types(side: Side) -> Any:
    wrong: list[JSON] = [
        {"graph_id": 1},
        {"config": []},
        {"config": {"tags": "t"}},
        {"config": {"tags": [1]}},
        {"config": {"recursion_limit": "5"}},
        {"config": {"recursion_limit": 1.5}},
        {"config": {"recursion_limit": None}},
        {"config": {"configurable": []}},
        {"config": {"configurable": None}},
        {"context": "text"},
        {"metadata": [1]},
        {"name": 1},
        {"description": 1},
        {"if_exists": "bogus"},
    ]
    return await _refusals(side, "/assistants", *({"graph_id": "no_context", **body} for body in wrong))


@rows.same
async def create_refuses_what_is_no_object(side: Side) -> Any:
    sent: JSON = {"headers": {"content-type": "application/json"}}
    contents = (b"", b"{", b"\xff")
    answers = [await side.http.post("/assistants", content=content, **sent) for content in contents]
    nan = await side.http.post("/assistants", content=b'{"graph_id": "no_context", "context": {"a": NaN}}', **sent)
    return [
        [[answer.status_code, answer.json()] for answer in answers],
        nan.status_code,
        await _refusals(side, "/assistants", {}, [], "text", None),
    ]


@rows.same
async def create_of_an_unknown_graph(side: Side) -> Any:
    return await refused(side.sdk.assistants.create("nope"))


@rows.same
async def create_with_an_id(side: Side) -> Any:
    spelled = f"AAAAAAAA-0000-4000-8000-{side.mark}"
    made = await side.request("POST", "/assistants", {"graph_id": "no_context", "assistant_id": spelled})
    again = await side.request("GET", f"/assistants/{spelled.lower()}")
    wrong = await side.request("POST", "/assistants", {"graph_id": "no_context", "assistant_id": "no uuid"})
    empty = await side.request("POST", "/assistants", {"graph_id": "no_context", "assistant_id": ""})
    return [made["status"], made["body"]["assistant_id"] == spelled.lower(), again["status"], wrong, empty["status"]]


@rows.same
async def create_what_exists(side: Side) -> Any:
    made = await side.assistant("no_context", name="first", metadata={"m": 1})
    given: JSON = {"graph_id": "named", "assistant_id": made, "name": "second"}
    return [
        await side.request("POST", "/assistants", given),
        await side.request("POST", "/assistants", given | {"if_exists": "raise"}),
        await side.request("POST", "/assistants", given | {"if_exists": "do_nothing"}),
    ]


@rows.same
async def create_without_a_name(side: Side) -> Any:
    return await side.request("POST", "/assistants", {"graph_id": "no_context", "name": "", "description": ""})


@rows.same
async def create_leaves_out_reserved_metadata(side: Side) -> Any:
    metadata = {"thread_id": 1, "assistant_id": 2, "run_id": 3, "cron_id": 4, "graph_id": 5, "created_by": "me"}
    given = {"graph_id": "no_context", "metadata": metadata, "config": {"metadata": {"run_id": 1, "k": 2}}}
    return await side.request("POST", "/assistants", given)


@rows.same
async def create_leaves_out_reserved_context(side: Side) -> Any:
    reserved = {"langgraph_auth_user": {"id": 1}, "langgraph_request_id": "r", "__after_seconds__": 5, "mine": 1}
    by_context = await side.request("POST", "/assistants", {"graph_id": "no_context", "context": reserved})
    config = {"configurable": {**reserved, "thread_id": "kept"}}
    by_config = await side.request("POST", "/assistants", {"graph_id": "no_context", "config": config})
    # Own keys never reach a comparison: look here.
    return [
        [sorted(row["body"]["context"]), sorted(row["body"]["config"]["configurable"])]
        for row in (by_context, by_config)
    ]


# Get


@rows.same
async def an_unknown_assistant_is_404(side: Side) -> Any:
    return await refused_somehow(side.sdk.assistants.get(UNKNOWN))


@rows.same
async def get_what_was_created(side: Side) -> Any:
    made = await side.sdk.assistants.create("named", context={"a": {"b": [1.5, "ä", None]}}, name="N")
    return [made, await side.sdk.assistants.get(made["assistant_id"]) == made]


@rows.same
async def an_id_is_a_uuid(side: Side) -> Any:
    asked = [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/schemas"), ("GET", "/subgraphs"), ("GET", "/graph")]
    asked += [("POST", "/versions"), ("POST", "/latest")]
    return [
        await side.request(method, f"/assistants/bogus{path}", None if method in ("GET", "DELETE") else {"version": 1})
        for method, path in asked
    ]


@rows.same
async def a_graphs_name_is_no_id(side: Side) -> Any:
    asked = [("GET", ""), ("PATCH", ""), ("POST", "/versions"), ("POST", "/latest")]
    return [
        await side.request(method, f"/assistants/no_context{path}", None if method == "GET" else {"version": 1})
        for method, path in asked
    ]


@rows.same
async def default_assistants(side: Side) -> Any:
    found = await side.sdk.assistants.search(metadata={"created_by": "system"}, limit=100)
    kept = ("assistant_id", "graph_id", "config", "context", "metadata", "description", "version")
    others = [row for row in found if row["graph_id"] != CHANGED]
    return sorted(([row.get(key) for key in kept] for row in others), key=lambda row: str(row[1]))


# Search and count


@rows.same
async def search_pages(side: Side) -> Any:
    for number in range(5):
        await side.assistant("no_context", name=f"{number}", metadata={"page": side.mark})
    pages: list[Any] = []
    for given in ({"limit": 2}, {"limit": 2, "offset": 2}, {"limit": 2, "offset": 4}, {"offset": 9}, {"limit": 5}):
        answer = await side.request(
            "POST",
            "/assistants/search",
            {"metadata": {"page": side.mark}, **given},
            "x-pagination-total",
            "x-pagination-next",
        )
        pages.append([answer["status"], [row["name"] for row in answer["body"]], answer["headers"]])
    return pages


@rows.same
async def search_answers_an_object(side: Side) -> Any:
    for name in ("one", "two"):
        await side.assistant("no_context", name=name, metadata={"object": side.mark})
    given: JSON = {"metadata": {"object": side.mark}, "response_format": "object"}
    first = await side.sdk.assistants.search(**given, limit=1)
    last = await side.sdk.assistants.search(**given, limit=1, offset=1)
    return [first, last]


@rows.same
async def search_by_metadata(side: Side) -> Any:
    mark = {"by_metadata": side.mark}
    kept: list[JSON] = [
        {"a": 1},
        {"a": {"b": {"c": 2}, "d": 3}},
        {"a": [1, 2, 3]},
        {"a": None},
        {"a": [{"x": 1, "y": 2}]},
        {"a": "text"},
    ]
    for number, metadata in enumerate(kept):
        await side.assistant("no_context", name=str(number), metadata=mark | metadata)
    asked: list[JSON] = [*kept, {}, {"a": {"b": {}}}, {"a": {"d": 3}}, {"a": {}}, {"a": []}, {"b": None}, {"a": "TEXT"}]
    return [await _names(side, metadata=mark | wanted, sort_by="name", sort_order="asc") for wanted in asked]


@rows.same
async def search_by_a_part_of_a_list(side: Side) -> Any:
    mark = {"in_list": side.mark}
    await side.assistant("no_context", metadata=mark | {"a": [1, 2]})
    return [await _names(side, metadata=mark | {"a": wanted}) for wanted in ([1], [2, 1], [1, 2], [1, 2, 3])]


@rows.same
async def search_by_name(side: Side) -> Any:
    for name in ("Alpha_1", "alpha-2", "BETA 100%", "Straße"):
        await side.assistant("no_context", name=f"{name} {side.mark}")
    asked = ("alpha", "ALPHA", "_1", "%", "a%a", "pha", "beta 1", "STRASSE", "straße", ".*", "nothing")
    mark = side.mark
    return [
        [name.removesuffix(f" {mark}") for name in await _names(side, name=part, sort_by="name") if mark in name]
        for part in asked
    ]


@rows.same
async def search_by_graph(side: Side) -> Any:
    for graph in ("no_context", "named"):
        await side.assistant(graph, name=graph, metadata={"graph": side.mark})
    return [
        await _names(side, metadata={"graph": side.mark}, graph_id="named"),
        await side.request("POST", "/assistants/search", {"graph_id": "nope"}),
        await side.request("POST", "/assistants/count", {"graph_id": "nope"}),
    ]


@rows.same
async def search_sorted(side: Side) -> Any:
    mark = {"sorted": side.mark}
    made = [
        await side.assistant(graph, name=name, metadata=mark)
        for graph, name in (("named", "b"), ("builder", "C"), ("split", "a"), ("builder", "B"))
    ]
    await side.sdk.assistants.update(made[1], description="changed")
    by: JSON = {
        f"{field} {order}": await _names(side, metadata=mark, sort_by=field, sort_order=order)
        for field in ("name", "created_at", "updated_at")
        for order in ("asc", "desc", None)
    }
    graphs = [
        [
            row["graph_id"]
            for row in await side.sdk.assistants.search(metadata=mark, sort_by="graph_id", sort_order=order)
        ]
        for order in ("asc", "desc")
    ]
    ids = [
        row["assistant_id"]
        for row in await side.sdk.assistants.search(metadata=mark, sort_by="assistant_id", sort_order="asc")
    ]
    return [by, graphs, ids == sorted(made), await _names(side, metadata=mark)]


@rows.same
async def search_selects(side: Side) -> Any:
    await side.assistant("no_context", name="S", metadata={"select": side.mark})
    given: JSON = {"metadata": {"select": side.mark}}
    return [
        await side.request("POST", "/assistants/search", given | {"select": select})
        for select in (["name"], ["assistant_id", "version", "metadata"], [], ["name", "name"])
    ]


@rows.same
async def search_refuses(side: Side) -> Any:
    wrong: list[JSON] = [
        {"select": ["bogus"]},
        {"select": "name"},
        {"select": None},
        {"sort_by": "bogus"},
        {"sort_by": None},
        {"sort_order": "up"},
        {"sort_order": "ASC"},
        {"limit": 0},
        {"limit": 1001},
        {"limit": "5"},
        {"limit": 1.5},
        {"limit": None},
        {"offset": -1},
        {"metadata": None},
        {"metadata": []},
        {"name": None},
        {"graph_id": None},
    ]
    return await _refusals(side, "/assistants/search", *wrong)


@rows.same
async def search_takes_whole_floats_and_unknown_keys(side: Side) -> Any:
    await side.assistant("no_context", name="W", metadata={"floats": side.mark})
    given = {"metadata": {"floats": side.mark}, "limit": 1.0, "offset": 0.0, "bogus": 1}
    answer = await side.request("POST", "/assistants/search", given)
    return [answer["status"], len(answer["body"])]


@rows.same
async def search_needs_a_body(side: Side) -> Any:
    answers = [await side.http.post(path) for path in ("/assistants/search", "/assistants/count")]
    return [[answer.status_code, answer.json()] for answer in answers]


@rows.same
async def count(side: Side) -> Any:
    for name in ("X1", "x2", "y"):
        await side.assistant("no_context", name=name, metadata={"count": side.mark})
    mark = {"count": side.mark}
    return [
        await side.request("POST", "/assistants/count", {"metadata": mark}),
        await side.sdk.assistants.count(metadata=mark, graph_id="no_context"),
        await side.sdk.assistants.count(metadata=mark, graph_id="named"),
        await side.sdk.assistants.count(metadata=mark, name="X"),
        await _refusals(side, "/assistants/count", {"metadata": 1}, {"name": 1}, {"graph_id": None}),
    ]


# Update


@rows.same
async def an_empty_update_is_a_version(side: Side) -> Any:
    made = await side.assistant("pydantic_context", context={"temperature": 1}, metadata={"m": 1}, description="d")
    once = await side.request("PATCH", f"/assistants/{made}", {})
    return [once, await side.request("PATCH", f"/assistants/{made}", {"bogus": 1})]


@rows.same
async def update_replaces_the_context(side: Side) -> Any:
    made = await side.assistant("pydantic_context", context={"temperature": 1, "system_prompt": "p"})
    return await side.sdk.assistants.update(made, context={"temperature": 2})


@rows.same
async def update_replaces_the_config(side: Side) -> Any:
    given: JSON = {"configurable": {"a": 1, "b": {"c": 2}}, "tags": ["t"], "recursion_limit": 5}
    made = await side.assistant("no_context", config=given)
    once = await side.sdk.assistants.update(made, config={"configurable": {"b": {"d": 3}}})
    return [once, await side.sdk.assistants.update(made, config={})]


@rows.same
async def update_merges_metadata(side: Side) -> Any:
    made = await side.assistant("no_context", metadata={"a": 1, "nest": {"x": 1}, "list": [1]})
    new = {"b": 2, "nest": {"z": 3}, "list": [], "a": None, "run_id": "reserved"}
    return await side.sdk.assistants.update(made, metadata=new)


@rows.same
async def update_changes_what_is_named(side: Side) -> Any:
    made = await side.assistant("pydantic_context", name="A", description="d", context={"temperature": 1})
    return [
        await side.sdk.assistants.update(made, name="B"),
        await side.sdk.assistants.update(made, description="e"),
        await side.sdk.assistants.update(made, graph_id="dataclass_context"),
        await side.request("PATCH", f"/assistants/{made}", {"name": "", "description": ""}),
    ]


@rows.same
async def update_moves_updated_at_only(side: Side) -> Any:
    made = await side.sdk.assistants.create("no_context")
    changed = await side.sdk.assistants.update(made["assistant_id"], name="B")
    return [changed["created_at"] == made["created_at"], changed["updated_at"] > made["updated_at"]]


@rows.same
async def update_refuses(side: Side) -> Any:
    made = await side.assistant("no_context", name="kept")
    wrong: list[JSON] = [
        *({field: None} for field in ("graph_id", "name", "config", "context", "metadata", "description")),
        {"config": {"recursion_limit": "5"}},
        {"config": {"tags": [1]}},
        {"config": {"configurable": 1}},
        {"context": [1]},
        {"metadata": "m"},
        {"config": {"configurable": {"a": 1}}, "context": {"b": 1}},
    ]
    refusals = [await _refusal(side, f"/assistants/{made}", body, "PATCH") for body in wrong]
    return [refusals, (await side.sdk.assistants.get(made))["version"]]


@rows.same
async def update_of_the_unknown(side: Side) -> Any:
    made = await side.assistant("no_context")
    return [
        await side.request("PATCH", f"/assistants/{UNKNOWN}", {}),
        await side.request("PATCH", f"/assistants/{made}", {"graph_id": "nope"}),
    ]


@rows.same
async def update_a_default_assistant(side: Side) -> Any:
    default = await _default(side, CHANGED)
    changed = await side.sdk.assistants.update(default, context={"a": 1}, metadata={"mine": True})
    return [changed["context"], changed["metadata"], changed["assistant_id"]]


# Versions


@rows.same
async def versions_have_everything_but_updated_at(side: Side) -> Any:
    made = await side.assistant("pydantic_context", name="A", context={"temperature": 1}, metadata={"m": 1})
    await side.sdk.assistants.update(made, name="B", graph_id="named", metadata={"m": 2}, description="d")
    return await side.sdk.assistants.get_versions(made)


@rows.same
async def versions_page(side: Side) -> Any:
    made = await side.assistant("no_context", metadata={"even": True})
    for number in range(2, 13):
        await side.sdk.assistants.update(made, metadata={"even": number % 2 == 0})

    async def numbers(**given: Any) -> Any:
        found = await refused(side.sdk.assistants.get_versions(made, **given))
        return [row["version"] for row in found] if isinstance(found, list) else found

    return [
        await numbers(),
        await numbers(limit=2, offset=1),
        await numbers(metadata={"even": True}, limit=3),
        await numbers(offset=12),
        await numbers(metadata={"even": "neither"}),
    ]


@rows.same
async def versions_of_the_unknown_and_refusals(side: Side) -> Any:
    made = await side.assistant("no_context")
    path = f"/assistants/{made}/versions"
    return [
        await side.request("POST", f"/assistants/{UNKNOWN}/versions", {}),
        await _refusals(side, path, {"limit": 0}, {"limit": 1001}, {"offset": -1}, {"metadata": None}, []),
    ]


@rows.same
async def set_latest(side: Side) -> Any:
    made = await side.assistant("no_context", name="A", metadata={"v": 1}, description="d1")
    await side.sdk.assistants.update(made, name="B", metadata={"v": 2, "w": 1}, description="d2")
    back = await side.sdk.assistants.set_latest(made, 1)
    numbers = [row["version"] for row in await side.sdk.assistants.get_versions(made)]
    third = await side.sdk.assistants.update(made, metadata={"x": 1})
    again = await side.sdk.assistants.set_latest(made, 3)
    return [back, numbers, third, again]


@rows.same
async def set_latest_refuses(side: Side) -> Any:
    made = await side.assistant("no_context")
    path = f"/assistants/{made}/latest"
    return [
        await side.request("POST", path, {"version": 9}),
        await side.request("POST", path, {"version": 0}),
        await side.request("POST", path, {"version": -1}),
        await _refusals(side, path, {"version": "1"}, {"version": 1.5}, {"version": None}, []),
        (await side.request("POST", path, {"version": 1}))["status"],
    ]


@rows.same
async def set_latest_of_the_unknown(side: Side) -> Any:
    return await side.request("POST", f"/assistants/{UNKNOWN}/latest", {"version": 1})


@rows.differs("a rollback restores every field", ours=({"system_prompt": "one"}, {"system_prompt": "one"}))
async def rollback_restores_the_context(side: Side) -> Any:
    assistant = await side.assistant("pydantic_context", context={"system_prompt": "one"})
    await side.sdk.assistants.update(assistant, context={"system_prompt": "two"})
    back = await side.sdk.assistants.set_latest(assistant, 1)
    return back["context"], back["config"]["configurable"]


@rows.differs("a rollback restores every field", ours="named")
async def rollback_restores_the_graph(side: Side) -> Any:
    assistant = await side.assistant("named")
    await side.sdk.assistants.update(assistant, graph_id="no_context")
    return (await side.sdk.assistants.set_latest(assistant, 1))["graph_id"]


# Delete


@rows.same
async def delete(side: Side) -> Any:
    made = await side.assistant("no_context")
    return [
        await side.request("DELETE", f"/assistants/{made}"),
        await side.request("DELETE", f"/assistants/{made}"),
        await refused_somehow(side.sdk.assistants.get(made)),
        await side.request("POST", f"/assistants/{made}/versions", {}),
        await side.request("POST", f"/assistants/{made}/latest", {"version": 1}),
        await refused_somehow(side.sdk.assistants.get_schemas(made)),
        await refused_somehow(side.sdk.assistants.get_graph(made)),
        await refused_somehow(side.sdk.assistants.get_subgraphs(made)),
        await refused_somehow(side.sdk.runs.wait(None, made, input={"foo": "a"})),
        await side.request("POST", "/assistants", {"graph_id": "no_context", "assistant_id": made, "name": "again"}),
    ]


@rows.same
async def delete_leaves_threads_and_runs(side: Side) -> Any:
    made, thread = await side.assistant("no_context"), await side.thread()
    await side.sdk.runs.wait(thread, made, input={"foo": "a"})
    await side.sdk.assistants.delete(made)
    found = await side.sdk.runs.list(thread)
    state = await side.sdk.threads.get(thread)
    return [[row["assistant_id"] == made for row in found], state["status"], state["metadata"]]


@rows.same
async def delete_with_its_threads(side: Side) -> Any:
    made, other = await side.assistant("no_context"), await side.assistant("no_context")
    threads = [await side.thread(metadata={"n": number}) for number in range(3)]
    await side.sdk.runs.wait(threads[0], made, input={"foo": "a"})
    await side.sdk.runs.wait(threads[1], other, input={"foo": "a"})
    await side.sdk.assistants.delete(made, delete_threads=True)
    return [(await side.request("GET", f"/threads/{thread}"))["status"] for thread in threads]


@rows.same
async def delete_stops_what_waits(side: Side) -> Any:
    made, thread = await side.assistant("no_context"), await side.thread()
    run = await side.sdk.runs.create(thread, made, input={"foo": "a"}, after_seconds=60)
    await side.sdk.assistants.delete(made)

    async def status() -> Any:
        return (await side.sdk.runs.get(thread, run["run_id"]))["status"]

    return [
        await side.until(status, lambda found: found == "interrupted"),
        (await side.sdk.threads.get(thread))["status"],
        await refused_somehow(side.sdk.runs.create(thread, made, input={})),
    ]


# Schemas


CONTEXTS = ("pydantic_context", "dataclass_context", "dict_context", "required_context", "config_schema")
STATES = ("no_context", "builder", "named", "split", "pydantic_state", "functional", "agent", "unrenderable")
FACTORIES = ("no_arguments", "from_config", "from_runtime", "context_manager")


def _same_schemas(graph: str) -> None:
    async def play(side: Side) -> Any:
        return await side.sdk.assistants.get_schemas(await _default(side, graph))

    play.__name__ = f"schemas_of_{graph}"
    rows.same(play)


for _graph in (*CONTEXTS, *STATES, *FACTORIES):
    _same_schemas(_graph)


# Drawings


@rows.same
async def drawing_of_every_kind(side: Side) -> Any:
    graphs = ("no_context", "functional", "branches", "fan_out", "loop", "agent", "subgraphs", "parallel", "steps")
    return {graph: await side.sdk.assistants.get_graph(graph) for graph in graphs}


@rows.same
async def drawing_shows_subgraphs(side: Side) -> Any:
    asked: list[Any] = [True, 1, 2, False]
    return [await side.sdk.assistants.get_graph("subgraphs", xray=xray) for xray in asked]


@rows.same
async def drawing_by_id_and_by_name(side: Side) -> Any:
    default = await _default(side, "branches")
    return await side.sdk.assistants.get_graph(default) == await side.sdk.assistants.get_graph("branches")


@rows.same
async def drawing_refuses(side: Side) -> Any:
    asked = ("0", "-1", "1.5", "bogus", "True", "False", "TRUE", "")
    answers = [await side.request("GET", "/assistants/no_context/graph", params={"xray": text}) for text in asked]
    return [answer if answer["status"] != 200 else 200 for answer in answers]


@rows.same
async def a_factory_draws_what_its_assistant_says(side: Side) -> Any:
    made = await side.assistant("from_config", context={"n_nodes": 3})
    first = await side.sdk.assistants.get_graph(made)
    await side.sdk.assistants.update(made, context={"n_nodes": 2})
    return [first, await side.sdk.assistants.get_graph(made), await side.sdk.assistants.get_graph("from_config")]


# Subgraphs


@rows.same
async def subgraphs(side: Side) -> Any:
    default = await _default(side, "subgraphs")
    return [
        await side.sdk.assistants.get_subgraphs(default),
        await side.sdk.assistants.get_subgraphs(default, recurse=True),
        await side.sdk.assistants.get_subgraphs(default, namespace="sub"),
        await side.sdk.assistants.get_subgraphs(default, namespace="nope"),
        await side.sdk.assistants.get_subgraphs(await _default(side, "no_context"), recurse=True),
    ]


@rows.same
async def subgraphs_of_subgraphs(side: Side) -> Any:
    default = await _default(side, "deeper")
    get: Any = side.sdk.assistants.get_subgraphs
    return [
        sorted(await get(default)),
        sorted(await get(default, recurse=True)),
        sorted(await get(default, namespace="outer|sub")),
        sorted(await get(default, namespace="outer")),
        sorted(await get(default, namespace="nowhere|else")),
        await side.sdk.assistants.get_graph("deeper", xray=True),
        await side.sdk.assistants.get_graph("deeper", xray=1),
    ]


# The server itself


@rows.same
async def health(side: Side) -> Any:
    return [await side.request("GET", path) for path in ("/ok", "/ok?check_db=1", "/")]


@rows.same
async def info_names_flags(side: Side) -> Any:
    found = (await side.request("GET", "/info"))["body"]
    return [sorted(found), sorted(found["flags"]), found["flags"]["assistants"], found["langgraph_py_version"]]


@rows.same
async def what_is_nowhere(side: Side) -> Any:
    nowhere = await side.request("GET", "/nowhere")
    wrong = await side.request("PUT", "/assistants", {})
    return [nowhere["status"], wrong]


# Where ours differs on purpose


@rows.differs(
    "a factory that raises is the user's, and its error is said", ours=[[424, True], [424, True], [424, True]]
)
async def a_failing_factory_is_said(side: Side) -> Any:
    made = await side.assistant("failing_factory")
    paths = [f"/assistants/{made}/{what}" for what in ("schemas", "graph", "subgraphs")]
    # The real server closes the connection that failed.
    answers = [await side.request("GET", path, headers={"connection": "close"}) for path in paths]
    return [[answer["status"], "no such model" in str(answer["body"])] for answer in answers]


@rows.differs(
    "a new context leaves tags and the like alone",
    ours={"configurable": {"model": "x"}, "tags": ["t"], "recursion_limit": 5},
)
async def a_new_context_keeps_the_rest_of_the_config(side: Side) -> Any:
    made = await side.assistant("no_context", context={"a": 1}, config={"tags": ["t"], "recursion_limit": 5})
    return (await side.sdk.assistants.update(made, context={"model": "x"}))["config"]


@rows.differs("context and configurable are always the same", ours=[{}, {}])
async def an_empty_context_clears(side: Side) -> Any:
    made = await side.assistant("no_context", context={"a": 1})
    cleared = await side.sdk.assistants.update(made, context={})
    return [cleared["context"], cleared["config"]]


@rows.differs(
    "context and configurable are always the same", ours=[{"a": 1}, {"tags": ["t2"], "configurable": {"a": 1}}]
)
async def a_config_without_configurable_keeps_the_context(side: Side) -> Any:
    made = await side.assistant("no_context", context={"a": 1})
    changed = await side.sdk.assistants.update(made, config={"tags": ["t2"]})
    return [changed["context"], changed["config"]]


@rows.differs(
    "what is missing is said, not looked up", ours={"status": 422, "body": {"detail": "version: Field required"}}
)
async def set_latest_without_a_version(side: Side) -> Any:
    made = await side.assistant("no_context")
    return await side.request("POST", f"/assistants/{made}/latest", {})


@rows.differs("true is not 1", ours=[["number"], ["yes"]])
async def search_tells_true_from_one(side: Side) -> Any:
    mark = {"yes": side.mark}
    await side.assistant("no_context", name="number", metadata=mark | {"a": 1})
    await side.assistant("no_context", name="yes", metadata=mark | {"a": True})
    return [await _names(side, metadata=mark | {"a": wanted}) for wanted in (1, True)]


@rows.differs("what reads a graph takes its name, too", ours=[200, 200, 200])
async def a_graphs_name_reads_its_schemas(side: Side) -> Any:
    paths = ("schemas", "subgraphs", "graph")
    return [(await side.request("GET", f"/assistants/no_context/{path}"))["status"] for path in paths]


@rows.differs("the name in langgraph.json is known before any code is imported", ours="named")
async def name_of_a_default_assistant(side: Side) -> Any:
    return (await side.sdk.assistants.get(await _default(side, "named")))["name"]


@rows.differs("text comes back as it was", ours=["a\0b", {"k\0": "x\0y"}, {"c\0": 1}])
async def nul_is_kept(side: Side) -> Any:
    given = {"graph_id": "no_context", "name": "a\0b", "metadata": {"k\0": "x\0y"}, "context": {"c\0": 1}}
    made = (await side.request("POST", "/assistants", given))["body"]
    return [made.get("name"), made.get("metadata"), made.get("context")]


@rows.differs("a body that a page of any site could send is not taken", ours=[[422, True], [422, True]])
async def a_body_is_sent_as_json(side: Side) -> Any:
    answers = [
        await side.http.post("/assistants", content=b'{"graph_id": "no_context"}', headers={"content-type": kind})
        for kind in ("text/plain", "application/x-www-form-urlencoded")
    ]
    return [[answer.status_code, "application/json" in answer.json().get("detail", "")] for answer in answers]
