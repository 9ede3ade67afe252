"""run: one run, its answer as it comes."""

import asyncio
import json
import re
import sys
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from playground.cli.options import Options
from playground.cli.output import one_line, say, say_json, tell, write
from playground.cli.session import DONE, FAILED, apart
from playground.client.errors import ApiError, ServerGone, UsageError
from playground.client.events import (
    SERVER_DIED,
    Accepted,
    Custom,
    Disconnected,
    Ended,
    Failed,
    Interrupted,
    MessageChunk,
    NodeUpdate,
    Reconnected,
    RunEvent,
)
from playground.client.inputs import input_from_document, input_from_text
from playground.client.message_json import message_kind, message_text, messages_of
from playground.client.questions import question_text
from playground.client.values import Interrupt, Runnable, Schemas

if TYPE_CHECKING:
    from playground.client.client import Client

_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")


async def run(
    client: "Client",
    options: Options,
    ref: str,
    text: str | None,
    file: Path | None,
    thread_id: str | None,
    resume: str | None,
    as_json: bool,
) -> int:
    """Runs the ref and prints its answer. Ctrl+C stops the run, not only us."""
    if sum(given is not None for given in (text, file, resume)) != 1:
        raise UsageError("Give the input once: TEXT, - for stdin, --input FILE, or --resume JSON for an answer.")
    if resume is not None and thread_id is None:
        raise UsageError("--resume answers a run that waits on a thread: name it with --thread ID.")
    runnable = await client.resolve(ref)
    if thread_id is not None:
        thread_id = (await client.threads.get(thread_id)).thread_id
    schemas = await _schemas(client, runnable)
    given = (
        {"command": {"resume": _json_or_text(resume)}}
        if resume is not None
        else {"input": await apart(lambda: _input(text, file, schemas))}
    )
    printer: Printer = JsonPrinter(runnable) if as_json else TextPrinter(runnable, ref, options)
    accepted: Accepted | None = None
    try:
        async for event in client.runs.stream(runnable, thread_id=thread_id, **given):
            if isinstance(event, Accepted):
                accepted = event
            if isinstance(event, Failed) and event.error == SERVER_DIED:
                raise ServerGone("The server went away during the run; what it had answered until then is kept.")
            printer.print(event)
    except asyncio.CancelledError:
        if accepted is not None:
            await asyncio.shield(client.runs.cancel(accepted.thread_id, accepted.run_id))
        raise
    if accepted is not None and printer.wants_values:
        state = await client.threads.state(accepted.thread_id)
        say(_result(state.values, schemas))
    return printer.exit_code


class Printer:
    """Prints a run's events; knows afterwards how it went."""

    def __init__(self, runnable: Runnable) -> None:
        self._runnable = runnable
        self.exit_code = DONE
        self.wants_values = False

    def print(self, event: RunEvent) -> None:
        if isinstance(event, Accepted):
            self.accepted(event)
        if isinstance(event, Failed) or (isinstance(event, Ended) and event.status != "success"):
            self.exit_code = FAILED

    def accepted(self, event: Accepted) -> None:
        """Which version answers, before it does."""
        tell(f"{self._runnable.title} · {self._runnable.context_hash[:6]} · thread {event.thread_id}")


class JsonPrinter(Printer):
    """One event a line; the first one says what runs."""

    def accepted(self, event: Accepted) -> None:
        super().accepted(event)
        say_json({"event": "runnable", **_fields(self._runnable), "title": self._runnable.title})

    def print(self, event: RunEvent) -> None:
        super().print(event)
        say_json({"event": _WORD_START.sub("_", type(event).__name__).lower(), **_fields(event)})


class TextPrinter(Printer):
    """The graph's own answer on stdout, everything else (tools, progress, questions) on stderr."""

    def __init__(self, runnable: Runnable, ref: str, options: Options) -> None:
        super().__init__(runnable)
        self._ref = ref if "@" in ref else f"{ref}@v{runnable.version}"
        self._options = options
        self._thread_id = ""
        self._printed: list[str] = []
        self._open = False  # the last line on stdout has no end yet
        self._asked: list[Interrupt] = []
        self._paused = False
        self._failed = False

    def accepted(self, event: Accepted) -> None:
        super().accepted(event)
        self._thread_id = event.thread_id

    def print(self, event: RunEvent) -> None:
        super().print(event)
        match event:
            case MessageChunk(kind="ai", namespace=()) if event.text:
                self._answer(event.message_id, event.text)
            case NodeUpdate(namespace=()):
                self._update(event)
            case Custom():
                self._aside(f"· {one_line(json.dumps(event.data, ensure_ascii=False))}")
            case Disconnected() | Reconnected():
                self._aside(f"· {event.sentence}")
            case Interrupted():
                self._asked += event.interrupts
                self._paused = True
            case Failed():
                self._fail(event)
            case Ended():
                self._end(event)

    def _answer(self, message_id: str, text: str) -> None:
        if message_id not in self._printed:
            self._close()
            self._printed.append(message_id)
        write(text)
        self._open = not text.endswith("\n")

    def _update(self, event: NodeUpdate) -> None:
        for message in messages_of(event.update) or []:
            kind, (text, _) = message_kind(message), message_text(message)
            if kind == "ai":
                if text and str(message.get("id")) not in self._printed:
                    self._answer(str(message.get("id")), text)
                for call in message.get("tool_calls") or ():
                    self._aside(f"⚙ {call.get('name')}({json.dumps(call.get('args'), ensure_ascii=False)})")
            elif kind == "tool":
                self._aside(f"  {message.get('name') or 'tool'} → {one_line(text)}")

    def _fail(self, event: Failed) -> None:
        self._failed = True
        self._aside(f"✘ {event.error}: {event.message}")
        if event.traceback:
            self._aside(event.traceback if self._options.debug else "  --debug shows the traceback.")

    def _end(self, event: Ended) -> None:
        self._close()
        if event.status == "success" and self._paused:
            self._ask()
        elif event.status == "success":
            self.wants_values = not self._printed
        elif not self._failed:
            tell("The run was stopped." if event.status == "interrupted" else f"The run ended with {event.status}.")

    def _ask(self) -> None:
        for interrupt in self._asked:
            tell(f"‖ It asks: {question_text(interrupt.value)}")
        if not self._asked:
            tell("‖ It stopped at a breakpoint.")
        answer = "JSON" if len(self._asked) < 2 else json.dumps({str(one.id): "…" for one in self._asked})
        again = f"playground{self._options.words()} run {quote(self._ref)} --thread {self._thread_id}"
        tell(f"Answer with: {again} --resume {quote(answer)}")

    def _aside(self, text: str) -> None:
        self._close()
        tell(text)

    def _close(self) -> None:
        if self._open:
            write("\n")
            self._open = False


async def _schemas(client: "Client", runnable: Runnable) -> Schemas:
    """The graph's schemas; empty ones where the server cannot make them: the graph may run all the same."""
    try:
        return await client.graphs.schemas(runnable.assistant_id)
    except ApiError as error:
        if error.status in (401, 403, 404):
            raise
        return Schemas(runnable.graph_id, None, None, None, None, None)


def _input(text: str | None, file: Path | None, schemas: Schemas) -> Any:
    if text is not None and text != "-":
        return input_from_text(text, schemas.input)
    try:
        document = sys.stdin.read() if file is None else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(f"The input {file or '-'} cannot be read: {reason}.") from error
    return input_from_document(document, schemas.input)


def _result(values: Any, schemas: Schemas) -> str:
    """What a run that streamed no answer came to: the last message, or the graph's output as JSON."""
    messages = messages_of(values)
    if messages and message_kind(messages[-1]) == "ai":
        return message_text(messages[-1])[0]
    return json.dumps(_output(values, schemas), ensure_ascii=False, indent=2)


def _output(values: Any, schemas: Schemas) -> Any:
    """What of the state is the graph's output, as far as it declares one."""
    declared = (schemas.output or {}).get("properties")
    if isinstance(values, dict) and isinstance(declared, dict) and declared:
        return {key: value for key, value in values.items() if key in declared}
    return values


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}
