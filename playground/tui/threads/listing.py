"""Which threads are listed: whose, of samples or not, those with words in them, in an order. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from playground.client.thread_list import RanHere, ThreadFacts, name_of
from playground.client.values import Thread
from playground.tui.threads.order import USUAL, ThreadOrder

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class FactsRead:
    """What was read of threads beside themselves; it counts until the thread changes, and is shown until it is read."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[datetime, bool, ThreadFacts]] = {}

    def of(self, thread_id: str) -> ThreadFacts | None:
        """What is known, maybe of some time ago."""
        known = self._read.get(thread_id)
        return known[2] if known else None

    def is_new(self, thread: Thread, *, versions: bool = False) -> bool:
        """Whether nothing has to be read; `versions`: all that ran are wanted, too."""
        known = self._read.get(thread.thread_id)
        return known is not None and known[0] >= thread.updated_at and (known[1] or not versions)

    def outdate(self, thread_ids: Iterable[str]) -> None:
        """Read these again: something was done to them that is no change of theirs."""
        for thread_id in thread_ids:
            if (known := self._read.get(thread_id)) is not None:
                self._read[thread_id] = (_NEVER, *known[1:])

    def take(self, threads: Iterable[Thread], facts: Mapping[str, ThreadFacts], *, versions: bool) -> None:
        """They were read of these threads; of one that isn't among them there is nothing to know."""
        for thread in threads:
            now = facts.get(thread.thread_id, ThreadFacts())
            self._read[thread.thread_id] = (thread.updated_at, versions, now)


@dataclass(frozen=True)
class ThreadListing:
    """Threads as they are listed. `names` are the assistants', `found` the texts around the `words` searched for.

    `whose` is the assistant whose threads these are: its name isn't told in each row. `sized`: the server tells sizes.
    """

    threads: Sequence[Thread] = ()
    facts: FactsRead = field(default_factory=FactsRead)
    names: Mapping[str, str] = field(default_factory=dict)
    order: ThreadOrder = USUAL
    samples: bool = False
    found: Mapping[str, str] | None = None
    words: str = ""
    whose: str | None = None
    sized: bool = False

    @cached_property
    def all(self) -> Sequence[Thread]:
        """In their order, whatever is typed to filter them."""
        listed = [
            thread
            for thread in self.threads
            if (self.samples or not thread.is_sample) and (self.found is None or thread.thread_id in self.found)
        ]
        return self.order.sort(listed, self.title)

    @cached_property
    def by_id(self) -> Mapping[str, Thread]:
        """All that were read."""
        return {thread.thread_id: thread for thread in self.threads}

    def title(self, thread: Thread) -> str:
        """What it is called; "" as long as nobody knows."""
        return name_of(thread, self.facts.of(thread.thread_id))

    def ran(self, thread: Thread) -> tuple[RanHere, ...]:
        """The versions that made it, the last one first; as long as they aren't known, the last one."""
        facts = self.facts.of(thread.thread_id)
        if facts is not None and facts.ran:
            return facts.ran
        return (RanHere(thread.assistant_id, thread.version, thread.draft),) if thread.assistant_id else ()

    def matching(self, text: str) -> Sequence[Thread]:
        """Those that have every word that was typed: in title, assistants, status, or id."""
        words = text.casefold().split()
        if not words:
            return self.all
        return [thread for thread in self.all if all(word in self._searchable(thread) for word in words)]

    def _searchable(self, thread: Thread) -> str:
        who = " ".join(f"{self.names.get(one.assistant_id, '')}@v{one.version}" for one in self.ran(thread))
        return f"{self.title(thread)} {who} {thread.graph_id or ''} {thread.status} {thread.thread_id}".casefold()
