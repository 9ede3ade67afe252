"""A thread as one reads it: a reducer from run events, or from saved states, to blocks and figures.

No I/O and no clock of its own: the time comes from outside. Live and reopened threads make the same blocks, since both
know a message by its id. Applying an event costs the same however long the transcript is (a `Values` its messages).
"""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from typing import Any, Literal

from playground.client import decode
from playground.client.blocks import (
    Block,
    CustomBlock,
    ErrorBlock,
    InterruptBlock,
    NodeBlock,
    TextBlock,
    ToolBlock,
    Turn,
    ValueBlock,
)
from playground.client.events import (
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
    Started,
    ToolCall,
    Values,
)
from playground.client.message_json import is_from_cache, message_cost, message_kind, message_text, messages_of, role_of
from playground.client.saved_history import lineage
from playground.client.values import Interrupt, State


class Transcript:
    """Blocks in the order in which they began, and a turn for every run. Methods return the blocks they changed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.blocks: list[Block] = []
        self.turns: list[Turn] = []
        self._clock = clock
        self._by_key: dict[str, Block] = {}
        self._calls: dict[str, ToolBlock] = {}
        self._messages: dict[str, str] = {}  # message id → kind, of all that were seen
        self._whole: set[str] = set()  # ids of messages that are complete
        self._unnamed: list[TextBlock] = []  # shown messages of the input that have no id yet
        self._input: Any = None
        self._values: Any = None
        self._interrupted = False
        self._stepping = False  # a node of the graph has ended since the last state

    # --- a run, live ---

    def begin(self, input: Any = None) -> list[Block]:
        """A run was sent; what it gets is shown at once. What was asked before isn't any more."""
        return [*self._leave(self.waiting), *self._begin(input)]

    def _leave(self, waiting: list[InterruptBlock]) -> list[Block]:
        for block in waiting:
            block.done = block.left = True
        return list(waiting)

    def _begin(self, input: Any = None) -> list[Block]:
        self._input = input
        self._values, self._interrupted, self._stepping = None, False, False
        self._unnamed = []
        turn = self._new_turn()
        turn.input, turn.sent = input, self._clock()
        return self._show_input(input)

    def resume(self, answers: dict[str, Any] | None = None) -> list[Block]:
        """A run was sent to go on after interrupts; `answers` by interrupt id. Those that have none still wait."""
        given = answers or {}
        waiting = [b for b in self.waiting if b.interrupt is None or not given or (b.interrupt.id or "") in given]
        for call in self._calls.values():
            if call.state == "running":
                call.called = self._clock()  # what it waited for the answer isn't its own time
        for block in waiting:
            block.done, block.left = True, block.interrupt is not None and not given
            if block.interrupt is not None:
                block.answer = given.get(block.interrupt.id or "")
        self._begin()
        return list(waiting)

    def sent_now(self) -> None:
        """What had to be done before the run is done: it waits in the server's queue from now on."""
        self.turns[-1].sent = self._clock()

    def join(self, run_id: str, *, started: bool = False) -> None:
        """A run that was started elsewhere, or before: what comes from now on belongs to it."""
        self._values, self._interrupted, self._stepping = None, False, False
        turn = self.turns[-1] if self.turns and self.turns[-1].run_id == run_id else self._new_turn()
        turn.run_id, turn.status, turn.started, turn.ended = run_id, "queued", None, None
        turn.sent = self._clock()
        if started:
            self._mark_started(turn)

    def take_input(self, input: Any) -> list[Block]:
        """What the last run was given, which was sent elsewhere."""
        self._input = self.turns[-1].input = input
        return self._show_input(input)

    def apply(self, event: RunEvent) -> list[Block]:
        """Take in what happened."""
        turn = self.turns[-1] if self.turns else self._new_turn()
        match event:
            case Accepted():
                turn.run_id = event.run_id
                return []
            case Disconnected() | Reconnected():
                return []
            case Started():
                self._mark_started(turn)
                return []
            case Ended():
                return self._end(turn, event.status)
            case Failed():
                return self._fail(turn, event.error, event.message, event.traceback)
        self._mark_started(turn)
        match event:
            case MessageChunk():
                return self._message(turn, event)
            case NodeUpdate():
                return self._node(turn, event)
            case Custom():
                return [
                    self._add(CustomBlock(self._key("custom"), namespace=event.namespace, data=event.data, done=True))
                ]
            case Values():
                return self._take_values(event)
            case Interrupted():
                return self._interrupt(event.interrupts)
        raise TypeError(f"not a run event: {event!r}")

    def lost(self, sentence: str, detail: str | None = None) -> list[Block]:
        """The run could not be followed to its end, for a reason outside of the graph."""
        turn = self.turns[-1] if self.turns else self._new_turn()
        return [*self._fail(turn, "", sentence, detail), *self._end(turn, "error")]

    @property
    def waiting(self) -> list[InterruptBlock]:
        """The interrupts that want an answer."""
        return [block for block in self.blocks if isinstance(block, InterruptBlock) and not block.done]

    @property
    def answer(self) -> str:
        """What the models said in the last run, as it is in the thread's messages; else its output as JSON."""
        if not self.turns:
            return ""
        return answer_in(self._of_turn(self.turns[-1]))

    # --- a thread, reopened ---

    @classmethod
    def from_history(
        cls,
        states: Sequence[State],
        error: dict[str, Any] | None = None,
        clock: Callable[[], float] = time.monotonic,
        older: Sequence[dict[str, Any]] = (),
        *,
        paused: bool = False,
    ) -> "Transcript":
        """The transcript of saved states, newest first, as the API gives them; other branches are left out.

        `error` is the thread's, if its last run failed. Messages that are `older` than the states come first, without
        their steps and without what ran. `paused`: the thread waits, if not for an answer then at a breakpoint.
        """
        transcript = cls(clock)
        if older:
            transcript._take_older(older)
        before: State | None = None
        for state in _taken(lineage(states)):
            transcript._take_state(state, before)
            before = state
        if before is not None:
            transcript._finish_history(before, error, paused)
        return transcript

    def _take_older(self, messages: Sequence[dict[str, Any]]) -> None:
        turn = self._new_turn()
        turn.status = "done"
        self._merge(list(messages))
        self._settle(turn)

    def _take_state(self, state: State, before: State | None) -> None:
        if before is not None and state.metadata.get("source") == "update":
            self._take_update(state, before)
            return
        if before is None or _is_input(state) or state.metadata.get("run_id") != before.metadata.get("run_id"):
            self._turn_of_history(state, before)
        turn = self.turns[-1]
        turn.ended = state.created_at.timestamp() if state.created_at else None
        tasks = [task for task in before.tasks if task.get("name") != "__start__"] if before is not None else []
        for task in tasks:
            left = task.get("result") is None  # it never ended: another input came, or another branch
            self._add_interrupts(_interrupts(task), done=True, left=left)
        self._merge(messages_of(state.values) or [])
        if before is not None and not _is_input(state):
            turn.steps += bool(tasks)
            for task in tasks:
                self._take_task(turn, task, state, before)
        starts = [task for task in state.tasks if task.get("name") == "__start__"]
        for task in starts:
            self._input = turn.input = task.get("result")
            self._show_input(self._input)

    def _take_update(self, state: State, before: State) -> None:
        """Nobody ran: what was taken out of the state goes, what was written into it comes."""
        kept = {message.get("id") for message in messages_of(state.values) or []}
        for message in messages_of(before.values) or []:
            if message.get("id") and message["id"] not in kept:
                self._forget(str(message["id"]))
        self._merge(messages_of(state.values) or [])

    def _forget(self, identifier: str) -> None:
        """The message, with its reasoning and its calls."""
        mine = self._by_key.get(identifier)
        self.blocks = [
            block for block in self.blocks if block is not mine and not block.key.startswith(f"{identifier}/")
        ]
        self._whole.discard(identifier)

    def _turn_of_history(self, state: State, before: State | None) -> None:
        """A run begins at its first checkpoint; what the one before it made is then complete."""
        run_id = state.metadata.get("run_id")
        if self.turns and before is not None:
            if not before.next:
                self._close_history(before)
            if run_id is not None and run_id == self.turns[-1].run_id:
                return
        turn = self._new_turn()
        turn.run_id, turn.status = run_id, "done"
        turn.assistant_id, turn.version, turn.draft = state.assistant_id or "", state.version, state.draft
        turn.context_hash = state.context_hash or ""
        turn.started = state.created_at.timestamp() if state.created_at else None

    def _take_task(self, turn: Turn, task: dict[str, Any], state: State, before: State) -> None:
        """A task of a step is done when the next checkpoint exists."""
        name = str(task.get("name"))
        turn.path.append(name)
        waited = bool(task.get("interrupts"))  # for an answer: that isn't the node's time
        took = not waited and before.created_at and state.created_at and state.created_at - before.created_at
        self._add(
            NodeBlock(
                self._key("node"),
                node=name,
                done=True,
                update=task.get("result"),
                step=state.step,
                version=state.version,
                draft=state.draft,
                seconds=took.total_seconds() if took else None,
            )
        )

    def _close_history(self, last: State) -> None:
        """The output of a run that has ended, where it isn't messages."""
        self._values = last.values
        self._show_output()
        self._input = None

    def _finish_history(self, last: State, error: dict[str, Any] | None, paused: bool) -> None:
        turn = self.turns[-1]
        if not last.next:
            self._close_history(last)
        waiting = last.interrupts or tuple(item for task in last.tasks for item in _interrupts(task))
        failed = next((str(task["error"]) for task in last.tasks if task.get("error")), None)
        if waiting:
            turn.status = "interrupted"
            self._add_interrupts(waiting, done=False)
        elif error and error.get("error") in ("UserInterrupt", "UserRollback"):
            turn.status = "stopped"
        elif error or failed:
            error = error or {}
            self._fail(turn, error.get("error") or "", error.get("message") or failed or "", error.get("traceback"))
            turn.status = "failed"
        elif paused and last.next:
            turn.status = "interrupted"
            self._add_interrupts((None,), done=False)
        elif last.next:
            turn.status = "stopped"
        self._settle(turn)

    # --- what happens in a run ---

    def _new_turn(self) -> Turn:
        self.turns.append(Turn(len(self.turns)))
        return self.turns[-1]

    def _mark_started(self, turn: Turn) -> None:
        if turn.status == "queued":
            turn.status = "running"
            turn.started = self._clock()

    def _show_input(self, input: Any) -> list[Block]:
        messages = messages_of(input)
        if messages is None:
            return [] if input is None else [self._value("input", input)]
        rest = {key: value for key, value in input.items() if key != "messages"} if isinstance(input, dict) else {}
        shown = self._merge(messages)
        unnamed = {message_text(message)[0] for message in messages if not message.get("id")}
        self._unnamed = [block for block in shown if isinstance(block, TextBlock) and block.text in unnamed]
        return [*([self._value("input", rest)] if rest else []), *shown]

    def _show_output(self) -> list[Block]:
        """What the run added to or changed in its input; nothing where messages say it."""
        values = self._values
        if values is None or messages_of(values) is not None:
            return []
        if isinstance(values, dict) and isinstance(self._input, dict):
            values = {
                key: value for key, value in values.items() if key not in self._input or self._input[key] != value
            }
        return [self._value("output", values)]

    def _value(self, title: Literal["input", "output"], value: Any) -> Block:
        return self._add(ValueBlock(self._key(title), title=title, value=value, done=True))

    def _message(self, turn: Turn, chunk: MessageChunk) -> list[Block]:
        if chunk.message_id in self._whole:
            return []
        self._enter(turn, chunk)
        kind = role_of(chunk.kind)
        self._messages[chunk.message_id] = kind
        if chunk.last:
            self._whole.add(chunk.message_id)
        if kind == "tool":
            return [self._tool_answer(chunk.tool_call_id, chunk.name, chunk.text, chunk.status, chunk)]
        if kind == "ai" and turn.first is None and (chunk.text or chunk.reasoning or chunk.tool_calls):
            turn.first = self._clock()
        if chunk.usage:
            self._count(turn, chunk.message_id, chunk.usage)
        if chunk.cost is not None:
            turn.costs[chunk.message_id] = chunk.cost
        turn.cached |= chunk.cached
        changed: list[Block] = []
        if chunk.reasoning:
            changed.append(self._append(f"{chunk.message_id}/reasoning", "reasoning", chunk.reasoning, chunk))
        if chunk.text:
            changed.append(self._append(chunk.message_id, kind, chunk.text, chunk))
        changed.extend(self._tool_call(chunk, call) for call in chunk.tool_calls)
        return [*changed, *(self._complete(chunk.message_id) if chunk.last else [])]

    def _append(self, key: str, role: str, text: str, chunk: MessageChunk) -> Block:
        block = self._by_key.get(key)
        if not isinstance(block, TextBlock):
            block = TextBlock(key, node=chunk.node, namespace=chunk.namespace, role=role)
            self._add(block)
        block.pieces.append(text)
        return block

    def _tool_call(self, chunk: MessageChunk, call: ToolCall) -> Block:
        key = f"{chunk.message_id}/tool/{call.index}"
        block = self._by_key.get(key)
        if not isinstance(block, ToolBlock):
            block = ToolBlock(key, node=chunk.node, namespace=chunk.namespace)
            self._add(block)
        block.name += call.name or ""
        if call.id:
            block.call_id = call.id
            self._calls[call.id] = block
        if call.args:
            block.pieces.append(call.args)
        block.called = self._clock()
        return block

    def _tool_answer(
        self, call_id: str | None, name: str | None, text: str, status: str | None, chunk: MessageChunk | None = None
    ) -> Block:
        block = self._calls.get(call_id or "")
        if block is None:
            block = ToolBlock(self._key("tool"), call_id=call_id, name=name or "")
            if chunk is not None:
                block.node, block.namespace = chunk.node, chunk.namespace
            self._add(block)
            self._calls[call_id or ""] = block
        block.result = text if block.result is None or block.done else block.result + text
        block.state, block.done = ("failed" if status == "error" else "done"), True
        if chunk is not None and block.called is not None and block.seconds is None:
            block.seconds = self._clock() - block.called
        return block

    def _complete(self, message_id: str) -> list[Block]:
        """The message with this id gets no more pieces."""
        changed: list[Block] = []
        for key in (message_id, f"{message_id}/reasoning"):
            if (block := self._by_key.get(key)) and not block.done:
                block.done = True
                changed.append(block)
        index = 0
        while isinstance(call := self._by_key.get(f"{message_id}/tool/{index}"), ToolBlock):
            if call.state == "writing":
                call.state = "running"
                changed.append(call)
            index += 1
        return changed

    def _node(self, turn: Turn, event: NodeUpdate) -> list[Block]:
        turn.cached |= event.cached
        if not event.namespace:
            self._stepping = True
            if turn.open_nodes[event.node]:
                turn.open_nodes[event.node] -= 1
            else:
                turn.path.append(event.node)
        update = NodeBlock(
            self._key("node"), node=event.node, namespace=event.namespace, update=event.update, done=True
        )
        return [*self._merge(messages_of(event.update) or [], node=event.node), self._add(update)]

    def _enter(self, turn: Turn, chunk: MessageChunk) -> None:
        """A node runs from its first piece of a message; inside a subgraph it is the graph's own node that runs."""
        node = chunk.namespace[0].partition(":")[0] if chunk.namespace else chunk.node
        if node and chunk.message_id not in self._messages and not turn.open_nodes[node]:
            turn.open_nodes[node] += 1
            turn.path.append(node)

    def _take_values(self, event: Values) -> list[Block]:
        if event.namespace:
            return []
        self._values = event.values
        self._finish_step()
        return self._merge(messages_of(event.values) or [])

    def _finish_step(self) -> None:
        """A state after the update of at least one node: nodes that run side by side make one state."""
        if self._stepping:
            self.turns[-1].steps += 1
        self._stepping = False

    def _interrupt(self, interrupts: tuple[Interrupt, ...]) -> list[Block]:
        self._interrupted = True
        return self._add_interrupts(interrupts or (None,), done=False)

    def _add_interrupts(self, interrupts: Iterable[Interrupt | None], done: bool, *, left: bool = False) -> list[Block]:
        waiting = {block.interrupt.id for block in self.waiting if block.interrupt}
        return [
            self._add(InterruptBlock(self._key("interrupt"), interrupt=interrupt, done=done, left=left))
            for interrupt in interrupts
            if interrupt is None or interrupt.id is None or interrupt.id not in waiting
        ]

    def _fail(self, turn: Turn, error: str, message: str, detail: str | None) -> list[Block]:
        turn.status = "failed"
        turn.ended = turn.ended if turn.ended is not None else self._clock()
        block = ErrorBlock(self._key("error"), error=error, message=message, detail=detail, done=True)
        return [self._add(block)]

    def _end(self, turn: Turn, status: str) -> list[Block]:
        changed: list[Block] = []
        if turn.ended is None:
            turn.ended = self._clock()
        if status == "success":
            turn.status = "interrupted" if self._interrupted else "done"
            if not self._interrupted:
                changed += self._show_output()
                changed += self._mark_asides(turn)
        elif status == "interrupted":
            turn.status = "stopped"
        elif turn.status != "failed":
            reason = "The run took too long and was ended." if status == "timeout" else "The server gave no reason."
            changed += self._fail(turn, "", reason, None)
        return [*changed, *self._settle(turn)]

    def _settle(self, turn: Turn) -> list[Block]:
        """After a run nothing of it is being written; only a call that waits for an interrupt's answer goes on."""
        changed: list[Block] = []
        for block in self._of_turn(turn):
            if isinstance(block, ToolBlock) and block.state in ("writing", "running"):
                block.state = "running" if turn.status == "interrupted" else "unanswered"
                changed.append(block)
            elif isinstance(block, TextBlock) and not block.done:
                block.done = True
                changed.append(block)
        return changed

    def _mark_asides(self, turn: Turn) -> list[Block]:
        if self._values is None:
            return []
        kept = {str(message.get("id")) for message in messages_of(self._values) or []}
        asides = [
            block
            for block in self._of_turn(turn)
            if isinstance(block, TextBlock) and block.role == "ai" and block.key not in kept and not block.aside
        ]
        for block in asides:
            block.aside = True
        return list(asides)

    # --- messages of a state ---

    def _merge(self, messages: list[dict[str, Any]], node: str | None = None) -> list[Block]:
        """Whole messages of a state or an update: those not seen yet are added, those being written completed."""
        changed: list[Block] = []
        for message in messages:
            identifier = str(message.get("id") or "")
            if identifier and identifier in self._whole:
                continue
            if self._adopt(identifier, message):
                continue
            changed += self._whole_message(identifier or self._key("message"), message, node)
        return changed

    def _adopt(self, identifier: str, message: dict[str, Any]) -> bool:
        """Whether this is a message of the input, shown when it had no id; from now on it has one."""
        text, _ = message_text(message)
        for block in self._unnamed:
            if block.role == message_kind(message) and block.text == text:
                if identifier:
                    self._whole.add(identifier)
                    self._by_key[identifier] = block
                    self._unnamed.remove(block)
                return True
        return False

    def _whole_message(self, identifier: str, message: dict[str, Any], node: str | None) -> list[Block]:
        kind = message_kind(message)
        self._messages[identifier] = kind
        self._whole.add(identifier)
        text, reasoning = message_text(message)
        if kind == "tool":
            call_id = message.get("tool_call_id")
            known = self._calls.get(call_id or "")
            if known is not None and known.done:
                return []
            return [self._tool_answer(call_id, message.get("name"), text, message.get("status"))]
        turn = self.turns[-1] if self.turns else self._new_turn()
        if message.get("usage_metadata") and identifier not in turn.tokens:
            self._count(turn, identifier, message["usage_metadata"])
        if (cost := message_cost(message)) is not None:
            turn.costs[identifier] = cost
        turn.cached |= is_from_cache(message)
        changed: list[Block] = []
        if reasoning:
            changed.append(self._write(f"{identifier}/reasoning", "reasoning", reasoning, node))
        if text:
            changed.append(self._write(identifier, kind, text, node))
        for index, call in enumerate(message.get("tool_calls") or []):
            changed.append(self._whole_call(identifier, index, call, node))
        return [*changed, *self._complete(identifier)]

    def _write(self, key: str, role: str, text: str, node: str | None) -> Block:
        block = self._by_key.get(key)
        if not isinstance(block, TextBlock):
            block = TextBlock(key, node=node, role=role)
            self._add(block)
        if block.text != text:
            block.rewritten += bool(block.pieces)
            block.pieces[:] = [text]
        block.done = True
        return block

    def _whole_call(self, identifier: str, index: int, call: dict[str, Any], node: str | None) -> Block:
        call_id = call.get("id")
        block = self._calls.get(call_id or "") if call_id else None
        if block is None:
            block = ToolBlock(f"{identifier}/tool/{index}", node=node, call_id=call_id)
            self._add(block)
            if call_id:
                self._calls[call_id] = block
        block.name = str(call.get("name") or "")
        block.pieces[:] = [json.dumps(call.get("args") or {}, ensure_ascii=False)]
        if block.state == "writing":
            block.state = "running"
        return block

    def _count(self, turn: Turn, message_id: str, usage: dict[str, Any]) -> None:
        known = turn.tokens.get(message_id, (0, 0))
        turn.tokens[message_id] = (
            known[0] + int(usage.get("input_tokens") or 0),
            known[1] + int(usage.get("output_tokens") or 0),
        )

    # --- blocks ---

    def _add(self, block: Block) -> Block:
        block.turn = self.turns[-1].index if self.turns else 0
        self.blocks.append(block)
        self._by_key[block.key] = block
        return block

    def _of_turn(self, turn: Turn) -> list[Block]:
        """The blocks of a turn: the last ones, since turns come one after the other."""
        mine: list[Block] = []
        for block in reversed(self.blocks):
            if block.turn < turn.index:
                break
            mine.append(block)
        return mine[::-1]

    def _key(self, kind: str) -> str:
        return f"{kind}#{len(self.blocks)}"


def answer_in(blocks: Sequence[Block]) -> str:
    """What the models said in the blocks of a run, as it is in the thread's messages; else its output as JSON."""
    said = [b.text for b in blocks if isinstance(b, TextBlock) and b.role == "ai" and not b.aside and b.pieces]
    outputs = [b.value for b in blocks if isinstance(b, ValueBlock) and b.title == "output"]
    return "\n\n".join(said or [json.dumps(value, indent=2, ensure_ascii=False) for value in outputs])


def _interrupts(task: dict[str, Any]) -> list[Interrupt]:
    return [decode.interrupt(item) for item in task.get("interrupts") or []]


def _taken(line: Sequence[State]) -> list[State]:
    """Without the inputs that another one took the place of: nothing ever came of them on this branch."""
    return [
        state for state, after in zip_longest(line, line[1:]) if not (after and _is_input(state) and _is_input(after))
    ]


def _is_input(state: State) -> bool:
    return state.metadata.get("source") == "input"
