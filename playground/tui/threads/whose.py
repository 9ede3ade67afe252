"""Whose threads are listed: an assistant's, its graph's, or all. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from textual.content import Content

from playground.client.thread_list import Scope
from playground.client.values import Runnable, Thread
from playground.tui.text import join, one_line, short_id


@dataclass(frozen=True, slots=True)
class Whose:
    """`assistant_id`, `graph_id` and the assistant's `name` are kept while the threads of all are listed."""

    kind: Literal["assistant", "graph", "all"] = "all"
    assistant_id: str | None = None
    graph_id: str | None = None
    assistant: str = ""

    @property
    def scope(self) -> Scope:
        """What the server is asked for."""
        if self.kind == "assistant":
            return Scope(assistant_id=self.assistant_id)
        return Scope(graph_id=self.graph_id) if self.kind == "graph" else Scope()

    @property
    def name(self) -> str:
        """Of the assistant, or the graph; "" for all."""
        return {"assistant": self.assistant, "graph": self.graph_id or "", "all": ""}[self.kind]

    @property
    def title(self) -> Content:
        """`Threads of support`, `Threads of graph support`, `Threads`."""
        of = {"assistant": " of ", "graph": " of graph ", "all": ""}[self.kind]
        return join("Threads", of, one_line(self.name, 60))


ALL: Final = Whose()


def next_whose(now: Whose, runnable: Runnable | None, thread: Thread | None, names: Mapping[str, str]) -> Whose:
    """From an assistant to its graph, to all, and to the assistant that runs next, else that of the thread."""
    if now.kind == "assistant":
        return Whose("graph" if now.graph_id else "all", now.assistant_id, now.graph_id, now.assistant)
    if now.kind == "graph":
        return ALL
    if runnable is not None:
        return Whose("assistant", runnable.assistant_id, runnable.graph_id, runnable.name)
    if thread is not None and thread.assistant_id is not None:
        name = names.get(thread.assistant_id) or short_id(thread.assistant_id)
        return Whose("assistant", thread.assistant_id, thread.graph_id, name)
    return Whose("graph", None, thread.graph_id) if thread is not None and thread.graph_id else ALL
