"""LangChain's global cache of what models answered, left out of the runs that want none."""

from collections.abc import Sequence
from typing import Any

from langchain_core.caches import BaseCache
from langchain_core.globals import get_llm_cache, set_llm_cache
from langchain_core.outputs import Generation

from playground.runs.fresh import IS_FRESH


def pass_by_when_fresh() -> None:
    """From now on the global cache, if the project has set one, is there for all runs but the fresh ones."""
    cache = get_llm_cache()
    if cache is not None and not isinstance(cache, PassedBy):
        set_llm_cache(PassedBy(cache))


class PassedBy(BaseCache):
    """The user's cache, which in a fresh run knows nothing and learns nothing."""

    def __init__(self, cache: BaseCache) -> None:
        self._cache = cache

    def __getattr__(self, name: str) -> Any:
        """Whatever else it can."""
        return getattr(self._cache, name)

    def lookup(self, prompt: str, llm_string: str) -> Sequence[Generation] | None:
        return None if IS_FRESH.get() else self._cache.lookup(prompt, llm_string)

    def update(self, prompt: str, llm_string: str, return_val: Sequence[Generation]) -> None:
        if not IS_FRESH.get():
            self._cache.update(prompt, llm_string, return_val)

    def clear(self, **kwargs: Any) -> None:
        self._cache.clear(**kwargs)

    async def alookup(self, prompt: str, llm_string: str) -> Sequence[Generation] | None:
        return None if IS_FRESH.get() else await self._cache.alookup(prompt, llm_string)

    async def aupdate(self, prompt: str, llm_string: str, return_val: Sequence[Generation]) -> None:
        if not IS_FRESH.get():
            await self._cache.aupdate(prompt, llm_string, return_val)

    async def aclear(self, **kwargs: Any) -> None:
        await self._cache.aclear(**kwargs)
