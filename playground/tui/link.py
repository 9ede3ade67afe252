"""The app's link to its server: opened after the first paint, watched while the app runs, shown when it breaks."""

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.client.connection import Connection
    from playground.tui.app import PlaygroundApp


class Link:
    """Keeps `app.client` true: a client while a server answers, None while none does."""

    def __init__(self, app: "PlaygroundApp") -> None:
        self._app = app
        self._connection: Connection | None = None

    def start(self) -> None:
        """Connect in a worker, and stay connected until the app ends."""
        self._app.run_worker(self._run(), name="link", group="link", exclusive=True, exit_on_error=False)

    async def _run(self) -> None:
        # Importing the SDK takes a third of a second: beside the loop, so that the painted screen answers.
        await asyncio.to_thread(import_module, "playground.client.connection")
        from playground.client.connection import Connection
        from playground.client.errors import PlaygroundError
        from playground.client.values import GraphsChanged, ServerBack, ServerLost

        app = self._app
        self._connection = connection = Connection(app.target)
        try:
            app.client = await connection.open()
        except PlaygroundError as error:
            app.show_failure(error)
            return
        app.connected()
        async for event in connection.watch():
            match event:
                case GraphsChanged():
                    app.graphs_changed(list(event.graphs))
                case ServerLost():
                    app.disconnected(event)
                case ServerBack():
                    app.connected()

    async def restart(self) -> None:
        """Give the server a fresh process: changed code is read, the store stays."""
        if self._connection is not None:
            await self._connection.restart()

    async def close(self) -> None:
        """Let go of the server."""
        if self._connection is not None:
            await self._connection.close()
