from langgraph.graph import END, START, MessagesState, StateGraph
from shop_agent import imports

imports.count += 1
if imports.count > 1:
    raise RuntimeError("this module is imported twice")


class State(MessagesState):
    pass


builder = StateGraph(State)
builder.add_node("answer", lambda state: {})
builder.add_edge(START, "answer")
builder.add_edge("answer", END)
graph = builder.compile()
