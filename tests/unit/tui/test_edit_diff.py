"""The diff of an edit: whatever differs is shown, and taking every change back leads to the version."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from playground.tui.edit.diff import Differences, Gap, Head, Row, differences
from playground.tui.forms.document import UNSET, drop, put
from playground.tui.widgets.diff_lines import SIDE_BY_SIDE, draw

TEXTS = st.lists(st.sampled_from(["", "one", "two", "three and more words than fit a short line of text"]), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 1) | TEXTS.map("\n".join),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, min_size=1, max_size=2),
    max_leaves=5,
)
DOCUMENTS = st.dictionaries(st.sampled_from(["prompt", "model", "tools"]), VALUES, max_size=3)


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


@given(DOCUMENTS, DOCUMENTS)
def test_taking_back_every_change_leads_to_the_version(left: Any, right: Any) -> None:
    document = right
    for _ in range(200):
        found = differences(left, document, {})
        if not found.hunks:
            break
        hunk = found.hunks[0]
        document = drop(document, hunk.path) if hunk.restored is UNSET else put(document, hunk.path, hunk.restored)
    assert canonical(document) == canonical(left)


@given(DOCUMENTS, DOCUMENTS)
def test_every_change_has_a_place_at_every_width(left: Any, right: Any) -> None:
    found = differences(left, right, {})
    for width in (40, 120, SIDE_BY_SIDE + 40):
        drawn = draw(found, width, lambda path: ".".join(map(str, path)))
        assert len(drawn.lines) == len(drawn.owners)
        assert {owner for owner in drawn.owners if owner is not None} == set(range(len(found.hunks)))
        assert all(line.cell_length <= width for line in drawn.lines)


def lines_of(found: Differences) -> list[str]:
    names = {Head: "head", Gap: "gap"}
    return [
        names.get(type(line), "row") if not isinstance(line, Row) else f"{line.left!r}>{line.right!r}"
        for line in found.lines
    ]


def test_equal_lines_far_from_a_change_are_left_out() -> None:
    text = "\n".join("abcdefghij") + "\nand a line that makes it long"
    found = differences({"p": text}, {"p": text.replace("e\n", "E\n")}, {})
    shown = lines_of(found)
    assert shown[:3] == ["head", "gap", "'c'>'c'"]
    assert "'e'>'E'" in shown


def test_two_changes_of_one_text_are_taken_back_one_by_one() -> None:
    left, right = "first\nsame\nsame too\nlast of the lines", "FIRST\nsame\nsame too\nLAST of the lines"
    found = differences({"p": left}, {"p": right}, {})
    assert [hunk.restored for hunk in found.hunks] == [
        "first\nsame\nsame too\nLAST of the lines",
        "FIRST\nsame\nsame too\nlast of the lines",
    ]


def test_a_text_that_was_not_set_is_held_against_its_default() -> None:
    default = "You are a writer of long and careful texts."
    found = differences({}, {"p": f"{default}\nBe brief."}, {("p",): default})
    head = found.lines[0]
    assert isinstance(head, Head)
    assert (head.was_default, head.added, head.removed) == (True, 1, 0)
    assert found.hunks[0].restored is UNSET


def test_a_line_end_at_the_end_is_a_difference() -> None:
    assert differences({"p": "a line and more\nb"}, {"p": "a line and more\nb\n"}, {}).hunks


def test_data_is_never_markup_or_control() -> None:
    hostile = "[/bold] [red]x \x1b[31mESC\x07 \u202ebidi" * 3
    drawn = draw(differences({"p": "a"}, {"p": hostile, hostile: 1}, {}), 60, lambda path: str(path[0]))
    text = "\n".join(line.plain for line in drawn.lines)
    assert "[/bold]" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
