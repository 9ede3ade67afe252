"""Names of what can run."""

import pytest

from playground.refs import Ref, context_hash, parse_ref


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("writer", Ref("writer")),
        (" writer@v3 ", Ref("writer", version=3)),
        ("writer@3", Ref("writer", version=3)),
        ("writer@prod", Ref("writer", label="prod")),
        ("me@work@v2", Ref("me@work", version=2)),
        ("writer@v0", Ref("writer", label="v0")),
        ("Blog writer@v1", Ref("Blog writer", version=1)),
    ],
)
def test_parse(text: str, ref: Ref) -> None:
    assert parse_ref(text) == ref


@pytest.mark.parametrize("text", ["", "  ", "@v3", "writer@"])
def test_nothing_to_run_is_one_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="names nothing to run"):
        parse_ref(text)


def test_a_ref_reads_as_it_is_written() -> None:
    assert [str(parse_ref(text)) for text in ("a", "a@3", "a@prod")] == ["a", "a@v3", "a@prod"]


def test_equal_contexts_have_equal_hashes_whatever_their_order() -> None:
    assert context_hash({"a": 1, "b": [1, 2]}) == context_hash({"b": [1, 2], "a": 1})
    assert context_hash({"a": 1}) != context_hash({"a": "1"})
    assert len(context_hash({"odd": "\ud800"})) == 12
