"""What the items of both servers have in common, and where ours differs on purpose."""

from typing import Any

from tests.compatibility.differential import JSON, Rows, Side

rows = Rows()


async def _filled(side: Side, **values: Any) -> list[str]:
    """A namespace of the scenario's own with these items."""
    namespace = ["items", side.mark]
    for key, value in values.items():
        await side.sdk.store.put_item(namespace, key, value)
    return namespace


async def _keys(side: Side, namespace: list[str], **given: Any) -> list[str]:
    """The keys of what a search finds, in their own order: that of the real server is nobody's promise."""
    return sorted(row["key"] for row in (await side.sdk.store.search_items(namespace, **given))["items"])


async def _namespaces(side: Side, **given: Any) -> Any:
    return (await side.sdk.store.list_namespaces(**given))["namespaces"]


async def _said(side: Side, method: str, path: str, json: Any = None, **given: Any) -> Any:
    """Status and sentence: the real server's refusals of namespaces are bare text."""
    answer = await side.request(method, path, json, **given)
    body = answer["body"]
    return [answer["status"], body["detail"] if isinstance(body, dict) and "detail" in body else body]


async def _statuses(side: Side, method: str, path: str, *bodies: Any) -> list[int]:
    return [(await side.request(method, path, body))["status"] for body in bodies]


@rows.same
async def put_get_delete(side: Side) -> Any:
    item = {"namespace": ["items", side.mark], "key": "k", "value": {"text": "ä", "n": [1, 2.5, None, {"a": {}}]}}
    asked = {"namespace": f"items.{side.mark}", "key": "k"}
    return [
        await side.request("PUT", "/store/items", item),
        await side.request("GET", "/store/items", params=asked),
        await side.request("PUT", "/store/items", item | {"value": {}}),
        await side.request("GET", "/store/items", params=asked),
        await side.request("DELETE", "/store/items", {"namespace": item["namespace"], "key": "k"}),
        await side.request("DELETE", "/store/items", {"namespace": item["namespace"], "key": "k"}),
        await side.request("GET", "/store/items", params=asked),
    ]


@rows.same
async def keys_are_any_text(side: Side) -> Any:
    namespace = ["items", side.mark]
    for key in ("a.b", "ü/..", " ", "x" * 500):
        await side.sdk.store.put_item(namespace, key, {"key": key})
    found = [await side.sdk.store.get_item(namespace, key) for key in ("a.b", "ü/..", " ", "x" * 500, "a")]
    return [(row and row["value"]) for row in found]


@rows.same
async def put_answers_created_and_updated(side: Side) -> Any:
    namespace = await _filled(side, k={"v": 1})
    item = await side.sdk.store.get_item(namespace, "k")
    return [sorted(item), item["updated_at"] >= item["created_at"]]


@rows.same
async def put_refuses(side: Side) -> Any:
    item: JSON = {"namespace": ["items", side.mark], "key": "k", "value": {}}
    wrong: list[JSON] = [
        {"namespace": "text"},
        {"namespace": [1]},
        {"namespace": None},
        {"key": 1},
        {"key": None},
        {"value": []},
        {"value": "text"},
        {"value": None},
        {"ttl": "5"},
        {"index": True},
        {"index": [1]},
        {"index": "text"},
    ]
    return [
        await _statuses(side, "PUT", "/store/items", *(item | body for body in wrong)),
        await _statuses(side, "PUT", "/store/items", *({k: v for k, v in item.items() if k != name} for name in item)),
        await side.request("GET", "/store/items", params={"namespace": f"items.{side.mark}", "key": "k"}),
    ]


@rows.same
async def put_takes_index_and_unknown_keys(side: Side) -> Any:
    item = {"namespace": ["items", side.mark], "key": "k", "value": {"a": 1}, "bogus": 1}
    bodies = [item | more for more in ({"index": False}, {"index": None}, {"index": ["a"]}, {"ttl": None})]
    return await _statuses(side, "PUT", "/store/items", *bodies)


@rows.same
async def labels_of_a_namespace(side: Side) -> Any:
    wrong = (["a", ""], ["a.b"], [""])
    puts = [await _said(side, "PUT", "/store/items", {"namespace": n, "key": "k", "value": {}}) for n in wrong]
    deletes = [await _said(side, "DELETE", "/store/items", {"namespace": n, "key": "k"}) for n in wrong]
    searches = [await _said(side, "POST", "/store/items/search", {"namespace_prefix": n}) for n in wrong]
    listed = [await _said(side, "POST", "/store/namespaces", {"prefix": n, "suffix": ["x"]}) for n in wrong]
    suffixed = [await _said(side, "POST", "/store/namespaces", {"suffix": n}) for n in wrong]
    got = [await _said(side, "GET", "/store/items", params={"namespace": n, "key": "k"}) for n in ("", "a.", ".a")]
    return [puts, deletes, searches, listed, suffixed, got]


@rows.same
async def namespaces_that_are_not_written_to(side: Side) -> Any:
    wrong = ([], ["langgraph"], ["langgraph", "x"])
    puts = [await _said(side, "PUT", "/store/items", {"namespace": n, "key": "k", "value": {}}) for n in wrong]
    nul = await side.request("PUT", "/store/items", {"namespace": ["a\0"], "key": "k", "value": {}})
    return [puts, nul["status"], await side.sdk.store.get_item(["langgraph", "x"], "k")]


@rows.alone
@rows.same
async def search_by_an_unknown_operator(side: Side) -> Any:
    namespace = await _filled(side, k={"n": 1})
    return await _said(
        side, "POST", "/store/items/search", {"namespace_prefix": namespace, "filter": {"n": {"$foo": 1}}}
    )


@rows.same
async def namespaces_at_no_depth(side: Side) -> Any:
    await _filled(side, k={})
    return [
        await _namespaces(side, prefix=["items", side.mark], max_depth=0),
        await _namespaces(side, prefix=["items", side.mark], limit=0),
    ]


@rows.same
async def delete_refuses(side: Side) -> Any:
    return await _statuses(side, "DELETE", "/store/items", {}, {"namespace": ["a"]}, {"key": 1, "namespace": ["a"]})


@rows.same
async def search_in_a_namespace_and_below(side: Side) -> Any:
    put = side.sdk.store.put_item
    for path in (["a"], ["a", "b"], ["a", "b", "c"], ["ab"], ["b"]):
        await put(["below", side.mark, *path], "-".join(path), {"path": path})
    return [
        await _keys(side, ["below", side.mark, *prefix]) for prefix in ([], ["a"], ["a", "b"], ["a", "b", "c"], ["c"])
    ]


@rows.same
async def search_answers_whole_items(side: Side) -> Any:
    namespace = await _filled(side, k={"v": {"nested": True}})
    return await side.request("POST", "/store/items/search", {"namespace_prefix": namespace})


@rows.same
async def search_by_equal_values(side: Side) -> Any:
    namespace = await _filled(
        side,
        number={"a": 1},
        text={"a": "x"},
        null={"a": None},
        missing={"b": 1},
        object={"a": {"b": 1, "c": [1, {"d": 2}]}},
        list={"a": [1, 2]},
        yes={"a": True, "b": 1},
    )
    asked: list[JSON] = [
        {"a": "x"},
        {"a": None},
        {"a": {"b": 1}},
        {"a": {"c": [1, {"d": 2}]}},
        {"a": {"c": [1]}},
        {"a": {}},
        {"a": [1, 2]},
        {"a": [1]},
        {"a": []},
        {"b": 1, "a": True},
        {},
    ]
    return [await _keys(side, namespace, filter=wanted) for wanted in asked]


@rows.same
async def search_by_operators(side: Side) -> Any:
    namespace = await _filled(side, one={"n": 1, "s": "b"}, two={"n": 2.5, "s": "c"}, three={"n": 30, "s": "b"})
    asked: list[JSON] = [
        {"n": {"$eq": 1}},
        {"n": {"$ne": 1}},
        {"n": {"$gt": 1}},
        {"n": {"$gte": 1}},
        {"n": {"$lt": 30}},
        {"n": {"$lte": 2.5}},
        {"n": {"$gt": 1, "$lt": 30}},
        {"n": {"$gt": 1}, "s": "b"},
        {"s": {"$ne": "b"}},
        {"s": {"$eq": "b"}},
        {"x": {"$ne": 1}},
        {"x": {"$eq": None}},
        {"n": {"$gt": "2"}},
    ]
    return [await _keys(side, namespace, filter=wanted) for wanted in asked]


@rows.same
async def search_by_operators_inside(side: Side) -> Any:
    namespace = await _filled(side, one={"a": {"n": 1, "m": 1}}, two={"a": {"n": 2, "m": 1}}, text={"a": "x"})
    asked: list[JSON] = [{"a": {"n": {"$gt": 1}}}, {"a": {"m": 1, "n": {"$lte": 1}}}, {"a": {"n": {"$ne": 1}}}]
    return [await _keys(side, namespace, filter=wanted) for wanted in asked]


@rows.same
async def search_pages(side: Side) -> Any:
    namespace = await _filled(side, **{f"k{number:02}": {"n": number} for number in range(12)})
    sizes = [
        len((await side.sdk.store.search_items(namespace, **given))["items"])
        for given in ({}, {"limit": 5}, {"limit": 5, "offset": 10}, {"offset": 12}, {"limit": 2000})
    ]
    first, second = await _keys(side, namespace, limit=6), await _keys(side, namespace, limit=6, offset=6)
    return [sizes, sorted([*first, *second])]


@rows.same
async def search_refuses(side: Side) -> Any:
    wrong: list[JSON] = [
        {"filter": []},
        {"limit": "5"},
        {"limit": None},
        {"offset": 1.5},
        {"query": 1},
        {"refresh_ttl": "yes"},
        {"namespace_prefix": "text"},
        {"namespace_prefix": [1]},
    ]
    return await _statuses(
        side, "POST", "/store/items/search", *({"namespace_prefix": ["x"], **body} for body in wrong)
    )


@rows.same
async def search_without_an_index_ignores_the_query_of_nothing(side: Side) -> Any:
    namespace = await _filled(side, k={"v": 1})
    return [await _keys(side, namespace, query=query) for query in (None, "")]


@rows.same
async def search_refreshes(side: Side) -> Any:
    namespace = await _filled(side, k={"v": 1})
    return [await _keys(side, namespace, refresh_ttl=refresh) for refresh in (True, False)]


@rows.same
async def get_refreshes(side: Side) -> Any:
    namespace = await _filled(side, k={"v": 1})
    found = [await side.sdk.store.get_item(namespace, "k", refresh_ttl=refresh) for refresh in (True, False, None)]
    return [row["value"] for row in found]


@rows.same
async def namespaces_by_prefix_and_suffix(side: Side) -> Any:
    for path in (["a", "x"], ["a", "y"], ["b", "x"], ["a", "x", "z"], ["c"]):
        await side.sdk.store.put_item([side.mark, *path], "k", {})
    mark = side.mark
    asked: list[JSON] = [
        {"prefix": [mark]},
        {"prefix": [mark, "a"]},
        {"prefix": [mark, "*", "x"]},
        {"prefix": ["*", "a"], "suffix": [mark, "a", "x", "z"]},
        {"prefix": [mark], "suffix": ["x"]},
        {"prefix": [mark], "suffix": ["*", "z"]},
        {"prefix": [mark], "suffix": ["x", "*"]},
        {"prefix": [mark, "a", "x", "z", "more"]},
        {"prefix": [mark], "max_depth": 1},
        {"prefix": [mark], "max_depth": 2},
        {"prefix": [mark, "a", "x"], "max_depth": 9},
    ]
    return [await _namespaces(side, **given) for given in asked]


@rows.same
async def namespaces_page(side: Side) -> Any:
    for number in range(5):
        await side.sdk.store.put_item([side.mark, str(number)], "k", {})
    asked: list[JSON] = [{"limit": 2}, {"limit": 2, "offset": 4}, {"offset": 9}, {"limit": 2, "max_depth": 1}]
    return [await _namespaces(side, prefix=[side.mark], **given) for given in asked]


@rows.same
async def namespaces_refuse(side: Side) -> Any:
    wrong: list[JSON] = [{"prefix": "text"}, {"suffix": [1]}, {"max_depth": "1"}, {"limit": "5"}, {"offset": None}]
    return await _statuses(side, "POST", "/store/namespaces", *wrong)


@rows.same
async def a_graph_shares_the_items(side: Side) -> Any:
    await side.run("remember", input={"foo": side.mark}, stream_mode="values")
    found = await side.sdk.store.get_item(["memories", side.mark], "key")
    await side.sdk.store.put_item(["memories", side.mark], "other", {"text": "from outside"})
    events = await side.run("remember", input={"foo": side.mark}, stream_mode="values")
    return [found, sorted(str(value) for value in events[-1][1]["out"])]


@rows.same
async def a_graph_uses_the_store(side: Side) -> Any:
    result = await side.sdk.runs.wait(None, "use_store", input={"foo": side.mark})
    return result["out"]  # type: ignore[call-overload]


# Where ours differs on purpose


@rows.differs("items are listed as documented: last updated first", ours=["b", "c", "a"])
async def search_lists_what_changed_last_first(side: Side) -> Any:
    namespace = await _filled(side, a={}, b={}, c={})
    await side.sdk.store.put_item(namespace, "b", {"again": True})
    return [row["key"] for row in (await side.sdk.store.search_items(namespace))["items"]]


@rows.differs("true is not 1", ours=[["number"], ["yes"]])
async def search_tells_true_from_one(side: Side) -> Any:
    namespace = await _filled(side, number={"a": 1}, yes={"a": True})
    return [await _keys(side, namespace, filter={"a": wanted}) for wanted in (1, True)]


@rows.differs(
    "errors are JSON, always", ours={"detail": "Namespace label '' must be a non-empty string without periods"}
)
async def refusals_are_json(side: Side) -> Any:
    item = {"namespace": ["a", ""], "key": "k", "value": {}}
    return (await side.request("PUT", "/store/items", item))["body"]


@rows.differs("what is missing is said as everywhere", ours={"status": 422, "body": {"detail": "key: Field required"}})
async def get_needs_a_key(side: Side) -> Any:
    return await side.request("GET", "/store/items", params={"namespace": "a"})


@rows.differs("no prefix is all items, as documented", ours=[200, 200])
async def search_without_a_prefix(side: Side) -> Any:
    return [
        (await side.request("POST", "/store/items/search", body, headers={"connection": "close"}))["status"]
        for body in ({}, {"namespace_prefix": None})
    ]


@rows.alone
@rows.differs("texts have an order, and a number is simply not more than a text", ours=[["c"], [], [], []])
async def search_compares_what_can_be_compared(side: Side) -> Any:
    namespace = await _filled(side, b={"s": "b"}, c={"s": "c"})
    asked: list[JSON] = [{"s": {"$gt": "b"}}, {"s": {"$gt": 1}}, {"x": {"$lt": 1}}, {"s": {"$lte": None}}]
    answers = [
        await side.request(
            "POST",
            "/store/items/search",
            {"namespace_prefix": namespace, "filter": wanted},
            headers={"connection": "close"},
        )
        for wanted in asked
    ]
    return [
        [row["key"] for row in answer["body"]["items"]] if answer["status"] == 200 else answer["status"]
        for answer in answers
    ]


@rows.differs("no page is of no items, or of less", ours=[422, 422, 422, 422])
async def search_has_bounds(side: Side) -> Any:
    namespace = await _filled(side, k={})
    search: JSON = {"namespace_prefix": namespace}
    bodies: list[JSON] = [{"limit": 0}, {"limit": -1}, {"offset": -1}]
    searches = await _statuses(side, "POST", "/store/items/search", *(search | body for body in bodies))
    return [*searches, *await _statuses(side, "POST", "/store/namespaces", {"limit": -1})]


@rows.differs(
    "without an index, a query is refused, not ignored",
    ours=[
        422,
        'Searching by meaning needs an embedding: name one in "store": {"index": ...} of langgraph.json,'
        " or leave `query` out and use `filter`.",
    ],
)
async def search_by_meaning_needs_an_index(side: Side) -> Any:
    namespace = await _filled(side, k={})
    return await _said(side, "POST", "/store/items/search", {"namespace_prefix": namespace, "query": "tea"})


@rows.differs("a time to live is kept to", ours=[None, []])
async def an_item_whose_time_is_over_is_gone(side: Side) -> Any:
    namespace = ["items", side.mark]
    await side.sdk.store.put_item(namespace, "k", {}, ttl=0)  # type: ignore[arg-type]
    return [await side.sdk.store.get_item(namespace, "k"), await _keys(side, namespace)]


@rows.differs("a namespace without items is none", ours=[])
async def namespaces_of_deleted_items(side: Side) -> Any:
    namespace = await _filled(side, k={})
    await side.sdk.store.delete_item(namespace, "k")
    return await _namespaces(side, prefix=namespace)


@rows.differs("text comes back as it was", ours={"a\0": "b\0"})
async def nul_is_kept(side: Side) -> Any:
    namespace = await _filled(side, k={"a\0": "b\0"})
    return (await side.sdk.store.get_item(namespace, "k"))["value"]
