"""What a person feels while editing: keys in a long prompt, opening a large form, filtering, switching screens.

The real command in a pseudo-terminal of 120x40, on a project with a context of 60 fields and 10,000 assistants: from a
key's bytes until the screen shows what it does, the terminal's own drawing not included.
"""

import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles

from playground.store.database import Database
from tests.benchmarks.table import row
from tests.benchmarks.terminal import Terminal

ASSISTANTS = 10_000
PROMPT = 20_000  # characters
ROUNDS = 5
PROJECT = {
    "langgraph.json": '{"dependencies": ["."], "graphs": {"large": "./large.py:graph"}}',
    "large.py": """
from typing import Literal

from langgraph.graph import END, START, StateGraph
from pydantic import Field, create_model
from typing_extensions import TypedDict


class State(TypedDict):
    text: str


KINDS = [
    (str, Field("a text", description="A line of text.")),
    (float, Field(0.5, ge=0, le=2, description="A number with a range.")),
    (bool, Field(False, description="A switch.")),
    (Literal["low", "middle", "high"], "low"),
    (list[Literal["search", "calculator", "mail"]], ["search"]),
    (int | None, None),
]
fields = {f"field_{number:02}": KINDS[number % len(KINDS)] for number in range(59)}
prompt = (str, Field("You are brief.\\nAnd kind.", json_schema_extra={"langgraph_type": "prompt"}))
Context = create_model("Context", system_prompt=prompt, **fields)
builder = StateGraph(State, context_schema=Context)
builder.add_node("answer", lambda state: {"text": "done"})
builder.add_edge(START, "answer")
builder.add_edge("answer", END)
graph = builder.compile()
""",
}
SHAPES = ["quiet", "quick", "quirky", "quaint", "brisk", "bright", "broad", "calm", "clear", "crisp"]


def fill(store: Path) -> None:
    """Ten thousand assistants, and one with a long prompt, which is the one that changed last."""
    line = "You look every order up before you say anything about it, and you never promise a date. "
    prompt = "\n".join(line * 4 for _ in range(PROMPT // (4 * len(line)) + 1))[:PROMPT]
    database = Database.open(store)
    with database.transaction():
        for number in range(ASSISTANTS - 2):
            database.assistants.create(
                graph_id="large",
                name=f"{SHAPES[number % 10]} {SHAPES[number // 10 % 10]} support {number}",
                context={"system_prompt": f"You are number {number}."},
                metadata={"team": f"team {number % 7}"},
            )
        database.assistants.create(graph_id="large", name="the long one", context={"system_prompt": prompt})
    database.close()


def typing(terminal: Terminal) -> list[float]:
    """Seconds for each of some letters typed into the middle of the long prompt; no two alike, so each is its own."""
    terminal.press(b"\r", b"\xe2\x96\x8c")
    for key in (b"\x1b[6~", b"\x1b[6~", b"\x1b[B"):
        terminal.settle(key)
    letters = [chr(code) for code in (*range(0x0410, 0x0450), *range(0x03B1, 0x03C9))]
    return [terminal.press(letter.encode(), letter.encode()) for letter in letters]


def switching(terminal: Terminal) -> list[float]:
    """Seconds from one screen to another, each seen before: until what only that screen has is painted."""
    shown = {b"1": b"UPDATED", b"2": b"Fields by node", b"3": b"to compare yet", b"4": b"No thread is open"}
    found = []
    for turn in range(ROUNDS + 1):
        for key, text in shown.items():
            terminal.settle()
            seconds = terminal.press(key, text)
            found += [seconds] if turn else []
    return found


def filtering(terminal: Terminal) -> list[float]:
    """Seconds for each key of a filter, until the list says how many match."""
    found: list[float] = []
    for word in ("quirky", "crisp", "brisk quick"):
        terminal.settle(b"/")
        found += [terminal.press(letter.encode(), b" of 10") for letter in word]
        terminal.settle(b"\x1b")
    return found


def opening(terminal: Terminal) -> list[float]:
    """Seconds from `e` in Browse until the form shows its fields; each time another assistant, not opened before."""
    found = []
    for _ in range(ROUNDS):
        terminal.settle(b"1")
        terminal.settle(b"\x1b[B")
        found.append(terminal.press(b"e", b"field_05"))
    return found


def p95(seconds: list[float]) -> float:
    """The 95th percentile."""
    return quantiles(seconds, n=20)[-1]


def told(what: str, seconds: list[float], bar: float, figure: float) -> None:
    """A row: the figure that the bar is about, beside the median and the 95th percentile."""
    shown = (
        f"{figure * 1000:.0f}   median {median(seconds) * 1000:.0f}, p95 {p95(seconds) * 1000:.0f}, n {len(seconds)}"
    )
    row(what, shown, f"{bar:.0f}", figure * 1000 <= bar)


def main() -> None:
    """Print the rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in PROJECT.items():
            (folder / file).write_text(text)
        fill(folder / ".playground")
        command = [sys.executable, "-m", "playground", "--project", name]
        terminal = Terminal(command, {"HOME": name, "XDG_STATE_HOME": name, "PYTHONPATH": str(Path.cwd())})
        try:
            terminal.wait(b"the long one")
            terminal.settle()
            opened = [terminal.press(b"e", b"field_05")]
            terminal.settle()
            keys = typing(terminal)
            terminal.settle(b"\x1b")
            opened += opening(terminal)
            switched = switching(terminal)
            terminal.settle(b"1")
            filtered = filtering(terminal)
        finally:
            terminal.close()
    told("key in 20,000 chars, p95 ms", keys, 30, p95(keys))
    told("open 60 fields, ms", opened[1:], 300, median(opened[1:]))
    told("filter 10,000, a key, ms", filtered, 50, p95(filtered))
    told("switch screens, ms", switched, 100, median(switched))


if __name__ == "__main__":
    main()
