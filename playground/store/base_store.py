"""LangGraph's store over the items, so that graphs, the Store API and our own notes share them. Imports langgraph."""

import asyncio
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from contextlib import nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, Any

from langgraph.store.base import (
    BaseStore,
    GetOp,
    Item,
    ListNamespacesOp,
    MatchCondition,
    Op,
    PutOp,
    Result,
    SearchItem,
    SearchOp,
)

from playground.store.errors import Invalid
from playground.store.items import Items, check_labels
from playground.store.plain import JSON

if TYPE_CHECKING:
    from playground.store.meaning import Ranking


class ItemStore(BaseStore):
    """Items on disk when the call returns. Without a `ranking` a search's `query` is ignored, and scores are None."""

    supports_ttl = True

    def __init__(self, items: Items, worker: Executor) -> None:
        self._items = items
        self._worker = worker
        self.ranking: Ranking | None = None
        self.ttl_config = {"refresh_on_read": items.ttl.refresh_on_read, "default_ttl": items.ttl.default}

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """Carry out the operations in order, all or none; searches by meaning see what was there before.

        Raises Invalid, StoreFailed, and what the embeddings raise.
        """
        ops = list(ops)
        ranked: dict[int, list[JSON]] = {}
        if ranking := self.ranking:
            for number, op, query in _by_meaning(ops):
                ranked[number] = ranking.rank(query, self._candidates(op))
        return self._results(ops, ranked)

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """As `batch`, on the store's own thread."""
        ops = list(ops)
        loop, ranked = asyncio.get_running_loop(), dict[int, list[JSON]]()
        if ranking := self.ranking:
            for number, op, query in _by_meaning(ops):
                candidates = await loop.run_in_executor(self._worker, self._candidates, op)
                ranked[number] = await ranking.arank(query, candidates)
        return await loop.run_in_executor(self._worker, self._results, ops, ranked)

    def _candidates(self, op: SearchOp) -> list[JSON]:
        return self._items.candidates(op.namespace_prefix, op.filter)

    def _results(self, ops: list[Op], ranked: Mapping[int, list[JSON]]) -> list[Result]:
        with self._items.transaction() if any(isinstance(op, PutOp) for op in ops) else nullcontext():
            return [self._result(op, ranked.get(number)) for number, op in enumerate(ops)]

    def _result(self, op: Op, ranked: list[JSON] | None) -> Result:
        if isinstance(op, GetOp):
            row = self._items.get(op.namespace, op.key, refresh_ttl=op.refresh_ttl)
            return None if row is None else Item(**_fields(row))
        if isinstance(op, PutOp):
            if op.value is None:
                self._items.delete(op.namespace, op.key)
            else:
                self._items.put(op.namespace, op.key, op.value, op.ttl, op.index)
            return None
        if isinstance(op, SearchOp):
            return [SearchItem(**_fields(row)) for row in self._found(op, ranked)]
        if isinstance(op, ListNamespacesOp):
            conditions = op.match_conditions or ()
            paths = self._items.namespaces(
                _pattern(conditions, "prefix"), _pattern(conditions, "suffix"), op.max_depth, op.limit, op.offset
            )
            return [tuple(path) for path in paths]
        raise Invalid(f"The store has no operation {type(op).__name__}.")

    def _found(self, op: SearchOp, ranked: list[JSON] | None) -> list[JSON]:
        check_labels(op.namespace_prefix)
        if ranked is None:
            return self._items.search(op.namespace_prefix, op.filter, op.limit, op.offset, op.refresh_ttl)
        rows = ranked[op.offset : op.offset + op.limit]
        self._items.read(rows, op.refresh_ttl)
        return rows


def _by_meaning(ops: Iterable[Op]) -> list[tuple[int, SearchOp, str]]:
    """The searches that have a query, with their places."""
    return [(number, op, op.query) for number, op in enumerate(ops) if isinstance(op, SearchOp) and op.query]


def _fields(row: JSON) -> dict[str, Any]:
    return {
        **row,
        "namespace": tuple(row["namespace"]),
        "created_at": datetime.fromisoformat(row["created_at"]),
        "updated_at": datetime.fromisoformat(row["updated_at"]),
    }


def _pattern(conditions: Iterable[MatchCondition], kind: str) -> tuple[str, ...] | None:
    return next((tuple(condition.path) for condition in conditions if condition.match_type == kind), None)
