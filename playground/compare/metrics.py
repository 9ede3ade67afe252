"""The figures of a run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metrics:
    """What a run took. Times in seconds, None until they are known; tokens 0 if the model doesn't say."""

    queued: float | None = None
    """From the moment it was sent until it started: waiting, not running."""
    first_token: float | None = None
    """From its start until the first text of a model."""
    running: float | None = None
    """From its start until now, or until its end."""
    input_tokens: int = 0
    output_tokens: int = 0
    path: tuple[str, ...] = ()
    """The nodes that ran, in the order in which they began."""
    steps: int = 0
    """Super-steps that were finished: nodes that run side by side are one."""
    cost: float | None = None
    """What the models themselves say it cost, in their currency; None if none of them does."""
    ended: bool = False
    """Whether it is over: nothing of this changes any more."""

    @property
    def tokens_per_second(self) -> float | None:
        """Output tokens per second of writing: the wait for the first one isn't counted."""
        if self.running is None or self.first_token is None or not self.output_tokens:
            return None
        writing = self.running - self.first_token
        return self.output_tokens / writing if writing > 0 else None


def percent(mine: float | None, base: float | None) -> float | None:
    """How much more (less: negative) mine is, in per cent of the base; None where there is nothing to compare with."""
    if mine is None or base is None or base == 0:
        return None
    return (mine - base) / base * 100
