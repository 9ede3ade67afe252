"""What the palette (Ctrl+P) offers: every command that works now, and everything there is to go to."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.markup import escape
from textual.screen import Screen

from playground.client.errors import PlaygroundError
from playground.client.saved import SavedComparison
from playground.client.thread_list import Scope, name_of
from playground.client.values import Assistant, Thread
from playground.tui.text import age, count, one_line, short_id

if TYPE_CHECKING:
    from playground.client.client import Client
    from playground.tui.app import PlaygroundApp

_THREADS = 100
"""Threads that can be found by typing: the ones used last."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something the palette can do. `name` and `help` are data, whoever wrote them."""

    name: str
    help: str
    run: Callable[[], Any]


class Entries(Provider):
    """Finds entries by their names; a subclass makes them."""

    @property
    def playground(self) -> "PlaygroundApp":
        """The app, as what it is."""
        return cast("PlaygroundApp", self.app)

    async def startup(self) -> None:
        """Make the entries once a palette."""
        self._entries = [*await self.entries()]

    async def entries(self) -> Iterable[Entry]:
        """What can be found."""
        return ()

    async def search(self, query: str) -> Hits:
        """The entries whose names match."""
        matcher = self.matcher(query)
        for entry in self._entries:
            name = one_line(entry.name, 120)
            score, offsets = matcher.fuzzy_search.match(query, name)
            if score > 0:
                shown = _highlighted(name, offsets, matcher.match_style)
                yield Hit(score, shown, entry.run, text=name, help=escape(one_line(entry.help, 160)))


class CommandEntries(Entries):
    """The keys of the screen that work now, and what the app can do."""

    async def entries(self) -> Iterable[Entry]:
        """The screen's commands first."""
        return [*_binding_entries(self.playground, self.screen), *_app_entries(self.playground)]

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for entry in self._entries:
            name = one_line(entry.name, 120)
            yield DiscoveryHit(Content(name), entry.run, text=name, help=escape(one_line(entry.help, 160)))


class ThingEntries(Entries):
    """Graphs, assistants, comparisons and threads."""

    async def entries(self) -> Iterable[Entry]:
        """Read when the palette opens, so what another terminal made is there, too. Without a server: nothing."""
        client = self.playground.client
        if client is None:
            return ()
        try:
            return await _things(self.playground, client)
        except PlaygroundError as error:
            self.playground.report(error)
            return ()


def _highlighted(name: str, offsets: Iterable[int], style: Any) -> Content:
    content = Content(name)
    for offset in offsets:
        content = content.stylize(style or "bold", offset, offset + 1)
    return content


def _binding_entries(app: "PlaygroundApp", screen: Screen[Any]) -> Iterable[Entry]:
    """Bindings with an id are the user's; those of lists and fields have none of their own here."""
    seen = set[str]()
    for node, binding, enabled, tooltip in screen.active_bindings.values():
        if not enabled or not binding.id or binding.system or binding.id in seen or binding.id.startswith("list."):
            continue
        seen.add(binding.id)
        family = binding.id.partition(".")[0]
        name = binding.description if family == "app" else f"{family.capitalize()}: {binding.description}"
        run = partial(app.run_action, binding.action, node)
        yield Entry(name, f"{tooltip}  ({app.get_key_display(binding)})", run)


def _app_entries(app: "PlaygroundApp") -> Iterable[Entry]:
    yield Entry("Theme", "Choose the colours, with a preview", app.action_change_theme)
    yield Entry("Comparisons", "What was compared: open, rename, delete", app.action_comparisons)
    yield Entry("Project notices", "What of the project is not applied here", app.action_show_notices)
    yield Entry("Save a screenshot", "The screen as an SVG in your downloads", app.deliver_screenshot)


async def _things(app: "PlaygroundApp", client: "Client") -> list[Entry]:
    graphs, assistants, threads, comparisons = await asyncio.gather(
        client.graphs.list(),
        client.assistants.list(),
        _recent_threads(client),
        client.comparisons.list(),
    )
    names = {assistant.assistant_id: assistant.name for assistant in assistants}
    return [
        *(Entry(f"graph: {one.graph_id}", one.description or one.state, _go(app, one.graph_id)) for one in graphs),
        *(_assistant_entry(app, assistant) for assistant in assistants),
        *(_compare_entry(app, assistant) for assistant in assistants),
        *(_comparison_entry(app, saved) for saved in comparisons),
        *(_thread_entry(app, *thread, names) for thread in threads),
    ]


async def _recent_threads(client: "Client") -> list[tuple[Thread, str]]:
    """Those used last that one can go on with, each with its title."""
    async for threads in client.thread_list.read(Scope()):
        recent = [one for one in threads if not one.is_sample and (one.assistant_id or one.graph_id)][:_THREADS]
        facts = await client.thread_list.facts(recent)
        return [(one, name_of(one, facts.get(one.thread_id))) for one in recent]
    return []


def _go(app: "PlaygroundApp", graph_id: str, assistant_id: str | None = None) -> Callable[[], None]:
    return partial(app.browse, graph_id, assistant_id)


def _assistant_entry(app: "PlaygroundApp", assistant: Assistant) -> Entry:
    about = f"{assistant.graph_id}  v{assistant.version}  {assistant.description or ''}"
    return Entry(f"assistant: {assistant.name}", about, _go(app, assistant.graph_id, assistant.assistant_id))


def _compare_entry(app: "PlaygroundApp", assistant: Assistant) -> Entry:
    about = f"A pane for v{assistant.version}, beside what is in Compare"
    return Entry(f"compare: {assistant.name}", about, partial(app.compare_with, assistant.assistant_id))


def _comparison_entry(app: "PlaygroundApp", saved: SavedComparison) -> Entry:
    began = f", {saved.inputs[0]}" if saved.inputs else ""
    about = f"{saved.refs}  {count(saved.turns, 'turn')}, {age(saved.updated_at, app.now())}{began}"
    return Entry(f"comparison: {saved.title}", about, partial(app.open_comparison, saved))


def _thread_entry(app: "PlaygroundApp", thread: Thread, title: str, names: dict[str, str]) -> Entry:
    who = names.get(thread.assistant_id or "", thread.graph_id or "")
    version = f"@v{thread.version}" if thread.version else ""
    about = f"{who}{version}, {thread.status}, {age(thread.updated_at, app.now())}"
    ref = thread.assistant_id or thread.graph_id or ""
    return Entry(
        f"thread: {one_line(title, 60) or short_id(thread.thread_id)}", about, partial(app.chat, ref, thread.thread_id)
    )
