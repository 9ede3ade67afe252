"""Graphs that load, and misbehave when they run."""

import asyncio
import os
import sys
import time

from langchain_core.messages import AIMessage
from langgraph.graph import END, START, MessagesState, StateGraph

HOSTILE = "[/bold][red]markup[/red] \x1b[31mescape\x1b[0m \x1b]0;title\x07 \u202ereversed\u202c \x00 \ud800 [link=x](y)"


class OwnError(Exception):
    """An exception that no server knows."""


def build(node):
    builder = StateGraph(MessagesState)
    builder.add_node("node", node)
    builder.add_edge(START, "node")
    builder.add_edge("node", END)
    return builder.compile()


def say(text: str) -> dict:
    return {"messages": [AIMessage(text)]}


def _raise(state):
    raise RuntimeError("boom [/bold]")


def _raise_own(state):
    raise OwnError("the third order failed")


def _print(state):
    print("printed by the graph \x1b[31m[/red]")
    print("written to stderr", file=sys.stderr)
    return say("I printed something.")


def _block(state):
    time.sleep(3)
    return say("That took three seconds in a thread.")


async def _spin(state):
    end = time.monotonic() + 2
    while time.monotonic() < end:
        pass
    return say("That blocked the event loop for two seconds.")


async def _sleep(state):
    await asyncio.sleep(1)
    return say("That took one second.")


def _end_process(state):
    print("last words of the process", file=sys.stderr, flush=True)
    os._exit(7)


def _call_exit(state):
    sys.exit("the node wants to end the program")


raises = build(_raise)
raises_own = build(_raise_own)
prints = build(_print)
blocks = build(_block)
sleeps = build(_sleep)
spins = build(_spin)
ends_process = build(_end_process)
calls_exit = build(_call_exit)
says_markup = build(lambda state: say(HOSTILE))
says_much = build(lambda state: say("x" * 1_000_000))
returns_object = build(lambda state: {"messages": [object()]})


def rejects_config(config):
    """Works, unless an assistant's configuration asks for a model that is not there."""
    model = config["configurable"].get("model", "small")
    if model != "small":
        raise ValueError(f"there is no model {model!r}")
    return build(lambda state: say("Hello"))
