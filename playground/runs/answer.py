"""What waiting for a run answers."""

from typing import Any

INTERRUPT = "__interrupt__"


class Answer:
    """The last values that a run streamed; those with an interrupt win, and of several, all interrupts alone."""

    def __init__(self) -> None:
        self._last: Any = None
        self._interrupted: list[Any] = []

    def add(self, values: Any) -> None:
        """The root graph's next values."""
        self._last = values
        if isinstance(values, dict) and values.get(INTERRUPT):
            self._interrupted.append(values)

    @property
    def values(self) -> Any:
        """None if there were none."""
        if len(self._interrupted) > 1:
            return {INTERRUPT: [one for values in self._interrupted for one in values[INTERRUPT]]}
        return self._interrupted[0] if self._interrupted else self._last
