"""What can go wrong on the way to a server, each as one sentence that a user can act on."""


class PlaygroundError(Exception):
    """`sentence`: what happened, where, what to do. `detail`: more of it (a log, a traceback), or None.

    Neither ever holds a key.
    """

    def __init__(self, sentence: str, detail: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.detail = detail


class UsageError(PlaygroundError):
    """Asked for something that makes no sense: no project, bad JSON, a label that cannot be one."""


class ConnectionFailed(PlaygroundError):
    """No server could be found, started or reached.

    `log`: the last lines that the server wrote. `exit_code`: of a server that was started and ended; below 0, a signal.
    """

    def __init__(self, sentence: str, log: list[str] | None = None, exit_code: int | None = None) -> None:
        super().__init__(sentence, "\n".join(log) if log else None)
        self.log = log or []
        self.exit_code = exit_code


class RefError(PlaygroundError):
    """A ref names nothing, or several things: `candidates` are the refs that were meant, best first."""

    def __init__(self, sentence: str, candidates: list[str] | None = None) -> None:
        super().__init__(sentence)
        self.candidates = candidates or []


class NothingChanged(PlaygroundError):
    """A save that would make a version equal to its base."""


class ApiError(PlaygroundError):
    """The server said no. `status` is the HTTP status."""

    def __init__(self, sentence: str, status: int, detail: str | None = None) -> None:
        super().__init__(sentence, detail)
        self.status = status


class ServerGone(PlaygroundError):
    """The server did not answer, or went away while it did."""
