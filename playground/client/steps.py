"""The steps of runs as a tree: runs, the nodes that they ran, and what each said, wrote, asked. Pure: no I/O, no clock.

A live run's steps are made from the events of its stream. Where its modes don't tell when a task began or ended, a node
runs since the superstep before it was over, and is done when it wrote. Applying an event costs the same however many
there were.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from playground.client.message_json import message_text, role_of
from playground.client.values import Unsaved

Detail = Literal["messages", "updates", "tasks", "debug"]
DETAILS: Final[tuple[Detail, ...]] = ("messages", "updates", "tasks", "debug")
Kind = Literal[
    "run", "node", "given", "message", "write", "custom", "interrupt", "error", "checkpoint", "event", "note"
]
Status = Literal["running", "done", "failed", "waits", "stopped", ""]

_TEXT: Final = 400  # characters of a message that are kept
_STATUSES: Final[Mapping[str, Status]] = {
    "success": "done",
    "error": "failed",
    "interrupted": "stopped",
    "timeout": "failed",
}
_LEVELS: Final[Mapping[Kind, int]] = {"write": 1, "custom": 1, "given": 2, "checkpoint": 3, "event": 3}
_INTERRUPT: Final = "__interrupt__"
_METADATA: Final = "__metadata__"


@dataclass(slots=True, eq=False)
class Step:
    """A run, a node's task, or something that happened in it.

    `began`, `ended` are seconds on the record's clock. `value` is what there is to see of it: what a node wrote, a
    custom event's data, an interrupt's payload. `given`, `event` are positions in the record: of what a task was given,
    of the event that has all the rest. `number` is the superstep's; `version`, `draft` say what ran, where it is known.
    """

    key: str
    kind: Kind
    name: str = ""
    text: str = ""
    status: Status = ""
    began: float | None = None
    ended: float | None = None
    value: Any = None
    given: int | None = None
    event: int | None = None
    triggers: tuple[str, ...] = ()
    number: int | None = None
    tokens: tuple[int, int] | None = None
    assistant_id: str | None = None
    version: int | None = None
    draft: Unsaved = False
    cached: bool = False
    traceback: str | None = None
    children: list["Step"] = field(default_factory=list)

    @property
    def level(self) -> int:
        """The detail, as an index of `DETAILS`, from which on it is shown."""
        return _LEVELS.get(self.kind, 0)

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it goes on, or if nobody knows."""
        return None if self.began is None or self.ended is None else max(0.0, self.ended - self.began)

    def walk(self, detail: int, depth: int = 0) -> Iterator[tuple[int, "Step"]]:
        """It and all below it that a detail shows, each with its depth."""
        stack = [(depth, self)]
        while stack:
            depth, step = stack.pop()
            yield depth, step
            stack += [(depth + 1, child) for child in reversed(step.children) if child.level <= detail]


class RunSteps:
    """The steps of one run, as its events come."""

    def __init__(self, run_id: str) -> None:
        self.run = Step(run_id, "run", status="running")
        self._tasks: dict[str, Step] = {}
        self._messages: dict[str, Step] = {}
        self._interrupts: dict[str, Step] = {}
        self._running: dict[str, list[Step]] = {}  # by the id of the task whose subgraph they are nodes of
        self._boundaries: dict[str, float] = {}  # when that graph's last superstep was over
        self._count = 0
        self._last: float | None = None  # when the last event was made

    def apply(self, event: str, data: Any, at: float, position: int) -> None:
        """Take in an event: `at` is when it was made, `position` its place in the record."""
        mode, *path = event.split("|")
        if self.run.began is None:
            self.run.began = at
        self._last = at
        owner, place = self._owner(path, at)
        match mode:
            case "metadata":
                self._started(data, at)
            case "messages":
                self._message(data, owner, place, at)
            case "updates" if isinstance(data, Mapping):
                self._updates(data, owner, place, at)
            case "custom":
                self._custom(data, owner, place, at, position)
            case "values":
                self._boundaries[place] = at
            case "tasks" if isinstance(data, Mapping):
                self._task(data, owner, place, at, position)
            case "debug" if isinstance(data, Mapping):
                self._debug(data, owner, place, at, position)
            case "checkpoints" if isinstance(data, Mapping):
                self._checkpoint(data, owner, at, position)
            case "error":
                self._failed(data, at)
            case "events":
                self._any(mode, data, owner, at, position)

    def note(self, sentence: str, at: float) -> None:
        """What is to be said of the run, or of the node that it begins with: our server tells of retries so."""
        name = sentence.removeprefix("Node `").partition("`")[0] if sentence.startswith("Node `") else None
        owner = next((step for step in reversed(self._tasks.values()) if step.name == name), self.run)
        self._add(owner, Step(self._key("note"), "note", text=sentence, began=at))

    def end(self, status: str, at: float) -> None:
        """The run is over, as one learned at a time: its status is the API's, "" if nobody knows it."""
        paused = any(step.status == "waits" for step in self._interrupts.values()) or self.run.status == "waits"
        own = "waits" if paused and status in ("success", "") else _STATUSES.get(status, "stopped")
        at = at if own == "stopped" or self._last is None else self._last
        self.run.status, self.run.ended = own, at
        for step in self._tasks.values():
            if step.status == "running":
                step.status = "waits" if _waits(step) else "done" if own == "done" else "stopped"
                step.ended = at if step.ended is None else step.ended
        for message in self._messages.values():
            if message.status == "running":
                message.status = "done" if own == "done" else "stopped"

    # --- where it belongs ---

    def _owner(self, path: list[str], at: float) -> tuple[Step, str]:
        """The task whose subgraph an event comes from, and its id; the run, and "", for the graph itself."""
        owner, place = self.run, ""
        for part in path:
            name, _, task_id = part.partition(":")
            owner = self._tasks.get(task_id) or self._node(task_id, name, owner, place, at)
            place = task_id
        return owner, place

    def _node(self, task_id: str, name: str, owner: Step, place: str, at: float) -> Step:
        """A task that nothing was heard of yet: it runs since the superstep before was over."""
        began = self._boundaries.get(place, self.run.began if owner is self.run else owner.began)
        step = Step(task_id or self._key("node"), "node", name, status="running", began=at if began is None else began)
        self._tasks[step.key] = step
        self._running.setdefault(place, []).append(step)
        self._add(owner, step)
        return step

    def _in(self, owner: Step, place: str) -> Step:
        """Where something belongs that came from a graph: its only node that runs, else the graph itself."""
        running = self._running.get(place, ())
        return running[0] if len(running) == 1 else owner

    def _add(self, owner: Step, step: Step) -> Step:
        owner.children.append(step)
        return step

    def _key(self, kind: str) -> str:
        self._count += 1
        return f"{self.run.key}/{kind}/{self._count}"

    # --- what happens ---

    def _started(self, data: Any, at: float) -> None:
        attempt = data.get("attempt") if isinstance(data, Mapping) else None
        if isinstance(attempt, int) and attempt > 1:
            self.note(f"The server began the run again: attempt {attempt}.", at)

    def _message(self, data: Any, owner: Step, place: str, at: float) -> None:
        message, about = [*data, None, None][:2] if isinstance(data, list) else (data, None)
        if not isinstance(message, dict):
            return
        about = about if isinstance(about, Mapping) else {}
        key = str(message.get("id") or "")
        step = self._messages.get(key)
        if step is None:
            node = self._speaker(about, owner, place, at)
            kind = str(message.get("type") or "").removesuffix("MessageChunk").lower()
            step = Step(f"{self.run.key}/{key or self._key('message')}", "message", role_of(kind), began=at)
            step.status = "running"
            self._messages[key] = self._add(node, step)
        text, reasoning = message_text(message)
        if len(step.text) < _TEXT:
            step.text += text[: _TEXT - len(step.text)]
        if not step.text and reasoning and not step.value:
            step.value = "reasoning"
        for call in message.get("tool_call_chunks") or message.get("tool_calls") or ():
            if isinstance(call, Mapping) and call.get("name"):
                step.value = [*(step.value if isinstance(step.value, list) else ()), str(call["name"])]
        if message.get("name") and step.name == "tool":
            step.value = [str(message["name"])]
        self._use(step, message.get("usage_metadata"))
        step.ended = at
        whole = not str(message.get("type") or "").endswith("MessageChunk")
        if whole or message.get("chunk_position") == "last":
            step.status = "failed" if message.get("status") == "error" else "done"

    def _speaker(self, about: Mapping[str, Any], owner: Step, place: str, at: float) -> Step:
        """The node in which a model spoke: the last one of its namespace, which begins with the event's own."""
        namespace = str(about.get("langgraph_checkpoint_ns") or "")
        node, _ = self._owner([part for part in namespace.split("|") if ":" in part], at)
        if node is self.run:
            node = self._in(owner, place)
        if node.kind == "node" and node.number is None and isinstance(about.get("langgraph_step"), int):
            node.number = about["langgraph_step"]
        return node

    def _use(self, step: Step, usage: Any) -> None:
        if isinstance(usage, Mapping):
            given, made = usage.get("input_tokens"), usage.get("output_tokens")
            before = step.tokens or (0, 0)
            step.tokens = (max(before[0], _whole(given)), before[1] + _whole(made))

    def _updates(self, data: Mapping[str, Any], owner: Step, place: str, at: float) -> None:
        about = data.get(_METADATA)
        cached = isinstance(about, Mapping) and about.get("cached") is True
        for name, update in data.items():
            if name == _INTERRUPT:
                self._asked(update, self._in(owner, place), at)
            elif name != _METADATA:
                running = [step for step in self._running.get(place, ()) if step.name == name]
                step = running[0] if running else self._node("", name, owner, place, at)
                step.cached = cached
                self._wrote(step, update, place, at)

    def _wrote(self, step: Step, update: Any, place: str, at: float) -> None:
        """A node is done; it is told twice if tasks are streamed beside updates."""
        if step.status == "running":
            step.status, step.ended, step.value = "done", at, update
            for key, value in writes_of(update):
                self._add(step, Step(self._key("write"), "write", key, value=value))
        if step in self._running.get(place, ()):
            self._running[place].remove(step)

    def _asked(self, interrupts: Any, owner: Step, at: float, before: Step | None = None) -> None:
        """`owner` asks. Where an interrupt was put `before` its task was known, it is taken from."""
        if not interrupts:
            self.run.status = "waits"
            self._add(self.run, Step(self._key("interrupt"), "interrupt", "breakpoint", status="waits", began=at))
        for interrupt in interrupts if isinstance(interrupts, list) else ():
            if not isinstance(interrupt, Mapping):
                continue
            key = str(interrupt.get("id") or self._key("interrupt"))
            step = self._interrupts.get(key)
            if step is None:
                step = Step(
                    f"{self.run.key}/{key}", "interrupt", status="waits", value=interrupt.get("value"), began=at
                )
                self._interrupts[key] = self._add(owner, step)
            elif before is not None and step in before.children:
                before.children.remove(step)
                self._add(owner, step)

    def _custom(self, data: Any, owner: Step, place: str, at: float, position: int) -> None:
        self._add(self._in(owner, place), Step(self._key("custom"), "custom", value=data, began=at, event=position))

    def _task(self, data: Mapping[str, Any], owner: Step, place: str, at: float, position: int) -> None:
        """A task begins, or comes to its end."""
        key = str(data.get("id") or "")
        step = self._tasks.get(key)
        if "result" not in data and "error" not in data:
            step = step or self._node(key, str(data.get("name")), owner, place, at)
            step.began, step.given = at, position
            step.triggers = tuple(map(str, data.get("triggers") or ()))
            if not any(child.kind == "given" for child in step.children):
                step.children.insert(0, Step(self._key("given"), "given", text=_given(data), event=position))
            return
        step = step or self._node(key, str(data.get("name")), owner, place, at)
        step.event = position
        if interrupts := data.get("interrupts"):
            self._asked(interrupts, step, at, owner)
            step.status, step.ended = "waits", at
        elif error := data.get("error"):
            self._fail(step, error, at)
        self._wrote(step, data.get("result"), place, at)

    def _debug(self, data: Mapping[str, Any], owner: Step, place: str, at: float, position: int) -> None:
        payload, kind, number = data.get("payload"), data.get("type"), data.get("step")
        if not isinstance(payload, Mapping):
            return
        if kind == "checkpoint":
            self._boundaries[place] = at
            self._checkpoint({**payload, "step": number}, owner, at, position)
            return
        self._task(payload, owner, place, at, position)
        step = self._tasks.get(str(payload.get("id") or ""))
        if step is not None and isinstance(number, int):
            step.number = number

    def _checkpoint(self, data: Mapping[str, Any], owner: Step, at: float, position: int) -> None:
        about = data.get("metadata")
        number = data.get("step", about.get("step") if isinstance(about, Mapping) else None)
        following = ", ".join(map(str, data.get("next") or ())) or "the end"
        step = Step(self._key("checkpoint"), "checkpoint", _checkpoint_id(data), f"then {following}", began=at)
        step.number, step.event = number if isinstance(number, int) else None, position
        self._add(owner, step)

    def _any(self, mode: str, data: Any, owner: Step, at: float, position: int) -> None:
        named = data if isinstance(data, Mapping) else {}
        text = f"{named.get('event') or ''} {named.get('name') or ''}".strip()
        self._add(owner, Step(self._key("event"), "event", mode, text, began=at, event=position))

    def _failed(self, data: Any, at: float) -> None:
        """The run failed: its error belongs to the task that it names, if it names one."""
        error = data if isinstance(data, Mapping) else {"message": str(data)}
        traceback = str(error.get("traceback") or "")
        step = next((step for key, step in self._tasks.items() if key in traceback), None)
        step = step or next((step for step in self._tasks.values() if step.status == "failed"), None)
        self._fail(step or self.run, error, at)
        self.run.status = "failed"

    def _fail(self, step: Step, error: Any, at: float) -> None:
        said = error if isinstance(error, Mapping) else {"message": str(error)}
        name, message = str(said.get("error") or ""), str(said.get("message") or "")
        known = next((child for child in step.children if child.kind == "error"), None)
        if known is None:
            known = self._add(step, Step(self._key("error"), "error", began=at))
        known.name, known.text = name or known.name, message or known.text
        known.traceback = str(said.get("traceback") or "") or known.traceback
        step.status, step.ended = "failed", step.ended if step.ended is not None else at


def _given(data: Mapping[str, Any]) -> str:
    """What a task was given, and why it runs."""
    given = data.get("input")
    keys = ", ".join(map(str, given)) if isinstance(given, Mapping) else type(given).__name__
    return f"{keys} · by {', '.join(map(str, data.get('triggers') or ())) or 'nothing'} · task {data.get('id')}"


def writes_of(update: Any) -> list[tuple[str, Any]]:
    """The keys that an update writes, with what it writes to each."""
    if isinstance(update, Mapping):
        return [(str(key), value) for key, value in update.items()]
    if isinstance(update, list) and all(isinstance(part, Mapping) for part in update):
        return [pair for part in update for pair in writes_of(part)]
    return [] if update is None else [("", update)]


def _waits(step: Step) -> bool:
    return any(child.kind == "interrupt" and child.status == "waits" for child in step.children)


def _whole(number: Any) -> int:
    return number if isinstance(number, int) and not isinstance(number, bool) else 0


def _checkpoint_id(data: Mapping[str, Any]) -> str:
    config = data.get("config")
    ids = config.get("configurable") if isinstance(config, Mapping) else None
    return str(ids.get("checkpoint_id") or "") if isinstance(ids, Mapping) else ""
