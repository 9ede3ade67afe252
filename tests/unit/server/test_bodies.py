"""How deep a body may be."""

from typing import Any

import pytest

from playground.server.bodies import DEPTH, is_deeper


def nested(depth: int) -> Any:
    value: Any = 1
    for level in range(depth):
        value = [1, value, {}] if level % 2 else {"a": 1, "b": value}
    return value


@pytest.mark.parametrize("depth", [1, 2, 3, DEPTH, 10_000])
def test_the_depth_of_lists_and_objects(depth: int) -> None:
    assert is_deeper(nested(depth), depth - 1)
    assert not is_deeper(nested(depth), depth + 1)  # what is beside the innermost is one level more


@pytest.mark.parametrize("value", [None, 1, "[[[[", [], {}, [1, 2, 3], {"a": "{{{{"}])
def test_what_is_flat(value: Any) -> None:
    assert not is_deeper(value, 1)
