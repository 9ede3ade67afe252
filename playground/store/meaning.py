"""Items ranked by what they mean: embeddings of their texts, kept in memory, compared by cosine. Imports langgraph.

Texts are embedded when they are first searched, not when they are put: no item is refused because a model can't be
reached, and those from before the index was configured are found too.
"""

import asyncio
from collections.abc import Iterable, Sequence
from math import sqrt
from operator import mul
from typing import TYPE_CHECKING

from langgraph.store.base import get_text_at_path, tokenize_path

from playground.store.items import FIELDS
from playground.store.plain import JSON

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

KEPT_TEXTS = 20_000
Vector = list[float]


class Ranking:
    """Orders items by how close they are to a query; `paths` says where in their values the texts are, `$` is all."""

    def __init__(self, embeddings: "Embeddings", paths: Sequence[str] = ("$",)) -> None:
        self._embeddings = embeddings
        self._paths = paths
        self._vectors: dict[str, Vector] = {}  # of each text; length 1

    async def arank(self, query: str, rows: Sequence[JSON]) -> list[JSON]:
        """The items with their `score`, closest first, those without a text last. Raises what the embeddings raise."""
        texts = [self._texts(row) for row in rows]
        if missing := self._missing(texts):
            self._keep(missing, await self._embeddings.aembed_documents(missing))
        wanted = _unit(await self._embeddings.aembed_query(query))
        return await asyncio.to_thread(self._ranked, wanted, rows, texts)

    def rank(self, query: str, rows: Sequence[JSON]) -> list[JSON]:
        """As `arank`, in the caller's thread."""
        texts = [self._texts(row) for row in rows]
        if missing := self._missing(texts):
            self._keep(missing, self._embeddings.embed_documents(missing))
        return self._ranked(_unit(self._embeddings.embed_query(query)), rows, texts)

    def _texts(self, row: JSON) -> list[str]:
        paths = row.get("index", self._paths)
        return [text for path in paths or () for text in get_text_at_path(row["value"], _tokens(path)) if text]

    def _missing(self, texts: Iterable[Iterable[str]]) -> list[str]:
        if len(self._vectors) > KEPT_TEXTS:
            self._vectors.clear()
        return list(dict.fromkeys(text for some in texts for text in some if text not in self._vectors))

    def _keep(self, texts: Sequence[str], vectors: Sequence[Vector]) -> None:
        if len(texts) != len(vectors):
            raise ValueError(f"The embedding made {len(vectors)} vectors of {len(texts)} texts.")
        self._vectors |= {text: _unit(vector) for text, vector in zip(texts, vectors, strict=True)}

    def _ranked(self, wanted: Vector, rows: Sequence[JSON], texts: Sequence[Iterable[str]]) -> list[JSON]:
        scored = [
            {name: row[name] for name in FIELDS}
            | {"score": max((sum(map(mul, wanted, self._vectors[text])) for text in some), default=None)}
            for row, some in zip(rows, texts, strict=True)
        ]
        return sorted(scored, key=lambda row: (row["score"] is not None, row["score"] or 0), reverse=True)


def _tokens(path: str) -> str | list[str]:
    return path if path == "$" else tokenize_path(path)


def _unit(vector: Iterable[float]) -> Vector:
    numbers = [float(number) for number in vector]
    length = sqrt(sum(map(mul, numbers, numbers)))
    return [number / length for number in numbers] if length else numbers
