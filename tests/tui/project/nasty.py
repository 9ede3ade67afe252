"""A graph that writes text nobody should trust wherever a graph can write."""

from typing import Any

from langchain_core.messages import AIMessage, ToolMessage
from langgraph.config import get_stream_writer
from langgraph.graph import MessagesState, StateGraph
from langgraph.types import interrupt

TEXT = "[/bold] [red]x[/] \x1b[31mred\x07 \u202egnp.exe \ud800 $accent {0} 漢字 🧑‍🚀 ```\n| a |\n[link](javascript:x)"
LINE = "y" * 1_000_000


class State(MessagesState):
    extra: dict[str, Any]


def work(state: State) -> dict[str, Any]:
    get_stream_writer()({TEXT: TEXT, "message": TEXT})
    call = {"name": TEXT, "args": {TEXT: TEXT, "long": LINE}, "id": "call", "type": "tool_call"}
    blocks: list[str | dict[Any, Any]] = [
        {"type": "reasoning", "reasoning": TEXT},
        {"type": "text", "text": f"{TEXT}\n\n{LINE}"},
        {"type": "image", "mime_type": TEXT, "base64": "aGk="},
        {"type": "file", "mime_type": TEXT, "filename": TEXT, "base64": "aGk="},
    ]
    said = AIMessage(blocks, tool_calls=[call], id="said")
    return {
        "messages": [said, ToolMessage(TEXT, tool_call_id="call", name=TEXT, status="error")],
        "extra": {TEXT: TEXT, "long": LINE, "deep": [[{TEXT: [TEXT]}]]},
    }


def ask(state: State) -> dict[str, Any]:
    answer = interrupt({"question": TEXT, TEXT: [TEXT], "long": LINE})
    raise RuntimeError(f"{TEXT} {answer}")


graph = (
    StateGraph(State)
    .add_node("[red]work", work)
    .add_node("ask", ask)
    .set_entry_point("[red]work")
    .add_edge("[red]work", "ask")
    .compile()
)
