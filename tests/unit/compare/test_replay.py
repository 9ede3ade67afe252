"""Turns of a thread beside those of a replay."""

from playground.compare.replay import parting, rows
from playground.compare.samples import Sample


def test_each_turn_says_how_it_compares() -> None:
    originals = [Sample("Yes."), Sample("No."), Sample("A", calls=("look",)), Sample("B"), Sample("C")]
    replays = [Sample("Yes."), Sample("no"), Sample("A", calls=()), Sample("", status="running")]
    found = rows(list("12345"), originals, replays)
    assert [row.verdict for row in found] == ["same", "nearly", "same", "running", "waiting"]
    assert [row.path for row in found] == [False, False, True, False, False]
    assert parting(found) == 2


def test_another_end_is_a_difference_though_the_words_are_equal() -> None:
    (row,) = rows(["1"], [Sample("Yes.")], [Sample("Yes.", status="failed")])
    assert row.verdict == "differs"
    assert parting([row]) == 0


def test_nothing_parts_while_nothing_is_known() -> None:
    assert parting(rows(["1"], [Sample("Yes.")], [])) is None
