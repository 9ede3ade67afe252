"""Functions that make graphs."""

from contextlib import asynccontextmanager, contextmanager

from graphs import build
from langchain_core.runnables import RunnableConfig
from langgraph_sdk.runtime import ServerRuntime

log: list[str] = []


def _nodes(config: RunnableConfig) -> list[str]:
    """As many nodes as the configuration says."""
    return [f"node_{number}" for number in range(config["configurable"].get("nodes", 2))]


def plain():
    return build("plain")


def with_config(config: RunnableConfig):
    return build(*_nodes(config)).compile()


def with_runtime(runtime: ServerRuntime):
    runs = runtime.execution_runtime is not None
    return build("runs" if runs else "reads", runtime.access_context.replace(".", "_"))


def with_both(config: RunnableConfig, runtime: ServerRuntime):
    return build(*_nodes(config), runtime.access_context.replace(".", "_"))


async def asynchronous(config: RunnableConfig):
    return build(*_nodes(config))


@contextmanager
def context_manager():
    log.append("enter")
    try:
        yield build("managed")
    finally:
        log.append("exit")


@asynccontextmanager
async def async_context_manager(config: RunnableConfig):
    log.append("enter")
    try:
        yield build(*_nodes(config))
    finally:
        log.append("exit")


def with_default(config: RunnableConfig | None = None):
    return build(*_nodes(config or {"configurable": {}}))
