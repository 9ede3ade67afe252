from langgraph.graph import END, START, MessagesState, StateGraph
from team_prompts import PROMPT

builder = StateGraph(MessagesState)
builder.add_node("answer", lambda state: {"messages": [{"role": "ai", "content": PROMPT}]})
builder.add_edge(START, "answer")
builder.add_edge("answer", END)
graph = builder.compile()
