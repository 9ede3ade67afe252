"""LangGraph's store over the items, so that graphs, the Store API and our own notes share them. Imports langgraph."""

import asyncio
from collections.abc import Iterable
from concurrent.futures import Executor
from contextlib import nullcontext
from datetime import datetime
from typing import Any

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
from playground.store.items import Items
from playground.store.plain import JSON


class ItemStore(BaseStore):
    """Items on disk when the call returns. There is no index: a search's `query` is ignored, scores are None."""

    supports_ttl = True
    __slots__ = ("_items", "_worker")

    def __init__(self, items: Items, worker: Executor) -> None:
        self._items = items
        self._worker = worker

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """Carry out the operations in order, all or none. Raises Invalid, StoreFailed."""
        ops = list(ops)
        with self._items.transaction() if any(isinstance(op, PutOp) for op in ops) else nullcontext():
            return [self._result(op) for op in ops]

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """As `batch`, on the store's own thread."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, self.batch, list(ops))

    def _result(self, op: Op) -> Result:
        if isinstance(op, GetOp):
            row = self._items.get(op.namespace, op.key, refresh_ttl=op.refresh_ttl)
            return None if row is None else Item(**_fields(row))
        if isinstance(op, PutOp):
            if op.value is None:
                self._items.delete(op.namespace, op.key)
            else:
                self._items.put(op.namespace, op.key, op.value, op.ttl)
            return None
        if isinstance(op, SearchOp):
            rows = self._items.search(op.namespace_prefix, op.filter, op.limit, op.offset)
            return [SearchItem(**_fields(row)) for row in rows]
        if isinstance(op, ListNamespacesOp):
            conditions = op.match_conditions or ()
            paths = self._items.namespaces(
                _pattern(conditions, "prefix"), _pattern(conditions, "suffix"), op.max_depth, op.limit, op.offset
            )
            return [tuple(path) for path in paths]
        raise Invalid(f"The store has no operation {type(op).__name__}.")


def _fields(row: JSON) -> dict[str, Any]:
    return {
        **row,
        "namespace": tuple(row["namespace"]),
        "created_at": datetime.fromisoformat(row["created_at"]),
        "updated_at": datetime.fromisoformat(row["updated_at"]),
    }


def _pattern(conditions: Iterable[MatchCondition], kind: str) -> tuple[str, ...] | None:
    return next((tuple(condition.path) for condition in conditions if condition.match_type == kind), None)
