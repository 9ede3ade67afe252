"""A state of a megabyte in the State view: what each thing that one does with it costs.

python tests/benchmarks/state.py
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from statistics import median
from typing import Any

from textual.app import App, ComposeResult

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from playground.compare.state_diff import state_changes
from playground.tui.widgets.json_tree import JsonTree
from tests.benchmarks.table import row

TIMES = 20


class TreeApp(App[None]):
    """A tree."""

    def __init__(self) -> None:
        super().__init__()
        self.json_tree = JsonTree()

    def compose(self) -> ComposeResult:
        yield self.json_tree


def state(messages: int = 2_000) -> dict[str, Any]:
    """Messages as LangGraph has them, a long text, and numbers."""
    said = [
        {
            "type": "human" if number % 2 else "ai",
            "id": f"m{number}",
            "content": f"message {number} " + "lorem ipsum dolor sit amet " * 10,
            "response_metadata": {"model_name": "scripted", "finish_reason": "stop"},
            "usage_metadata": {"input_tokens": number, "output_tokens": 12},
        }
        for number in range(messages)
    ]
    return {"messages": said, "text": "word " * 40_000, "numbers": list(range(20_000))}


def took(what: str, bar: float, do: Callable[[], Any], times: int = 1) -> None:
    """Print how long it takes in the middle, which may be `bar` milliseconds, and at most."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        do()
        spent.append((time.perf_counter() - start) * 1_000)
    row(what, f"{median(spent):.1f} ms, at most {max(spent):.1f}", f"≤ {bar:.0f} ms", median(spent) <= bar)


async def main() -> None:
    """Print the table."""
    value = state()
    print(f"A state of {len(json.dumps(value)) / 1e6:.1f} MB")
    app = TreeApp()
    async with app.run_test(size=(120, 40)) as pilot:
        tree = app.json_tree
        took("shown", 100, lambda: tree.show(value))
        took("unfolded whole", 300, lambda: tree.action_all(True))
        await pilot.pause()
        print(f"{len(tree.rows):,} rows")
        took("a page painted", 30, lambda: (tree.action_page(1), [tree.render_line(y) for y in range(40)]), TIMES)
        took("the last row", 30, tree.action_last)
        took("found", 300, lambda: tree.search("message 1999"), TIMES)
        took("gone to", 100, lambda: tree.show_match(0))
        took("the next state, unfolded", 300, lambda: tree.show({**value, "count": 1}))
        took("folded whole", 100, lambda: tree.action_all(False))
    changed = deepcopy(value)
    changed["messages"][1_000]["content"] = "changed"
    took("compared with the last", 150, lambda: state_changes(value, changed), TIMES)


if __name__ == "__main__":
    asyncio.run(main())
