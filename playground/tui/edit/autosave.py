"""When an edit is checked and its draft stored: once the typing pauses; stored every few seconds if it doesn't."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from textual.message_pump import MessagePump
    from textual.timer import Timer

SETTLED: Final = 0.1  # seconds after a key press in which the form isn't checked yet
ASK_AFTER: Final = 0.3  # seconds without typing, then the graph's own type is asked
KEEP_AFTER: Final = 0.5  # seconds without typing, then the draft is stored
KEEP_AT_LEAST: Final = 3.0  # seconds of typing without a pause, then it is stored, too


class Autosave:
    """Timers of `owner`, which begin anew with every change."""

    def __init__(
        self, owner: "MessagePump", check: Callable[[], Any], keep: Callable[[], Any], ask: Callable[[], Any]
    ) -> None:
        self._owner = owner
        self._check = check
        self._keep = keep
        self._ask = ask
        self._timers: list[Timer] = []
        self._touched_since: float | None = None

    def touched(self) -> None:
        """The edit changed: check it as soon as the typing pauses, and store it a little later."""
        for timer in self._timers:
            timer.stop()
        now = monotonic()
        self._touched_since = self._touched_since or now
        wait = min(KEEP_AFTER, max(0.0, self._touched_since + KEEP_AT_LEAST - now))
        what = ((SETTLED, self._check), (ASK_AFTER, self._ask), (wait, self._keep))
        self._timers = [self._owner.set_timer(delay, call) for delay, call in what]

    def kept(self) -> None:
        """The draft is being stored: what is typed from now on may wait again."""
        self._touched_since = None
