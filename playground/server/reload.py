"""Changed code is picked up by a fresh process: notices the change, and asks for a restart when nothing runs."""

import asyncio
from collections.abc import Callable

from playground.graphs.loader import Graphs
from playground.graphs.manifest import ManifestError, load_manifest
from playground.runs.engine import Engine
from playground.server.sources import Sources

LOOK_SECONDS = 1.0
SETTLE_SECONDS = 0.2  # that long without another change: an editor or a checkout writes more than one file

LONGEST_PAUSE = 60

_HASTY = 5
_QUIET = 2
_ABOUT = "changed code"
_NAMED = 3


class Reload:
    """Watches the sources while the server runs. `restart` is called, once, with what changed; then it is over.

    Runs are let end. One that starts meanwhile runs the code that is loaded: who waits for the change sees, in the
    notices of `GET /playground`, what it waits for. `hasty`: how many servers in a row restarted as soon as they had
    loaded the code; `restart` is given that number too, with this one.
    """

    def __init__(
        self,
        sources: Sources,
        graphs: Graphs,
        engine: Engine,
        restart: Callable[[list[str], int], None],
        *,
        hasty: int = 0,
    ) -> None:
        self.changed: list[str] = []
        self._sources = sources
        self._graphs = graphs
        self._engine = engine
        self._restart = restart
        self._hasty = hasty
        self._quiet = 0  # looks since the graphs were loaded

    async def watch(self) -> None:
        """Runs until it is cancelled, or has asked for the restart."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not await self._look():
                continue
            self._hasty = self._hasty + 1 if self._quiet <= _QUIET else 0
            await self._settled()
            if not self._usable():
                continue
            await self._no_haste()
            if await self._drained():
                self._restart(self.changed, self._hasty)
                return

    async def _look(self) -> bool:
        """Whether there is something new."""
        states = {status.state for status in self._graphs.statuses()}
        self._quiet = 0 if "loading" in states else self._quiet + 1
        new = await asyncio.to_thread(self._sources.look, all_beside="failed" in states)
        self.changed = sorted({*self.changed, *new})
        return bool(new)

    async def _settled(self) -> None:
        more = True
        while more:
            await asyncio.sleep(SETTLE_SECONDS)
            more = await self._look()

    def _usable(self) -> bool:
        """Whether there is a project to start again: a langgraph.json that is half written would end the server."""
        try:
            load_manifest(self._graphs.manifest.path)
        except ManifestError as error:
            self._say(f"{error} Until then the server goes on with what it has loaded.")
            return False
        return True

    async def _no_haste(self) -> None:
        """Code that writes its own files would restart the server for ever: less and less often, then."""
        if self._hasty > _HASTY:
            seconds = min(2 ** (self._hasty - _HASTY), LONGEST_PAUSE)
            self._say(
                f"{what_changed(self.changed)} right after a restart, again: the next one is in {seconds} seconds."
            )
            await asyncio.sleep(seconds)

    async def _drained(self) -> bool:
        """Waits until nothing runs; False if there were further changes meanwhile, to be looked at first."""
        while self._engine.active:
            count = self._engine.active
            runs = "1 run has" if count == 1 else f"{count} runs have"
            self._say(f"{what_changed(self.changed)}: the server restarts with the new code when {runs} ended.")
            drained = asyncio.ensure_future(self._engine.drained())
            await asyncio.wait((drained,), timeout=LOOK_SECONDS)
            drained.cancel()
            if await self._look():
                await self._settled()
                if not self._usable():
                    return False
        return True

    def _say(self, sentence: str) -> None:
        self._engine.reports.tell(_ABOUT, sentence)


def what_changed(names: list[str]) -> str:
    """Why a server restarts: "graphs.py changed"."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more} changed"
