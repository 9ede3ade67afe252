import os

from langgraph.graph import END, START, MessagesState, StateGraph

WORDS = [os.environ["PROJECT_WORD"], os.environ["PROJECT_NUMBER"], os.environ["PROJECT_QUOTED"]]

builder = StateGraph(MessagesState)
builder.add_node("answer", lambda state: {"messages": [{"role": "ai", "content": " ".join(WORDS)}]})
builder.add_edge(START, "answer")
builder.add_edge("answer", END)
graph = builder.compile()
