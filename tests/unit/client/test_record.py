"""What is kept of the events of runs."""

import json

from playground.client.record import RawEvent, RunRecord, time_of


def test_events_are_lines_of_json_with_times_of_the_server() -> None:
    record = RunRecord(clock=lambda: 2_000_000_000.0)
    record.begin("r1")
    record.add(RawEvent("metadata", {"run_id": "r1"}, "1700000000000-0"))
    late = record.add(RawEvent("updates|sub:1", {"ask": None}, "1700000000250-1"))
    assert record.seconds(late) == 0.25
    assert json.loads(late.line) == {"id": "1700000000250-1", "event": "updates|sub:1", "data": {"ask": None}}
    assert "\n" not in late.line
    assert record.now() == 1_700_000_000.25


def test_the_oldest_events_go_and_positions_stay() -> None:
    record = RunRecord(limit=100)
    for number in range(30):
        record.add(RawEvent("custom", "x" * 8 + str(number)))
    assert record.first + len(record) == 30
    assert len(record) < 10
    assert record.get(0) is None
    last = record.get(29)
    assert last is not None
    assert json.loads(last.data) == "xxxxxxxx29"
    assert [kept.position for kept in record.since(28)] == [28, 29]
    assert [kept.position for kept in record.since(0)] == list(range(record.first, 30))


def test_what_the_client_has_to_say_is_a_note() -> None:
    record = RunRecord()
    record.begin("r1")
    record.disconnected("The connection was lost.")
    assert record.lost == "The connection was lost."
    record.connected("The stream goes on.")
    assert record.lost == ""
    assert [json.loads(kept.line) for kept in record] == [
        {"note": "The connection was lost."},
        {"note": "The stream goes on."},
    ]


def test_strange_data_is_kept() -> None:
    record = RunRecord()
    assert json.loads(record.add(RawEvent("custom", {"big": 2**80})).data) == {"big": 2**80}
    assert record.add(RawEvent("custom", "\ud800")).line.isascii()


def test_only_an_id_with_a_time_tells_the_time() -> None:
    assert [time_of(text) for text in (None, "", "7", "12-3", "-1", "1700000000123-4")] == [None] * 5 + [1700000000.123]
