"""Paths of a search's `extract`."""

from typing import Any

import pytest
from pydantic import ValidationError

from playground.server.thread_search import ThreadSearch, extracted
from playground.server.thread_state import selected

THREAD: dict[str, Any] = {
    "values": {"messages": [{"content": "hi"}, {"content": [{"text": "there"}]}], "0": "zero", "none": None},
    "metadata": {"a-b": {"c d": 1}},
    "interrupts": {},
    "status": "idle",
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("values.messages[-1].content[0].text", "there"),
        ("values.messages[0].content", "hi"),
        ("values.messages[2]", None),
        ("values.messages.content", None),
        ("values.messages[0][0]", None),
        ("values.0", "zero"),
        ("values.none.deeper", None),
        ("metadata.a-b.c d", 1),
        ("interrupts", {}),
        ("config.configurable", None),
    ],
)
def test_a_path_leads_to_a_value_or_to_none(path: str, value: Any) -> None:
    assert ThreadSearch(extract={"it": path}).extract == {"it": path}
    assert extracted(THREAD, path) == value


@pytest.mark.parametrize(
    "path", ["", "status", "values.", "values..a", "values[x]", "values.a[0", "value.a", " values"]
)
def test_a_path_that_cannot_be_read_is_refused(path: str) -> None:
    with pytest.raises(ValidationError, match="no path like"):
        ThreadSearch(extract={"it": path})
    assert extracted(THREAD, path) is None


@pytest.mark.parametrize("alias", ["", "a-b", "1a", "values", "thread_id"])
def test_an_alias_that_cannot_be_a_name_is_refused(alias: str) -> None:
    with pytest.raises(ValidationError, match="can't name an extract"):
        ThreadSearch(extract={alias: "values"})


def test_selected_fields_of_a_state() -> None:
    state = {"values": {"a": 1, "b": 2}, "next": ["n"], "metadata": None}
    assert selected(state, None) == state
    assert selected(state, ["next", "values.b", "values.none"]) == {"next": ["n"], "values": {"b": 2}}
    assert selected(state, ["values", "values.b"]) == {"values": {"a": 1, "b": 2}}
    assert selected({"values": [1]}, ["values.a"]) == {"values": {}}
