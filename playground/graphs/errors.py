"""What can be wrong with a user's graph."""

from collections.abc import Sequence


class GraphError(Exception):
    """The message is a sentence to show."""


class UnknownGraph(GraphError):
    """No such graph in the project; the message lists the ones there are."""

    def __init__(self, graph_id: str, names: Sequence[str]) -> None:
        self.graph_id, self.names = graph_id, tuple(sorted(names))
        super().__init__(f"Graph {graph_id!r} not found. Expected one of: {list(self.names)}")


class GraphFailed(GraphError):
    """A graph can't be had: its code failed, or what it names is no graph. `traceback` starts in the user's code."""

    def __init__(self, graph_id: str, error: str, traceback: str | None = None) -> None:
        self.graph_id, self.error, self.traceback = graph_id, error, traceback
        super().__init__(error)
