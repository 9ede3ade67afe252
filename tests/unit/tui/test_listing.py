"""Which assistants a filter finds, and in what order they are listed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from playground.client.values import Assistant, Draft
from playground.tui.browse.catalog import Catalog
from playground.tui.browse.drafts import active_version, as_version, changed_fields, listed_drafts
from playground.tui.browse.forks import origin
from playground.tui.browse.listing import Listing
from playground.tui.browse.order import NAMES, USUAL, Order, name_of, order_named
from playground.tui.browse.rows import assistant_columns, assistant_rows
from playground.tui.browse.versions import VersionsShown

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


def assistant(name: str, **fields: Any) -> Assistant:
    made = Assistant(name, "writer", name, 1, {}, {}, {}, None, NOW, NOW, 0, (), False, "hash")
    return replace(made, **fields)


SUPPORT = assistant("support", metadata={"owner": "Ann", "team": {"lead": "Cem"}}, label_versions={"prod": 1, "old": 3})
FORK = assistant("Refund-Strict", metadata={"forked_from": {"assistant_id": "support", "version": 3, "name": "was"}})
PLAIN = assistant("http://x", description="Answers in Español", graph_id="writer", metadata={"tags": ["blue", "red"]})
DEFAULT = assistant("writer", is_default=True)
ELSEWHERE = assistant("support of another graph", graph_id="other")
ALL = (SUPPORT, FORK, PLAIN, DEFAULT, ELSEWHERE)
DRAFT = Draft("Refund-Strict", 1, {"context": {"tone": "dry"}}, NOW)


def listing(*assistants: Assistant, **fields: Any) -> Listing:
    catalog = Catalog((), assistants or ALL, (DRAFT,)).indexed(Catalog())
    return Listing(catalog, "writer", **fields)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["support", "Refund-Strict", "http://x", "writer"]),
        ("SUPP", ["support", "Refund-Strict"]),
        ("ann", ["support"]),
        ("español", ["http://x"]),
        ("prod", ["support"]),
        ("old", ["support"]),
        ("support ann", ["support"]),
        ("support bob", []),
        ("label:pro", ["support"]),
        ("label:", ["support"]),
        ("label:ann", []),
        ("owner:an", ["support"]),
        ("meta.owner:ann", ["support"]),
        ("team.lead:cem", ["support"]),
        ("tags:red", ["http://x"]),
        ("meta.nothing:x", []),
        ("http://", ["http://x"]),
        ("name:refund", ["Refund-Strict"]),
        ("is:fork", ["Refund-Strict"]),
        ("is:default", ["writer"]),
        ("is:draft", ["Refund-Strict"]),
        ("is:misfit", ["http://x"]),
        ("is:draft strict", ["Refund-Strict"]),
        ("is:draft support@v9", []),
        (":", ["http://x"]),
    ],
)
def test_words_and_keys_find(text: str, names: list[str]) -> None:
    found = listing(misfits={"http://x"}).found(text)
    assert [one.name for one in found] == names


def test_an_index_takes_over_what_did_not_change() -> None:
    before = Catalog((), ALL).indexed(Catalog())
    renamed = replace(SUPPORT, name="helpdesk")
    after = Catalog((), (renamed, *ALL[1:])).indexed(before)
    assert after.findables["Refund-Strict"] is before.findables["Refund-Strict"]
    assert [one.name for one in Listing(after, "writer").found("helpdesk")] == ["helpdesk"]


def test_orders() -> None:
    old = assistant("item 10", runs=5, updated_at=NOW - timedelta(days=2), created_at=NOW - timedelta(days=2))
    new = assistant("item 9", runs=None, updated_at=NOW - timedelta(days=1), created_at=NOW - timedelta(days=9))

    def names(order: Order) -> list[str]:
        return [one.name for one in listing(DEFAULT, old, new, order=order).all]

    assert names(USUAL) == ["item 9", "item 10", "writer"]
    assert names(Order("name")) == ["item 9", "item 10", "writer"]
    assert names(Order("name", reverse=True)) == ["item 10", "item 9", "writer"]
    assert names(Order("runs")) == ["item 10", "item 9", "writer"]
    assert names(Order("created")) == ["item 10", "item 9", "writer"]


def test_orders_go_round_and_are_written_down() -> None:
    order = USUAL
    for name in [*list(NAMES)[1:], USUAL.by]:
        order = order.next()
        assert order == Order(name)
        assert order_named(name_of(order)) == order
        assert order_named(name_of(order.flipped())) == order.flipped()
    assert order_named("nonsense") == order_named(None) == order_named("-") == USUAL


def test_the_title_of_the_sorted_column_has_the_arrow() -> None:
    def titles(order: Order) -> list[str]:
        return [column.title for column in assistant_columns(order)]

    assert titles(USUAL) == ["NAME", "VER", "LABEL", "RUNS", "UPDATED▾"]
    assert titles(Order("name")) == ["NAME▴", "VER", "LABEL", "RUNS", "UPDATED"]
    assert titles(Order("created", reverse=True))[-1] == "CREATED▴"


def test_rows_are_made_when_they_are_looked_at() -> None:
    many = listing(*(assistant(f"a {number}") for number in range(5_000)))
    rows = assistant_rows(many, many.all, NOW)
    assert len(rows) == 5_000
    assert rows[17].key == rows.keys[17]
    assert len(rows._made) == 1


def test_a_fork_says_where_it_comes_from() -> None:
    catalog = Catalog((), ALL)
    assert origin(FORK, catalog) == "support@v3"
    assert origin(FORK, Catalog((), (FORK,))) == "was@v3 (gone)"
    assert origin(SUPPORT, catalog) is None
    for strange in ("x", {}, {"assistant_id": 7, "version": "x"}, {"name": ["a"]}):
        assert origin(assistant("a", metadata={"forked_from": strange}), catalog) != ""
    rows = assistant_rows(listing(), [FORK, DEFAULT], NOW)
    assert rows[0].cells[0].plain == "Refund-Strict  ~draft · forked from support@v3"
    assert rows[1].cells[0].plain == "writer · default"


def test_labels_of_other_versions_say_which() -> None:
    labelled = assistant("a", version=3, labels=("old",), label_versions={"prod": 1, "old": 3})
    assert assistant_rows(listing(labelled), [labelled], NOW)[0].cells[2].plain == "old prod:v1"


def test_drafts_of_the_graph_come_first_and_count_their_fields() -> None:
    other = Draft(ELSEWHERE.assistant_id, 1, {}, NOW)
    gone = Draft("nobody", 1, {}, NOW)
    catalog = Catalog((), ALL, (gone, other, DRAFT))
    base = active_version(FORK)
    drafts = listed_drafts(catalog, "writer", {"Refund-Strict": changed_fields(DRAFT, base)})
    assert [(one.name, one.sentence) for one in drafts] == [
        ("Refund-Strict", "1 field changed"),
        ("support of another graph", "on v1"),
    ]
    unread = Draft(FORK.assistant_id, 1, {"texts": [[["context", "n"], "x"]]}, NOW)
    (listed,) = listed_drafts(Catalog((), ALL, (unread,)), None, {FORK.assistant_id: 1})
    assert listed.sentence == "✘ text can't be read"


def test_a_strange_draft_keeps_what_its_base_has() -> None:
    base = active_version(assistant("a", context={"tone": "dry"}, description="d"))
    strange = Draft("a", 1, {"context": "no", "config": None, "name": "", "description": None}, NOW)
    made = as_version(strange, base)
    assert (made.context, made.config, made.name, made.description) == ({"tone": "dry"}, {}, "a", None)


def test_versions_are_compared_with_the_active_one() -> None:
    one, two = (replace(active_version(SUPPORT), version=number, active=number == 2) for number in (1, 2))
    shown = VersionsShown(SUPPORT, (two, one))
    assert shown.compared(one) == (one, two)
    assert shown.compared(two) == (one, two)
    assert VersionsShown(SUPPORT, (two,)).compared(two) == (None, two)
    assert shown.compared(None) == (None, None)
