"""A verb's way to a server and back: options, exit codes, errors as one sentence."""

import asyncio
import os
import sys
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar, cast

from playground.cli.options import Options
from playground.cli.output import one_line, tell
from playground.client.errors import ApiError, ConnectionFailed, PlaygroundError, RefError, ServerGone, UsageError
from playground.client.values import ServerLost

if TYPE_CHECKING:
    from playground.client.client import Client
    from playground.client.connection import Connection

T = TypeVar("T")

_REASON_SECONDS = 3.0  # until the end of a server that went away is known
_LAST_LINES = 10

DONE, FAILED, USED_WRONGLY, UNREACHABLE, STOPPED = 0, 1, 2, 3, 130


def attached(options: Options, verb: "Callable[[Client], Awaitable[int]]") -> int:
    """Runs `verb` with a client of the target's server; returns the exit code. Errors become a sentence on stderr."""

    async def run() -> int:
        from playground.client.connection import Connection

        connection = Connection(options.target)
        try:
            return await verb(await connection.open())
        except ServerGone as error:
            raise await _with_reason(error, connection) from error
        finally:
            await connection.close()

    return guarded(options, lambda: asyncio.run(run()))


async def apart(function: "Callable[[], T]") -> T:
    """Calls what blocks, such as reading stdin, so that Ctrl+C ends the command at once. Raises what it raises.

    Not `asyncio.to_thread`: its threads are waited for at the end.
    """
    loop, answer = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if answer.cancelled():
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(result)

    def work() -> None:
        result, failed = None, None
        try:
            result = function()
        except Exception as error:  # noqa: BLE001 - it is raised where this is awaited
            failed = error
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, result, failed)

    threading.Thread(target=work, daemon=True).start()
    return cast("T", await answer)


async def _with_reason(error: ServerGone, connection: "Connection") -> ServerGone:
    """The same, with why the server went and what it printed last, as far as that can be known."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_REASON_SECONDS):
            async for event in connection.watch():
                if isinstance(event, ServerLost):
                    return ServerGone(f"{error.sentence} {event.reason}", "\n".join(event.log))
    return error


def guarded(options: Options, action: Callable[[], int]) -> int:
    """Calls `action`; whatever it raises becomes a sentence and an exit code."""
    try:
        return action()
    except PlaygroundError as error:
        _explain(error, options.debug)
        return exit_code(error)
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:
        # Whoever read our output has enough. Python must not complain when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        if options.debug:
            raise
        what = f"{type(error).__name__}: {one_line(str(error))}"
        tell(f"This is a bug in the playground: {what} Run it again with --debug.")
        return FAILED


def exit_code(error: PlaygroundError) -> int:
    """1: it failed. 2: used wrongly. 3: no server."""
    match error:
        case ConnectionFailed():
            return USED_WRONGLY if error.exit_code == USED_WRONGLY else UNREACHABLE
        case ServerGone():
            return UNREACHABLE
        case RefError() | UsageError():
            return USED_WRONGLY
        case ApiError() if 400 <= error.status < 500:
            return USED_WRONGLY
    return FAILED


def _explain(error: PlaygroundError, debug: bool) -> None:
    tell(error.sentence)
    if isinstance(error, RefError):
        for candidate in error.candidates:
            tell(f"  {candidate}")
    if isinstance(error, ServerGone) and error.detail:
        for line in error.detail.splitlines()[-_LAST_LINES:]:
            tell(f"  {line}")
    elif debug and error.detail:
        tell(error.detail)
