from langgraph.graph import END, START, MessagesState, StateGraph

builder = StateGraph(MessagesState)
builder.add_node("answer", lambda state: {"messages": [{"role": "ai", "content": "I work."}]})
builder.add_edge(START, "answer")
builder.add_edge("answer", END)
graph = builder.compile()
