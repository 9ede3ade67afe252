from langgraph.graph import END, START, MessagesState, StateGraph

from loop_agent import nodes


class State(MessagesState):
    pass


builder = StateGraph(State)
builder.add_node("answer", lambda state: nodes.answer(state))
builder.add_edge(START, "answer")
builder.add_edge("answer", END)
graph = builder.compile()
