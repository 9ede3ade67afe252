"""What runs anywhere, as rows and words. No app."""

import pytest

from playground.client.conversation import Conversation
from playground.client.events import Accepted, Ended, Started
from playground.client.flights import Flight, Flights, flight_of
from playground.tui.threads.running import Going, ended, running_rows

HOSTILE = "[/bold] \x1b[31mred\x07 \u202egnp.exe \ud800\nsecond line"


def conversation(thread_id: str, said: str = "hello") -> Conversation:
    """One whose run has begun."""
    made = Conversation(clock=lambda: 7.0)
    made.thread_id = thread_id
    made.transcript.begin({"messages": [{"type": "human", "content": said}]})
    made.transcript.apply(Accepted("run", thread_id))
    made.transcript.apply(Started(1))
    return made


def test_a_thread_that_was_left_and_opened_again_runs_once() -> None:
    flights, seen = Flights(), list[Conversation]()
    flights.watcher = seen.append
    left, again, other = conversation("a"), conversation("a"), conversation("b", "other")
    for one in (left, again, other):
        flights.began(one)
    assert flights.all == [other, again]
    left.transcript.apply(Ended("success"))
    flights.ended(left)
    assert not flights.landed, "it is still followed"
    again.transcript.apply(Ended("success"))
    flights.ended(again)
    assert [(one.thread_id, one.asked, one.status) for one in flights.landed] == [("a", "hello", "done")]
    assert flights.all == [other]
    assert seen == [left, again, other, left, again]


def test_a_sample_leaves_no_trace() -> None:
    flights, sample = Flights(), conversation("s")
    sample.quiet = True
    flights.began(sample)
    assert flights.all == [sample]
    flights.ended(sample)
    assert not flights.landed


def test_a_row_is_one_line_whatever_was_asked() -> None:
    flight = flight_of(conversation("a", HOSTILE))
    (row,) = running_rows([Going(flight, "Compare B")])
    text = "".join(cell.plain for cell in row.cells)
    assert "[/bold]" in text
    assert "Compare B" in text
    assert not {"\x1b", "\x07", "\u202e", "\ud800", "\n"} & set(text)


@pytest.mark.parametrize(
    ("status", "sentence", "severity"),
    [
        ("done", "✔ support@v7 has answered “parcel” after 4.2 s. W goes there.", "information"),
        ("interrupted", "‖ support@v7 waits for an answer: “parcel”. W goes there.", "warning"),
        ("failed", "✘ support@v7 failed after 4.2 s: “parcel”. W goes there.", "error"),
        ("stopped", "■ support@v7 was stopped after 4.2 s: “parcel”. W goes there.", "information"),
    ],
)
def test_the_end_of_a_run_is_told_in_a_sentence(status: str, sentence: str, severity: str) -> None:
    assert ended(Flight("t", "parcel", "support@v7", status, 4.2)) == (sentence, severity)
