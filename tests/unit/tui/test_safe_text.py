import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.tui.text import age, count, join, one_line, plain, safe, short_id

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
OVERRIDES = ("RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI")
ANYTHING = st.text(alphabet=st.characters(exclude_categories=()))


@given(ANYTHING)
def test_nothing_that_steers_a_terminal_is_left(text: str) -> None:
    for character in plain(text):
        assert character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        assert unicodedata.bidirectional(character) not in (
            "RLO",
            "LRO",
            "RLE",
            "LRE",
            "PDF",
            "RLI",
            "LRI",
            "FSI",
            "PDI",
        )
    plain(text).encode("utf-8")


@given(ANYTHING, st.integers(1, 50))
def test_one_line_is_one_line_and_no_longer_than_asked(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert "\n" not in line
    assert "\t" not in line
    assert len(line) <= limit


@given(st.text(alphabet="[]/abold$ "))
def test_markup_is_data(text: str) -> None:
    assert safe(text, "bold").plain == text
    assert join(text, safe(text)).plain == text * 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\ud800x\udfff", "�x�"),
        ("\u202egnp.exe", "gnp.exe"),
        ("\x9b31m", "31m"),
        ("tab\tkept", "tab\tkept"),
        ("👩‍💻 naïve 文字", "👩‍💻 naïve 文字"),
    ],
)
def test_plain(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_very_long_text_is_cut_and_says_so() -> None:
    assert plain("x" * 1_000_000, limit=10) == "xxxxxxxxxx… 999,990 more characters"
    assert one_line("x" * 1_000_000, 5) == "xxxx…"
    assert one_line("   " * 1_000 + "x", 5).endswith("…")


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(seconds=-5), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=1), "1m"),
        (timedelta(minutes=59, seconds=59), "59m"),
        (timedelta(hours=2), "2h"),
        (timedelta(days=3), "3d"),
        (timedelta(days=21), "3w"),
        (timedelta(days=90), "3mo"),
        (timedelta(days=400), "13mo"),
        (timedelta(days=800), "2y"),
    ],
)
def test_age(ago: timedelta, shown: str) -> None:
    assert age(NOW - ago, NOW) == shown
    assert len(shown) <= 4


def test_short_id_keeps_the_end_which_differs() -> None:
    assert short_id("01a20393-2859-7000-8000-0000000000c5") == "01a2…c5"
    assert short_id("short") == "short"


def test_count() -> None:
    assert count(1, "thread") == "1 thread"
    assert count(1_200, "thread") == "1,200 threads"
    assert count(0, "entry", "entries") == "0 entries"
