"""Runs that take nothing from a cache: neither nodes and tasks with a CachePolicy, nor the calls of models."""

from contextvars import ContextVar
from typing import Any

from playground.refs import FRESH

JSON = dict[str, Any]

IS_FRESH: ContextVar[bool] = ContextVar("playground_fresh", default=False)

# LangGraph's own key: a graph takes the cache that stands there instead of the one that it was compiled with, and so
# do its subgraphs, since they get their parent's configurable.
_CACHE_KEY = "__pregel_cache"


def is_fresh(metadata: JSON) -> bool:
    """Whether the run with this metadata is to be one."""
    return metadata.get(FRESH) is True


def go_without_caches(configurable: JSON) -> JSON:
    """The configurable of a run without caches. Nor does LangChain's global cache answer what this task then runs.

    A model that was made with a cache of its own keeps that.
    """
    from playground.runs.model_cache import pass_by_when_fresh

    IS_FRESH.set(True)
    pass_by_when_fresh()
    return {**configurable, _CACHE_KEY: None}
