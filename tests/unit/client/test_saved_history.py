"""Checkpoints without their values, and what each of them added."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from playground.client.blocks import TextBlock
from playground.client.saved_history import by_what_they_added
from playground.client.transcript import Transcript
from playground.client.values import State

START = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
Message = dict[str, Any]


def message(kind: str, number: int) -> Message:
    return {"type": kind, "id": f"{kind}{number}", "content": f"{kind} {number}"}


def thread(runs: int) -> tuple[list[State], list[Message]]:
    """The states of a chat, newest first, with their values, and all of its messages; each run is a version."""
    states: list[State] = []
    messages: list[Message] = []

    def add(run: int, source: str, *tasks: Message) -> None:
        number = len(states)
        states.append(
            State(
                checkpoint_id=f"c{number:04}",
                parent_checkpoint_id=f"c{number - 1:04}" if number else None,
                values={"messages": list(messages)},
                next=tuple(task["name"] for task in tasks),
                tasks=tasks,
                metadata={
                    "source": source,
                    "step": number - 1,
                    "run_id": f"r{run}",
                    "assistant_id": "a",
                    "assistant_version": run + 1,
                },
                created_at=START + timedelta(seconds=number),
                interrupts=(),
            )
        )

    for run in range(runs):
        asked, answer = message("human", run), message("ai", run)
        written = {"messages": [{"role": "user", "content": asked["content"]}]}  # an input has no id yet
        add(run, "input", {"name": "__start__", "result": written, "interrupts": [], "error": None})
        messages.append(asked)
        add(run, "loop", {"name": "say", "result": {"messages": [answer]}, "interrupts": [], "error": None})
        messages.append(answer)
        add(run, "loop")
    return states[::-1], messages


def light(states: list[State]) -> list[State]:
    return [replace(state, values=None) for state in states]


def told(transcript: Transcript) -> list[tuple[str, int | None]]:
    """Each text with the version of the run that it belongs to."""
    return [(b.text, transcript.turns[b.turn].version) for b in transcript.blocks if isinstance(b, TextBlock)]


def test_a_thread_reads_the_same_without_the_values() -> None:
    states, messages = thread(4)
    found = by_what_they_added(light(states), messages)
    assert found is not None
    assert found.whole
    assert not found.older
    lean, full = Transcript.from_history(found.states), Transcript.from_history(states)
    assert told(lean) == told(full)
    assert [turn.path for turn in lean.turns] == [turn.path for turn in full.turns] == [["say"]] * 4
    assert lean.turns[-1].status == "done"


@pytest.mark.parametrize("read", [1, 2, 3, 5, 7])
def test_messages_before_what_was_read_claim_no_version(read: int) -> None:
    states, messages = thread(3)
    found = by_what_they_added(light(states)[:read], messages)
    assert found is not None
    assert not found.whole
    transcript = Transcript.from_history(found.states, older=found.older)
    whole = told(Transcript.from_history(states))
    assert [text for text, _ in told(transcript)] == [text for text, _ in whole]
    older = len(found.older)
    assert told(transcript)[older:] == whole[older:]
    assert {version for _, version in told(transcript)[:older]} <= {None}


def test_a_thread_whose_messages_were_changed_is_not_guessed_at() -> None:
    states, messages = thread(3)
    assert by_what_they_added(light(states), messages[:1] + messages[2:]) is None, "one was removed"
    changed = [*messages[:3], {**messages[3], "id": "another"}, *messages[4:]]
    assert by_what_they_added(light(states), changed) is None, "one was replaced"
    assert by_what_they_added(light(states), [message("human", 99), *messages]) is None, "one came from nowhere"
    assert by_what_they_added([], messages) is None
