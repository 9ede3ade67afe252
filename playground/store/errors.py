"""What the store refuses, each with one sentence to show."""


class StoreError(Exception):
    """Base of all errors of the store; `str(error)` is the sentence."""


class NotFound(StoreError):
    """What was asked for is not in the store."""


class Conflict(StoreError):
    """It exists already, or may not be changed."""


class Invalid(StoreError):
    """The caller gave something that can't be stored or asked for."""


class BadRequest(Invalid):
    """As Invalid, where LangGraph Server answers 400 instead of 422."""


class BothGiven(BadRequest):
    """`context` and `config.configurable` were given both."""

    def __init__(self) -> None:
        super().__init__(
            "Cannot specify both configurable and context. Prefer setting context alone. Context was introduced in "
            "LangGraph 0.6.0 and is the long term planned replacement for configurable."
        )


class StoreLocked(StoreError):
    """Another process owns the store. `pid` is that process, if it could be read."""

    def __init__(self, message: str, pid: int | None = None) -> None:
        super().__init__(message)
        self.pid = pid


class StoreDamaged(StoreError):
    """A file of the store is not what was written. It was left as it is."""


class StoreTooNew(StoreError):
    """The store was written by a newer version of the playground. It was left as it is."""


class StoreFailed(StoreError):
    """The disk refused a write: full, read-only, broken. Nothing of it counts as written."""
