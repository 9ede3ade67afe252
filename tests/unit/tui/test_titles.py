"""Titles side by side in little room."""

from hypothesis import given
from hypothesis import strategies as st

from playground.tui.titles import title_within, titles_within


def test_the_longest_names_give_way_and_no_version_does() -> None:
    titles = ["support@v7", "a very long name of an assistant@v12", "draft"]
    assert titles_within(titles, 60) == titles
    assert titles_within(titles, 35) == ["support@v7", "a very long nam…@v12", "draft"]
    assert title_within("support@v7", 2) == "s…"


@given(st.lists(st.text("abc@v12 ", min_size=1, max_size=80), min_size=1, max_size=4), st.integers(24, 200))
def test_they_fit(titles: list[str], room: int) -> None:
    shown = titles_within(titles, room)
    assert len(shown) == len(titles)
    assert sum(map(len, shown)) <= room
