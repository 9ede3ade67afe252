"""Which threads are listed, in which order, and what their rows say. No app."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from playground.client.thread_list import RanHere, ThreadFacts
from playground.client.values import Runnable, Thread
from playground.tui.threads.listing import FactsRead, ThreadListing
from playground.tui.threads.order import NAMES, USUAL, ThreadOrder, name_of_order, order_named
from playground.tui.threads.whose import ALL, Whose, next_whose
from playground.tui.widgets.row_list import LazyRows
from playground.tui.widgets.thread_rows import size_text, thread_details, thread_rows

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
HOSTILE = "[/bold] [red]x[/] \x1b[31mred\x07 \u202egnp.exe \ud800"


def thread(name: str, minutes: int = 5, status: str = "idle", title: str = "", **metadata: Any) -> Thread:
    """One that changed so many minutes ago, and began an hour before."""
    changed = NOW - timedelta(minutes=minutes)
    said = {"graph_id": "support", "assistant_id": "s", **({"title": title} if title else {}), **metadata}
    return Thread(name, status, changed - timedelta(hours=1), changed, said, None)


def listing(*threads: Thread, facts: dict[str, ThreadFacts] | None = None, **more: Any) -> ThreadListing:
    read = FactsRead()
    read.take([one for one in threads if one.thread_id in (facts or {})], facts or {}, versions=True)
    return ThreadListing(threads, read, {"s": "support", "w": "writer"}, **more)


def keys(shown: ThreadListing, text: str = "") -> list[str]:
    return [one.thread_id for one in shown.matching(text)]


def test_every_order_has_a_name_and_its_reverse() -> None:
    threads = [thread("a", 9, "idle", "pear"), thread("b", 1, "error", "Apple"), thread("c", 5, "busy", "fig")]
    expected = {"changed": "bca", "created": "bca", "title": "bca", "status": "cba"}
    for by in NAMES:
        order = ThreadOrder(by)
        assert "".join(keys(listing(*threads, order=order))) == expected[by]
        assert "".join(keys(listing(*threads, order=order.flipped()))) == expected[by][::-1]
        assert order_named(name_of_order(order.flipped())) == order.flipped()
    assert order_named("nonsense") == USUAL
    assert USUAL.next() == USUAL.flipped()
    assert USUAL.next().next().by == "created"


def test_threads_without_a_title_come_last_by_title() -> None:
    assert keys(listing(thread("a"), thread("b", title="x"), order=ThreadOrder("title"))) == ["b", "a"]


def test_samples_and_what_was_not_found_are_left_out() -> None:
    threads = [thread("a"), thread("b", playground="sample"), thread("c")]
    assert set(keys(listing(*threads))) == {"a", "c"}
    assert set(keys(listing(*threads, samples=True))) == {"a", "b", "c"}
    assert keys(listing(*threads, found={"c": "…words"}, words="words")) == ["c"]


def test_a_filter_looks_at_title_assistants_versions_status_and_id() -> None:
    ran = (RanHere("s", 7), RanHere("w", 2))
    shown = listing(
        thread("abc-1", title="My Parcel", status="interrupted"),
        thread("abc-2"),
        facts={"abc-2": ThreadFacts("the invoice", ran)},
    )
    assert keys(shown, "parcel") == ["abc-1"]
    assert keys(shown, "interrupted my") == ["abc-1"]
    assert keys(shown, "writer@v2") == ["abc-2"]
    assert keys(shown, "INVOICE support") == ["abc-2"]
    assert keys(shown, "abc-") == ["abc-1", "abc-2"]
    assert keys(shown, "nothing") == []


def test_facts_count_until_the_thread_changes_and_are_shown_until_they_are_read_again() -> None:
    facts, old, new = FactsRead(), thread("a", 9), thread("a", 1)
    facts.take([old], {"a": ThreadFacts("said")}, versions=False)
    assert facts.is_new(old)
    assert not facts.is_new(old, versions=True)
    assert not facts.is_new(new)
    known = facts.of("a")
    assert known is not None
    assert known.text == "said"


def test_a_row_is_made_when_it_is_looked_at() -> None:
    looked: list[str] = []
    many = [thread(f"t{number}", number) for number in range(5_000)]
    rows = thread_rows(listing(*many), "", NOW, lambda one: looked.append(one.thread_id))
    assert len(rows) == 5_000
    assert not looked
    assert rows[4_321].key == "t4321"
    assert looked == ["t4321"]
    assert isinstance(rows, LazyRows)
    rows.forget(["t4321"])
    assert [cell.plain for cell in rows[4_321].cells][-1] == "3d"
    assert looked == ["t4321"] * 2


def test_a_row_says_what_ran_and_how_large_it_is() -> None:
    ran = (RanHere("w", 2), RanHere("s", 7), RanHere("s", 7, True))
    shown = listing(thread("a"), facts={"a": ThreadFacts("Hello", ran, 12, 7, 48_123)}, sized=True)
    (row,) = thread_rows(shown, "", NOW, lambda one: None)
    assert [cell.plain for cell in row.cells] == ["✔", "Hello", "support", "v2 +2", "48k", "5m"]
    title, who, how, when = (line.plain for line in thread_details(shown, shown.threads[0]))
    assert title == "Hello"
    assert who == "writer v2 · support v7 draft"
    assert how == "✔ idle · 12 messages · 7 steps · 48kB"
    assert when.startswith("began 2026-11-22")


def test_a_damaged_thread_says_so_and_hostile_text_is_only_text() -> None:
    shown = listing(
        thread("a", title=HOSTILE),
        thread("b"),
        facts={"b": ThreadFacts(problem="b.json is torn: put a copy back.")},
        found={"a": f"… {HOSTILE}", "b": "x"},
        words="red",
    )
    cells = [[cell.plain for cell in row.cells] for row in thread_rows(shown, "", NOW, lambda one: None)]
    assert "[red]x[/]" in cells[0][1]
    assert not {"\x1b", "\x07", "\u202e", "\ud800"} & set("".join(cells[0]))
    assert "is torn" in thread_details(shown, shown.threads[1])[2].plain


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (None, ""),
        (0, "0"),
        (999, "999"),
        (1_000, "1.0k"),
        (9_960, "10k"),
        (48_123, "48k"),
        (999_900, "1.0M"),
        (12e6, "12M"),
    ],
)
def test_sizes_take_four_characters(size: int | None, text: str) -> None:
    assert size_text(size) == text


def test_whose_threads_goes_from_the_assistant_to_its_graph_to_all() -> None:
    runnable = Runnable("support", "s", "support", "Support", 1, {}, "")
    one = next_whose(ALL, runnable, None, {})
    assert one == Whose("assistant", "s", "support", "Support")
    assert one.title.plain == "Threads of Support"
    graph = next_whose(one, None, None, {})
    assert graph.title.plain == "Threads of graph support"
    assert next_whose(graph, runnable, None, {}) == ALL
    cursor = next_whose(ALL, None, thread("a"), {"s": "of the cursor"})
    assert (cursor.kind, cursor.name) == ("assistant", "of the cursor")
    assert next_whose(ALL, None, None, {}) == ALL
