from langgraph.graph import END, START, MessagesState, StateGraph


class State(MessagesState):
    pass


builder = StateGraph(State)
builder.add_node("answer", lambda state: {})
builder.add_edge(START, "answer")
builder.add_edge("answer", END)
graph = builder.compile()
