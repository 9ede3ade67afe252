"""What the routes work with, made once per server."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from playground.graphs.loader import Graphs
from playground.graphs.manifest import Manifest
from playground.runs.engine import Engine
from playground.runs.expiry import Expiry
from playground.runs.feeds import Feeds
from playground.runs.loop import GraphLoop
from playground.runs.threads import ThreadStates
from playground.server.announce import Announcements
from playground.server.output import Output
from playground.store.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """The layers below the routes, and the project they serve."""

    manifest: Manifest
    store: Path
    database: Database
    graphs: Graphs
    graph_loop: GraphLoop
    engine: Engine
    states: ThreadStates
    expiry: Expiry
    feeds: Feeds
    announcements: Announcements
    output: Output


async def services(request: Request) -> Services:
    """The services of the app that answers `request`. Async, or every request would wait for a thread of a pool."""
    found: Services = request.app.state.services
    return found


Use = Annotated[Services, Depends(services)]
