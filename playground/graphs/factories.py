"""Calling graph factories: functions that make a graph, for a configuration or a server's runtime."""

import asyncio
import contextvars
import inspect
import threading
import typing
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager, AsyncExitStack
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.store.base import BaseStore

T = TypeVar("T")
Access = Literal["threads.create_run", "threads.update", "threads.read", "assistants.read"]
"""Why a graph is needed, as langgraph_sdk.runtime.ServerRuntime says it."""


async def make(
    factory: Callable[..., Any],
    stack: AsyncExitStack,
    *,
    config: "RunnableConfig",
    store: "BaseStore | None",
    access: Access,
    context: Any = None,
) -> Any:
    """What a factory makes; a context manager's exit is left to the stack. Raises what the factory raises.

    Plain functions run on a thread of their own, since they may take seconds, or start an event loop themselves.
    """
    arguments = _arguments(factory, config=config, store=store, access=access, context=context)
    if inspect.iscoroutinefunction(factory):
        return await factory(**arguments)
    try:
        made = await in_thread(lambda: factory(**arguments))
    except RuntimeError as error:
        if "event loop" not in str(error):
            raise
        made = factory(**arguments)  # e.g. an HTTP session: it belongs to the loop it was made on
    return await _entered(made, stack)


async def _entered(made: Any, stack: AsyncExitStack) -> Any:
    if inspect.isawaitable(made):
        made = await made
    if _is_graph(made):
        return made
    if isinstance(made, AbstractAsyncContextManager):
        return await stack.enter_async_context(made)
    if isinstance(made, AbstractContextManager):
        return stack.enter_context(made)
    return made


def _is_graph(value: Any) -> bool:
    return hasattr(value, "astream") or hasattr(value, "compile")


def check_signature(factory: Callable[..., Any]) -> str | None:
    """Why a factory can't be called, in a few words; None if it can."""
    required = [p for p in _parameters(factory) if p.default is p.empty]
    if len(required) <= 2:
        return None
    names = ", ".join(parameter.name for parameter in required)
    return f"it takes {len(required)} parameters ({names}), but a factory takes at most a config and a runtime"


def _arguments(
    factory: Callable[..., Any], *, config: "RunnableConfig", store: "BaseStore | None", access: Access, context: Any
) -> dict[str, Any]:
    """What to pass: a runtime where one is declared, the configuration in the other place."""
    arguments: dict[str, Any] = {}
    hints = _hints(factory)
    for parameter in _parameters(factory):
        annotation = hints.get(parameter.name, parameter.annotation)
        if _wants_runtime(parameter, annotation):
            arguments[parameter.name] = _runtime(annotation, store=store, access=access, context=context)
        elif parameter.default is parameter.empty or _wants_config(parameter, annotation):
            arguments[parameter.name] = config
    return arguments


def _parameters(factory: Callable[..., Any]) -> list[inspect.Parameter]:
    try:
        parameters = inspect.signature(factory).parameters.values()
    except (TypeError, ValueError):  # some callables written in C tell nothing
        return []
    return [p for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]


def _hints(factory: Callable[..., Any]) -> dict[str, Any]:
    """Annotations resolved; none if one of them can't be, e.g. a name imported for type checkers only."""
    try:
        return typing.get_type_hints(inspect.unwrap(factory))
    except (NameError, TypeError, AttributeError):
        return {}


def _wants_runtime(parameter: inspect.Parameter, annotation: Any) -> bool:
    if annotation is parameter.empty:
        return parameter.name == "runtime"
    return "Runtime" in str(annotation)


def _wants_config(parameter: inspect.Parameter, annotation: Any) -> bool:
    return "config" in parameter.name or "RunnableConfig" in str(annotation)


def _runtime(annotation: Any, *, store: "BaseStore | None", access: Access, context: Any) -> Any:
    from langgraph_sdk import runtime

    shared: dict[str, Any] = {"access_context": access, "store": store}
    if access != "threads.create_run":
        return runtime._ReadRuntime(**shared)
    return runtime._ExecutionRuntime(**shared, context=_typed(context, annotation))


@dataclass(frozen=True, slots=True)
class RuntimeContext:
    """What a factory declares to want of a run's values, as `ServerRuntime[Context]`."""

    type: type
    _annotation: Any

    def make(self, context: Any) -> Any:
        """The context as a run gives it to the factory. Raises what the type raises."""
        return _typed(context, self._annotation)


def runtime_context(factory: Callable[..., Any]) -> RuntimeContext | None:
    """The type of context that a factory declares; None if it declares none."""
    hints = _hints(factory)
    for parameter in _parameters(factory):
        annotation = hints.get(parameter.name, parameter.annotation)
        if _wants_runtime(parameter, annotation) and (declared := _context_class(annotation)) is not None:
            return RuntimeContext(declared, annotation)
    return None


def _context_class(annotation: Any) -> type | None:
    return next((argument for argument in get_args(annotation) if isinstance(argument, type)), None)


def _typed(context: Any, annotation: Any) -> Any:
    """The context as the class that the annotation names, `ServerRuntime[Context]`; as it is if it names none."""
    schema = _context_class(annotation)
    if not isinstance(context, Mapping) or schema is None:
        return context
    if is_dataclass(schema):
        names = {field.name for field in fields(schema)}
        return schema(**{name: value for name, value in context.items() if name in names})
    return schema(**context)


class Stopped(Exception):
    """A function on a thread raised what ends a program or an iteration; the cause says what."""


async def in_thread(function: Callable[[], T], name: str = "graph-code") -> T:
    """Run a blocking function on a new thread, in the current context.

    Raises what the function raises, and Stopped instead of SystemExit and its like.
    Unlike a pool's, the thread doesn't keep the process alive: the user's code may block for good.
    """
    loop, future = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()
    context = contextvars.copy_context()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.cancelled():
            return
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    def work() -> None:
        result: T | None = None
        error: BaseException | None = None
        try:
            result = context.run(function)
        except (SystemExit, KeyboardInterrupt, StopIteration) as stop:
            error = Stopped()  # a future takes none of these, or they end the loop that awaits it
            error.__cause__ = stop
        except BaseException as raised:  # noqa: BLE001 - it is raised where this is awaited
            error = raised
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=work, name=name, daemon=True).start()
    value: T = await future
    return value
