"""What Browse is made of, without a screen."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from textual.content import Content

from playground.client.values import Assistant, Graph, Version
from playground.tui.browse.catalog import Catalog
from playground.tui.browse.listing import Listing
from playground.tui.browse.marks import Mark, Marks
from playground.tui.browse.rows import assistant_rows, graph_rows, version_rows
from playground.tui.changes import changed, details, equal_count, summary, version_changes
from playground.tui.clipboard import MOST, can_copy, osc52
from playground.tui.widgets.columns import Column, fit, lay_out, widest

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


def version(number: int, context: dict[str, Any], **fields: Any) -> Version:
    digest = str(sorted(context.items()))
    made = Version("id", "writer", number, "blog", None, context, {}, {}, NOW, digest)
    return replace(made, **fields)


def assistant(name: str, graph_id: str = "writer", **fields: Any) -> Assistant:
    made = Assistant(name, graph_id, name, 1, {}, {}, {}, None, NOW, NOW, 0, (), False, "hash")
    return replace(made, **fields)


# Columns


def test_columns_line_up_and_the_growing_one_takes_the_rest() -> None:
    columns = (Column("NAME", grow=True), Column("VER", align="right"), Column("LABEL", drop=1))
    rows = [(Content("a"), Content("v1"), Content("prod")), (Content("long name"), Content("v12"), Content(""))]
    widths = fit(columns, widest(columns, rows), 30)
    lines = [lay_out(columns, cells, widths).plain for cells in rows]
    assert [len(line) for line in lines] == [30, 30]
    assert lines[0].index("v1") == lines[1].index("v12") + 1


def test_columns_that_do_not_fit_or_are_empty_go() -> None:
    columns = (Column("NAME", grow=True, least=10), Column("LABEL", drop=1), Column("RUNS", drop=2))
    full = [(Content("name"), Content("prod"), Content("12"))]
    assert fit(columns, widest(columns, full), 40) == (27, 5, 4)
    assert fit(columns, widest(columns, full), 18) == (11, 5, 0)
    assert fit(columns, widest(columns, full), 12) == (12, 0, 0)
    assert fit(columns, widest(columns, [(Content("name"), Content(""), Content("12"))]), 40) == (34, 0, 4)


def test_wide_characters_are_measured_in_cells() -> None:
    columns = (Column("NAME", grow=True, least=4), Column("V"))
    assert lay_out(columns, (Content("文字文字"), Content("1")), (5, 1)).cell_length == 8


# Changes


def test_changes_are_told_by_field() -> None:
    left = version(1, {"prompt": "You write.\nBe kind.", "temperature": 0.7, "tone": "dry", "top": 1})
    right = version(2, {"prompt": "You write.\nBe very kind.\nAsk.", "temperature": 0.2, "model": "scripted", "top": 1})
    changes = version_changes(left, right)
    assert summary(changes).plain.splitlines() == [
        "~ prompt       +2 −1 lines",
        "~ temperature  0.7 → 0.2",
        "- tone         dry",
        "+ model        scripted",
    ]
    assert equal_count(changes) == 1  # `top`: the name and the like are told only if they differ
    assert "    + Ask." not in details(changes).plain
    assert "  + Ask." in details(changes).plain


def test_name_description_and_config_belong_to_a_version() -> None:
    left, right = version(1, {}), version(2, {}, name="new", config={"tags": ["a"]}, description="d")
    assert [change.path for change in changed(version_changes(left, right))] == [
        "(name)",
        "(description)",
        "(config)",
    ]


def test_no_difference_is_said() -> None:
    changes = version_changes(version(1, {"a": 1}), version(2, {"a": 1}))
    assert summary(changes).plain == "No differences."
    assert "No differences" in details(changes).plain


def test_hostile_values_are_shown_as_they_are() -> None:
    hostile = "[/bold]\x1b[31m" + "x" * 1_000_000
    changes = version_changes(version(1, {"p": "a"}), version(2, {"p": hostile}))
    assert len(summary(changes).plain) < 200
    assert "\x1b" not in details(changes).plain


# Rows


def test_graphs_count_their_assistants_and_have_a_sign_where_they_failed() -> None:
    graphs = (Graph("writer"), Graph("broken", "failed", error="boom"))
    rows = graph_rows(Catalog(graphs, (assistant("a"), assistant("b"), assistant("c", "support"))))
    assert [[cell.plain for cell in row.cells] for row in rows] == [["●", "writer", "2"], ["✘", "broken", "0"]]


def test_own_assistants_come_before_the_default_one() -> None:
    catalog = Catalog((), (assistant("writer", is_default=True), assistant("mine", version=3, labels=("prod",))))
    listing = Listing(catalog, "writer")
    rows = assistant_rows(listing, listing.all, NOW)
    assert [[cell.plain for cell in row.cells] for row in rows] == [
        ["mine", "v3", "prod", "0", "now"],
        ["writer · default", "v1", "", "0", "now"],
    ]


def test_a_version_without_a_note_says_what_it_repeats() -> None:
    versions = [version(3, {"a": 1}), version(2, {"a": 2}, note="two", active=True), version(1, {"a": 1})]
    rows = version_rows(versions, NOW)
    assert [row.cells[3].plain for row in rows] == ["same as v1", "two", ""]
    assert rows[1].cells[1].plain == "● active"


# Marks


def test_marks_keep_their_order_and_stop_at_four() -> None:
    marks = Marks()
    for number in range(4):
        assert marks.toggle(Mark("id", number))
    assert not marks.toggle(Mark("id", 9))
    assert marks.toggle(Mark("id", 1))
    assert marks.with_subject(None, None) == ["id@v0", "id@v2", "id@v3"]
    assert marks.versions("id") == {"0", "2", "3"}
    marks.keep(set())
    assert len(marks) == 0


def test_one_mark_takes_the_subject_and_none_the_counterpart() -> None:
    marks, subject, other = Marks(), Mark("a", 1), Mark("a", 2)
    assert marks.with_subject(subject, other) == ["a@v1", "a@v2"]
    assert marks.with_subject(subject, None) == []
    marks.toggle(Mark("b"))
    assert marks.with_subject(subject, other) == ["b", "a@v1"]


# Clipboard


def test_tmux_gets_the_sequence_twice() -> None:
    assert osc52("a", tmux=False) == "\x1b]52;c;YQ==\a"
    assert osc52("a", tmux=True) == "\x1b]52;c;YQ==\a\x1bPtmux;\x1b\x1b]52;c;YQ==\a\x1b\\"
    assert osc52("x" * MOST, tmux=False) is None
    assert osc52("\ud800", tmux=False) is not None


@pytest.mark.parametrize(
    ("environment", "can"),
    [({"TERM": "xterm-256color"}, True), ({"TERM": "linux"}, False), ({"TERM_PROGRAM": "Apple_Terminal"}, False)],
)
def test_terminals_that_cannot_copy(environment: dict[str, str], can: bool) -> None:
    assert can_copy(environment) is can
