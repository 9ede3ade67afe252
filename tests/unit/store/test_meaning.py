"""Items ranked by what they mean, with embeddings that count letters."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from langchain_core.embeddings import Embeddings
from langgraph.store.base import GetOp, SearchOp

from playground.store.database import Database
from playground.store.meaning import Ranking


class Letters(Embeddings):
    """How many a, b and c a text has; `asked` is what was embedded, query by query."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.asked.append(texts)
        return [[float(text.count(letter)) for letter in "abc"] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def _row(key: str, value: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"namespace": ["n"], "key": key, "value": value, "created_at": "", "updated_at": "", **more}


def _keys(rows: Sequence[dict[str, Any]]) -> str:
    return "".join(row["key"] for row in rows)


ROWS = [
    _row("1", {"text": "aaa", "list": [{"t": "c"}]}),
    _row("2", {"text": "aab", "list": [{"t": "b"}, {"t": "c"}]}),
    _row("3", {"text": "bbb"}),
    _row("4", {"other": 1}),
    _row("5", {"text": "b"}, index=False),
]


@pytest.mark.parametrize("is_async", [True, False])
def test_the_closest_come_first_and_those_without_a_text_last(is_async: bool) -> None:
    ranking = Ranking(Letters(), ["text"])
    found = asyncio.run(ranking.arank("a", ROWS)) if is_async else ranking.rank("a", ROWS)
    assert _keys(found) == "12345"
    assert [row["score"] for row in found] == [
        pytest.approx(1), pytest.approx(2 / 5**0.5), pytest.approx(0), None, None,
    ]  # fmt: skip
    assert "index" not in found[-1]


def test_the_best_of_several_texts_counts() -> None:
    assert _keys(Ranking(Letters(), ["text", "list[*].t"]).rank("c", ROWS))[:2] in ("12", "21")
    assert _keys(Ranking(Letters(), ["$"]).rank("b", ROWS[1:3])) == "32"


def test_a_text_is_embedded_once() -> None:
    letters = Letters()
    ranking = Ranking(letters, ["text"])
    ranking.rank("a", ROWS)
    ranking.rank("b", [*ROWS, _row("6", {"text": "new"}), _row("7", {"text": "aaa"})])
    assert letters.asked == [["aaa", "aab", "bbb"], ["a"], ["new"], ["b"]]


def test_embeddings_that_are_not_one_for_each_text_are_refused() -> None:
    class Wrong(Letters):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[1.0]]

    with pytest.raises(ValueError, match="made 1 vectors of 3 texts"):
        Ranking(Wrong(), ["text"]).rank("a", ROWS)


async def test_langgraphs_store_ranks_and_pages(database: Database) -> None:
    store = database.base_store
    store.ranking = Ranking(Letters(), ["text"])
    for key, text in (("x", "a"), ("y", "ab"), ("z", "b")):
        await store.aput(("n",), key, {"text": text, "kind": text[-1]})
    assert [item.key for item in await store.asearch(("n",), query="a")] == ["x", "y", "z"]
    assert [item.key for item in store.search(("n",), query="a", limit=1, offset=1)] == ["y"]
    assert [item.key for item in await store.asearch(("n",), query="b", filter={"kind": "a"})] == ["x"]
    unranked, ranked, item = store.batch([SearchOp(("n",)), SearchOp(("n",), query="b"), GetOp(("n",), "x")])
    assert [found.key for found in unranked] == ["z", "y", "x"]  # type: ignore[union-attr]
    assert [found.key for found in ranked] == ["z", "y", "x"]  # type: ignore[union-attr]
    assert (unranked[0].score, ranked[0].score) == (None, pytest.approx(1))  # type: ignore[index, union-attr]
    assert item.value["text"] == "a"  # type: ignore[union-attr]
