import sys

from langchain_core.runnables import RunnableLambda
from langgraph.graph import MessagesState, StateGraph

number = 42
runnable = RunnableLambda(lambda value: value)


class Maker:
    pass


def three_parameters(config, runtime, more):
    return None


def factory_raises(config):
    raise LookupError("no model is configured")


def factory_exits():
    sys.exit(3)


def factory_junk():
    return {"nodes": []}


async def factory_generator():
    yield None


not_compilable = StateGraph(MessagesState)
not_compilable.add_edge("a", "b")
