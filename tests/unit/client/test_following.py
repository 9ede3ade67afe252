"""The place in a stream, found again by ids of all kinds."""

from langgraph_sdk.schema import StreamPart

from playground.client.following import _Place


def part(event_id: str | None, text: str) -> StreamPart:
    return StreamPart("custom", {"text": text}, event_id)


def taken(place: _Place, *parts: StreamPart) -> list[str]:
    new = [one.data["text"] for one in parts if place.is_new(one)]
    place.end()
    return new


def test_ids_of_their_own() -> None:
    place = _Place()
    assert taken(place, part("9-0", "a"), part("9-1", "b"), part("10-2", "c")) == ["a", "b", "c"]
    assert place.rejoin() == "9-1"
    assert taken(place, part("10-2", "c"), part("10-3", "c")) == ["c"]
    assert (place.count, place.gap) == (4, False)


def test_an_id_for_all_events_of_a_millisecond() -> None:
    """As `langgraph dev` has them, some of which look the same."""
    place = _Place()
    assert taken(place, part("8-0", "a"), part("9-0", " "), part("9-0", "c")) == ["a", " ", "c"]
    assert place.rejoin() == "8-0"
    again = [part("9-0", " "), part("9-0", "c"), part("9-0", " "), part("9-0", "d"), part("11-0", "e")]
    assert taken(place, *again) == [" ", "d", "e"]
    assert not place.gap


def test_what_is_repeated_after_what_was_kept_is_dropped() -> None:
    """`langgraph dev` sends again what came while it looked for the beginning."""
    place = _Place()
    taken(place, part("8-0", "a"))
    place.rejoin()
    kept = [part("8-0", "a"), part("9-0", "b"), part("10-0", "c"), part("11-0", " "), part("11-0", " ")]
    repeated = [part("10-0", "c"), part("11-0", " "), part("11-0", " "), part("11-0", "d")]
    assert taken(place, *kept, *repeated) == ["b", "c", " ", " ", "d"]


def test_events_that_are_kept_no_more_are_a_gap() -> None:
    place = _Place()
    taken(place, part("8-0", "a"), part("9-0", "b"))
    assert place.rejoin() == "8-0"
    assert taken(place, part("15-0", "h")) == ["h"]
    assert place.gap


def test_a_server_that_says_nothing_after_it_came_back_leaves_a_gap() -> None:
    place = _Place()
    taken(place, part("8-0", "a"))
    assert place.rejoin() == "-1"
    assert taken(place) == []
    assert place.gap


def test_without_ids_there_is_a_gap() -> None:
    place = _Place()
    assert taken(place, part(None, "a"), part(None, "a")) == ["a", "a"]
    assert place.rejoin() is None
    assert taken(place, part(None, "a")) == ["a"]
    assert place.gap


def test_nothing_had_come_yet() -> None:
    place = _Place()
    assert place.rejoin() == "-1"
    assert taken(place, part("8-0", "a")) == ["a"]
    assert not place.gap
