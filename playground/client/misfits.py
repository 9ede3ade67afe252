"""Which saved values no longer fit their graph, since its code changed: of active versions and of drafts."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playground.client.errors import ApiError
from playground.client.validation import Checker, Problem, said
from playground.client.values import Assistant
from playground.refs import context_hash

if TYPE_CHECKING:
    from playground.client.client import Client

Json = dict[str, Any]
_AT_ONCE = 50  # contexts that are checked without a pause: a screen wants its turn in between
_KEPT = 50_000  # contexts of a graph whose answers are remembered


@dataclass(frozen=True, slots=True)
class Misfit:
    """An assistant some of whose values no longer fit; of its active version, or of its draft."""

    assistant: Assistant
    draft: bool
    problems: tuple[Problem, ...]


class Fits:
    """Remembers what was found: a context is checked once against a schema."""

    def __init__(self) -> None:
        self._graphs: dict[str, _Checked] = {}

    def use(self, graph_id: str, schema: Json) -> "_Checked":
        """What is known of a graph; nothing, if its schema is another one than before."""
        key = context_hash(schema)
        known = self._graphs.get(graph_id)
        if known is None or known.schema_hash != key:
            known = self._graphs[graph_id] = _Checked(key, Checker(schema))
        return known


class _Checked:
    def __init__(self, schema_hash: str, checker: Checker) -> None:
        self.schema_hash = schema_hash
        self._checker = checker
        self._found: dict[str, tuple[Problem, ...]] = {}

    def problems(self, hashed: str, context: Json) -> tuple[Problem, ...]:
        """What no longer fits. An empty context has no values, and what it lacks its runs may bring along."""
        if not context:
            return ()
        if hashed not in self._found:
            if len(self._found) >= _KEPT:
                self._found.clear()
            self._found[hashed] = tuple(self._checker.outdated(context))
        return self._found[hashed]


@dataclass(frozen=True, slots=True)
class _Saved:
    assistant: Assistant
    context: Json
    context_hash: str
    draft: bool = False


async def find_misfits(client: "Client", assistants: Sequence[Assistant] | None = None) -> list[Misfit]:
    """In the order of `assistants` (all of them, if none are given), drafts after versions.

    A graph that is still loading, or failed, has no schema that anything could be compared with. A factory may give
    its graph another schema for each configuration: what counts is the one of its default assistant.
    """
    if assistants is None:
        assistants = await client.assistants.list()
    schemas, drafts = await asyncio.gather(_schemas(client, assistants), client.notes.drafts())
    by_id = {assistant.assistant_id: assistant for assistant in assistants}
    saved = [_Saved(one, one.context, one.context_hash) for one in assistants]
    for draft in drafts:
        assistant, context = by_id.get(draft.assistant_id), draft.content.get("context")
        if assistant is not None and isinstance(context, dict):  # what was typed need not be one
            saved.append(_Saved(assistant, context, context_hash(context), draft=True))
    checked = {graph_id: client.fits.use(graph_id, schema) for graph_id, schema in schemas.items()}
    found: list[Misfit] = []
    for start in range(0, len(saved), _AT_ONCE):
        found += await asyncio.to_thread(_check, checked, saved[start : start + _AT_ONCE])
    return found


async def misfits(client: "Client", assistants: Sequence[Assistant] | None = None) -> dict[str, tuple[str, ...]]:
    """{assistant_id: sentences}, `tone: "formal" is no longer one of: dry, warm`; a draft's begin with `draft: `."""
    found: dict[str, list[str]] = defaultdict(list)
    for misfit in await find_misfits(client, assistants):
        start = "draft: " if misfit.draft else ""
        found[misfit.assistant.assistant_id] += [f"{start}{said(problem)}" for problem in misfit.problems]
    return {assistant_id: tuple(sentences) for assistant_id, sentences in found.items()}


async def _schemas(client: "Client", assistants: Iterable[Assistant]) -> dict[str, Json]:
    """{graph_id: the schema of its context}, of the graphs that have one now."""
    used = {assistant.graph_id for assistant in assistants}
    ready = [
        graph.graph_id for graph in await client.graphs.list() if graph.state == "ready" and graph.graph_id in used
    ]
    found = await asyncio.gather(*(_schema(client, graph_id) for graph_id in ready))
    return {graph_id: schema for graph_id, schema in zip(ready, found, strict=True) if schema is not None}


async def _schema(client: "Client", graph_id: str) -> Json | None:
    try:
        return (await client.graphs.schemas(graph_id)).context
    except ApiError:
        return None  # its code failed meanwhile, or the server has no assistant of that name


def _check(checked: dict[str, _Checked], saved: Iterable[_Saved]) -> list[Misfit]:
    found = []
    for one in saved:
        if (graph := checked.get(one.assistant.graph_id)) is not None:
            problems = graph.problems(one.context_hash, one.context)
            if problems:
                found.append(Misfit(one.assistant, one.draft, problems))
    return found
