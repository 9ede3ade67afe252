"""The figures of a run as text, and of several as a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.client.values import Waiting
from playground.compare.metrics import Metrics
from playground.tui.compare.figures import HEIGHT, WIDE, cost_text, figures_content, percent_text
from playground.tui.compare.figures_table import figures_table

FIRST = Metrics(0.0, 0.5, 2.0, 640, 88, ("call", "tools", "call"), 3, 0.0123, ended=True)
OTHER = Metrics(0.3, 0.25, 3.0, 640, 44, ("call",), 1, ended=True)


def test_the_most_important_figures_come_first_on_a_narrow_pane() -> None:
    assert figures_content(OTHER, FIRST, width=26).plain.split("\n") == [
        "run     3.0 s  +50%   16/s",
        "ttft    0.2 s  -50%  q 0.3",
        "tok    640→44  -50%       ",
        "path call           1 step",
    ]


def test_a_wide_pane_takes_two_lines() -> None:
    first, second = figures_content(FIRST, width=76).plain.split("\n")
    assert first.split() == ["run", "2.0", "s", "ttft", "0.5", "s", "tok", "640→88", "59/s"]
    assert second == "path call→tools→call" + " " * 33 + "  $0.0123  3 steps"[-21:].rjust(23)


def test_waiting_is_told_apart_with_what_it_waits_for() -> None:
    waiting = Metrics(queued=4.2)
    assert figures_content(waiting, FIRST, Waiting("slot", 1)).plain.startswith("waits  4.2 s  1 ahead of it")
    assert "it is next" in figures_content(waiting, None, Waiting("slot")).plain
    assert figures_content(waiting).plain.strip() == "waits  4.2 s"  # another server: nothing is said


def test_nothing_is_held_against_a_run_that_still_goes_on() -> None:
    going = Metrics(0.0, 0.5, 1.0, 10, 5, ("call",))
    lines = figures_content(OTHER, going, width=30).plain.split("\n")
    assert "%" not in lines[0] + lines[2]
    assert "-50%" in lines[1]  # its first token came


figures = st.builds(
    Metrics,
    queued=st.none() | st.floats(0, 1e5),
    first_token=st.none() | st.floats(0, 1e5),
    running=st.none() | st.floats(0, 1e5),
    input_tokens=st.integers(0, 99_999),
    output_tokens=st.integers(0, 9_999),
    path=st.lists(st.text(max_size=30), max_size=9).map(tuple),
    steps=st.integers(0, 99),
    cost=st.none() | st.floats(0, 1e3),
    ended=st.booleans(),
)


@given(figures, st.none() | figures, st.integers(26, 200))
def test_the_height_never_changes(mine: Metrics, base: Metrics | None, width: int) -> None:
    assert len(figures_content(mine, base, width=width).plain.split("\n")) == HEIGHT[width >= WIDE]


@pytest.mark.parametrize(
    ("mine", "base", "text"),
    [(2, 1, "+100%"), (1, 2, "-50%"), (1.001, 1, "0%"), (30, 1, "×30"), (None, 1, ""), (1, 0, "")],
)
def test_a_difference(mine: float | None, base: float | None, text: str) -> None:
    assert percent_text(mine, base) == text


def test_a_cost_keeps_its_size() -> None:
    assert [cost_text(cost) for cost in (0, 0.0123, 12.5, 0.00001)] == ["$0.0000", "$0.0123", "$12.50", "$1e-05"]


def test_the_table_has_a_column_for_each_pane_and_lines_of_one_width() -> None:
    lines = figures_table(["A one@v1", "B two@v2", "C three@v3"], ["3fa9c1", "77d0ab", ""], [FIRST, OTHER, None])
    assert len({len(line) for line in lines}) == 1
    rows = {line[:11].strip(): line[11:].split() for line in lines}
    assert rows["running"] == ["2.0", "s", "3.0", "s", "+50%", "–"]
    assert rows["context"] == ["3fa9c1", "77d0ab", "–"]
    assert rows["queued"] == ["0.0", "s", "0.3", "s", "–"]
    assert rows["cost"] == ["$0.0123", "–", "–"]
