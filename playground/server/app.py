"""The ASGI application: routes, faults, access, and what starts and ends with it."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from playground.graphs.loader import GraphStatus
from playground.server import (
    assistants,
    errors,
    items,
    runs,
    system,
    thread_facts,
    thread_state,
    thread_stream,
    threads,
    unserved,
)
from playground.server.access import LOOPBACK, Access, Key
from playground.server.bodies import BodyLimit
from playground.server.docs import Documented
from playground.server.lifetime import Lifetime
from playground.server.services import Services

# What a browser's SDK reads from answers.
EXPOSED = ["Content-Location", "Location", "X-Pagination-Total", "X-Pagination-Next"]


def create_app(
    services: Services,
    *,
    key: str | None,
    hosts: Collection[str] = LOOPBACK,
    origins: Collection[str] = (),
    end: Callable[[], None],
    managed: bool,
) -> FastAPI:
    """The application over `services`; `end` is called to end the process (asked for, or unused while `managed`)."""
    middleware = [Middleware(Access, hosts=hosts, origins=origins)]
    if managed:
        middleware.insert(0, Middleware(Lifetime, end=end, busy=lambda: services.engine.active > 0))
    if origins:
        middleware.append(
            Middleware(
                CORSMiddleware,
                allow_origins=list(origins),
                allow_methods=["*"],
                allow_headers=["*"],
                expose_headers=EXPOSED,
                allow_private_network=True,  # asked for by a browser whose page comes from elsewhere than this machine
            )
        )
    middleware += [Middleware(Key, key=key), Middleware(BodyLimit)]
    app = Documented(
        title="LangGraph playground",
        version=version("langgraph-playground"),
        lifespan=_lifespan,
        middleware=middleware,
        redirect_slashes=False,
        responses=errors.DOCUMENTED,
    )
    app.state.services = services
    app.state.end = end
    errors.install(app)
    for resource in (unserved, system, assistants, threads, thread_facts, thread_state, thread_stream, runs, items):
        app.include_router(resource.router)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services: Services = app.state.services
    await services.database.call(_prepare_store, services)
    loop = asyncio.get_running_loop()

    def announce(_: GraphStatus) -> None:
        loop.call_soon_threadsafe(services.announcements.announce)

    services.graphs.on_change = announce
    loading = services.graph_loop.submit(services.graphs.load_all())
    # What the imports made stays: a full collection over it would hold up a stream by tens of milliseconds.
    loading.add_done_callback(lambda _: gc.freeze())
    expiring = asyncio.create_task(services.expiry.run(), name="expiry")
    sweeping = asyncio.create_task(items.sweep(services), name="items")
    try:
        yield
    finally:
        loading.cancel()
        expiring.cancel()
        sweeping.cancel()
        services.announcements.close()
        await services.engine.stop()


def _prepare_store(services: Services) -> None:
    """Close what a crash left open, and give every graph its default assistant.

    It is named as in langgraph.json, not as its compiled graph: that name is known before any code is imported.
    """
    services.engine.recover()
    services.database.items.ttl = services.manifest.ttl
    for graph_id, spec in services.graphs.specs.items():
        services.database.assistants.ensure_default(
            graph_id,
            name=graph_id,
            description=spec.description,
            config=services.manifest.configs.get(graph_id),
        )
