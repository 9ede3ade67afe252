"""A LangGraph server, as the screens and the command see it. Nothing else talks to one."""

from dataclasses import replace
from typing import TypeVar

from playground.client.assistants import Assistants
from playground.client.comparisons import Comparisons
from playground.client.exactly import Exactly
from playground.client.flights import Flights
from playground.client.graphs import Graphs
from playground.client.misfits import Fits
from playground.client.notes import Notes
from playground.client.resolve import Resolver
from playground.client.runs import Runs
from playground.client.secret_values import masked
from playground.client.thread_list import ThreadList
from playground.client.threads import Threads
from playground.client.values import Runnable, Version
from playground.client.wire import Wire

_Version = TypeVar("_Version", Runnable, Version)


class Client:
    """Small services on one connection. Every method raises PlaygroundError (ApiError, ServerGone …), never another."""

    def __init__(self) -> None:
        self._wire = Wire()
        self.graphs = Graphs(self._wire)
        self.notes = Notes(self._wire)
        self.comparisons = Comparisons(self._wire)
        self.assistants = Assistants(self._wire, self.notes)
        self.threads = Threads(self._wire)
        self.thread_list = ThreadList(self._wire)
        self.runs = Runs(self._wire, Exactly(self._wire, self.assistants))
        self.fits = Fits()
        self.flights = Flights()
        self._resolver = Resolver(self.assistants, self.notes)

    @classmethod
    async def connect(cls, url: str, key: str | None = None) -> "Client":
        """A client of the server at `url`; nothing is sent yet."""
        client = cls()
        await client._wire.connect(url, key)
        return client

    @property
    def url(self) -> str:
        """Where the server is, without credentials."""
        return self._wire.url

    @property
    def wire(self) -> Wire:
        """For the connection, which points it at another server."""
        return self._wire

    async def resolve(self, ref_text: str) -> Runnable:
        """What `name`, `name@v3`, `name@label` or `name@draft` runs. Raises RefError."""
        return await self._resolver.resolve(ref_text)

    async def version(self, ref_text: str) -> Version:
        """The version that a ref names, with its note and labels. Raises RefError."""
        return await self._resolver.version(ref_text)

    async def masked(self, version: _Version) -> _Version:
        """As it may be shown: with dots for what the graph's schema says is a secret."""
        schemas = await self.graphs.schemas_if_any(version.assistant_id)
        return replace(version, context=masked(version.context, schemas.context if schemas else None))

    async def close(self) -> None:
        await self._wire.close()
