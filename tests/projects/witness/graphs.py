"""A graph that says which context it was given, as soon as a file is there."""

import json
import time
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage
from langgraph.graph import MessagesState, StateGraph
from langgraph.runtime import Runtime
from typing_extensions import TypedDict


class Context(TypedDict, total=False):
    gate: str
    prompt: str
    numbers: list[int]
    nested: dict[str, Any]


def see(state: MessagesState, runtime: Runtime[Context]) -> dict[str, Any]:
    """The context is looked at before the wait and after it: nobody may change it meanwhile."""
    before = json.dumps(runtime.context)
    while not Path(runtime.context["gate"]).exists():
        time.sleep(0.01)
    seen = {"before": json.loads(before), "after": runtime.context}
    return {"messages": [AIMessage(json.dumps(seen, ensure_ascii=False))]}


graph = StateGraph(MessagesState, context_schema=Context).add_node(see).set_entry_point("see").compile()
