from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.store.memory import InMemoryStore

builder = StateGraph(MessagesState)
builder.add_node("answer", lambda state: {"messages": [{"role": "ai", "content": f"{len(state['messages'])} messages"}]})
builder.add_edge(START, "answer")
builder.add_edge("answer", END)
both = builder.compile(checkpointer=InMemorySaver(), store=InMemoryStore())
off = builder.compile(checkpointer=False)


def make():
    return builder.compile(checkpointer=InMemorySaver())
