"""Mixed Markdown without an end, in pieces as models stream them; every tenth names the moment at which it was made."""

import time
from collections.abc import Iterator
from itertools import count

RATE = 100  # tokens a second
PIECE = 4  # characters
_PARAGRAPH = (
    "An order that is **late** is looked up before anything is said about it. The state of `order_{n}` decides: "
    "what was *shipped* is traced, what wasn't is sent again, and nobody is promised a date that no system knows. "
)
_PARTS = (
    "\n\n## Part {n}\n\n",
    _PARAGRAPH * 3 + "\n\n",
    "- look up `order_{n}`\n- ask for the [address](https://example.org/{n})\n  - only if it is missing\n- answer\n\n",
    "| field | value | changed |\n|---|---|---|\n| id | {n} | no |\n| state | late | **yes** |\n\n",
    "> A quote about {n}, over a line that is long enough to be wrapped in a pane of a comparison.\n\n",
)
_CODE = '    total_{n} = sum(line.amount for line in order.lines)  # all of "order {n}"\n'


def pieces(pane: str) -> Iterator[str]:
    """Half of it is long code blocks. The moments are milliseconds of the monotonic clock: `tA1234567`."""
    text = _text()
    for number in count():
        piece = "".join(next(text) for _ in range(PIECE))
        if number % 10 == 0 and " " in piece:
            before, _, after = piece.partition(" ")
            piece = f"{before} t{pane}{time.monotonic_ns() // 1_000_000 % 10**7:07} {after}"
        yield piece


def _text() -> Iterator[str]:
    for number in count():
        yield from "".join(_PARTS).replace("{n}", str(number))
        yield from f"```python\ndef handle_{number}(order):\n"
        for line in range(40):
            yield from _CODE.replace("{n}", str(line))
        yield from "```\n"
