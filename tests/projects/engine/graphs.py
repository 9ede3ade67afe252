"""Graphs that don't let themselves be stopped, and one that says which code it is."""

import asyncio
import logging
import operator
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any, TypedDict

from langgraph.config import get_stream_writer
from langgraph.graph import StateGraph
from said import WORD


class State(TypedDict, total=False):
    seconds: float
    words: Annotated[list[str], operator.add]


def one_node(name, node):
    return StateGraph(State).add_node(name, node).add_edge("__start__", name).compile()


async def _blocking(state: State) -> Any:
    get_stream_writer()("begun")
    await asyncio.sleep(0.1)  # what was written goes out
    time.sleep(state["seconds"])
    return {"words": ["blocked"]}


async def _stubborn(state: State) -> Any:
    get_stream_writer()("begun")
    end = time.monotonic() + state["seconds"]
    while time.monotonic() < end:
        try:
            await asyncio.sleep(0.1)
        except asyncio.CancelledError:
            continue
    return {"words": ["mulish"]}


def _sync(state: State) -> Any:
    get_stream_writer()("begun")
    time.sleep(state["seconds"])
    return {"words": ["sync"]}


def _pool(state: State) -> Any:
    """Threads that Python waits for when it ends."""
    get_stream_writer()("begun")
    with ThreadPoolExecutor() as pool:
        pool.submit(time.sleep, state["seconds"]).result()
    return {}


_inner = StateGraph(State).add_node("write", lambda state: {"words": ["from the dead"]}).add_edge("__start__", "write")
_inner = _inner.compile(checkpointer=True)


def _zombie(state: State) -> Any:
    """Runs a graph of its own, with checkpoints on the thread, after it was cancelled."""
    writer = get_stream_writer()
    writer("begun")
    time.sleep(state["seconds"])
    try:
        writer("from the dead")
        return _inner.invoke({"words": []})
    except Exception as error:
        print(f"the zombie was refused: {type(error).__name__}", flush=True)
        raise


async def _wait(state: State) -> Any:
    get_stream_writer()("begun")
    await asyncio.sleep(state["seconds"])
    return {"words": [WORD]}


def _talk(state: State) -> Any:
    print("printed [/bold] \x1b[31m")
    logging.getLogger("my.agent").warning("logged")
    warnings.warn("warned")
    return {}


blocking = one_node("hog", _blocking)
stubborn = one_node("mule", _stubborn)
sync = one_node("sleeper", _sync)
pool = one_node("pool", _pool)
zombie = one_node("zombie", _zombie)
wait = one_node("wait", _wait)
talk = one_node("talk", _talk)
