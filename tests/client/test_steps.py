"""The steps of a real run, from its events in every detail and from what is saved of it."""

from collections.abc import Iterator
from typing import Any

import pytest

from playground.client.client import Client
from playground.client.record import RunRecord
from playground.client.saved_steps import saved_steps, with_saved
from playground.client.steps import DETAILS, Step
from playground.client.values import State
from tests.servers import PROJECTS, Server

INPUT = {"messages": [{"role": "user", "content": "hi"}]}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(PROJECTS / "steps", tmp_path_factory.mktemp("steps") / "store").start()
    yield server
    server.kill()


async def ran(server: Server, *modes: str, context: dict[str, Any] | None = None) -> tuple[RunRecord, list[State]]:
    """A run's record, and the thread's states after it."""
    client = await Client.connect(server.url, server.key)
    made = await server.client().assistants.create("steps", context=context)
    runnable = await client.resolve(made["assistant_id"])
    record, thread_id = RunRecord(), ""
    async for event in client.runs.stream(runnable, input=INPUT, modes=modes, values=True, record=record):
        thread_id = getattr(event, "thread_id", thread_id)
    states = await client.threads.history(thread_id, limit=50, values=False)
    await client.close()
    return record, states


def outline(step: Step, detail: str) -> list[str]:
    """A line a step: `  name status`, below each other."""
    lines = []
    for depth, one in step.walk(DETAILS.index(detail)):  # type: ignore[arg-type]
        what = {"run": "run", "node": one.name, "checkpoint": f"checkpoint {one.number}", "note": one.text}
        said = what.get(one.kind) or f"{one.kind} {one.name or one.text or one.value}"
        lines.append(f"{'  ' * depth}{said} {one.status}".rstrip())
    return lines


async def test_a_run_in_messages_and_updates(server: Server) -> None:
    record, states = await ran(server, "tasks")
    run = record.runs[-1].steps.run
    assert outline(run, "messages") == [
        "run done",
        "  plan done",
        "  work done",
        "  work done",
        "  work done",
        "  author done",
        "    write done",
        "      message ai done",
        "  check done",
        "    Node `check` was tried again: attempt 1 failed with ConnectionError busy",
    ]
    works = [step for step in run.children if step.name == "work"]
    assert [step.kind for step in run.children if step.kind != "node"] == ["custom"] * 3  # nobody says which task's
    assert [step.value for step in works] == [{"done": ["a"]}, {"done": ["b"]}, {"done": ["c"]}]
    author = next(step for step in run.children if step.name == "author")
    (write,) = (step for step in author.children if step.kind == "node")
    assert author.seconds is not None
    assert write.seconds is not None
    assert author.seconds >= write.seconds
    given = record.get(author.given or 0)
    assert given is not None
    assert '"input"' in given.data

    (with_numbers,) = with_saved(saved_steps(states), [run])
    assert with_numbers is run
    assert [step.number for step in run.children if step.kind == "node"] == [1, 2, 2, 2, 3, 4]
    assert [run.version, works[0].version] == [1, 1]
    assert run.text == "hi"


async def test_without_tasks_nodes_are_found_all_the_same(server: Server) -> None:
    record, _ = await ran(server)
    run = record.runs[-1].steps.run
    nodes = [(depth, step.name, step.status) for depth, step in run.walk(0) if step.kind == "node"]
    assert sorted(nodes) == sorted(
        [
            (1, "plan", "done"),
            *[(1, "work", "done")] * 3,
            (1, "author", "done"),
            (2, "write", "done"),
            (1, "check", "done"),
        ]
    )
    assert all(step.seconds is not None for _, step in run.walk(0) if step.kind != "note")


async def test_debug_has_numbers_and_checkpoints(server: Server) -> None:
    record, _ = await ran(server, "debug")
    run = record.runs[-1].steps.run
    assert [step.number for step in run.children if step.kind == "node"] == [1, 2, 2, 2, 3, 4]
    assert [step.number for step in run.children if step.kind == "checkpoint"] == [-1, 0, 1, 2, 3, 4]
    assert not [step for _, step in run.walk(2) if step.kind == "checkpoint"]


async def test_a_failure_is_at_its_node_with_its_traceback(server: Server) -> None:
    record, states = await ran(server, "tasks", context={"fail": "no [/b] way"})
    run = record.runs[-1].steps.run
    check = run.children[-1]
    assert (run.status, check.name, check.status) == ("failed", "check", "failed")
    (error,) = (step for step in check.children if step.kind == "error")
    assert (error.name, error.text) == ("RuntimeError", "no [/b] way")
    assert "in check" in (error.traceback or "")
    (saved,) = saved_steps(states)
    assert (saved.status, saved.children[-1].status) == ("failed", "failed")


async def test_a_question_is_at_its_node(server: Server) -> None:
    for modes in ((), ("tasks",), ("debug",)):
        record, states = await ran(server, *modes, context={"ask": "sure?"})
        run = record.runs[-1].steps.run
        check = next(step for step in run.children if step.name == "check") if modes else run
        asked = [step for _, step in run.walk(0) if step.kind == "interrupt"]
        assert [step.value for step in asked] == [{"question": "sure?"}]
        assert asked[0] in check.children
        assert (run.status, check.status) == ("waits", "waits")
        (saved,) = saved_steps(states)
        assert saved.status == "waits"
        assert [step.value for _, step in saved.walk(0) if step.kind == "interrupt"] == [{"question": "sure?"}]


async def test_a_saved_run_has_its_nodes_with_what_they_wrote(server: Server) -> None:
    _, states = await ran(server)
    (run,) = saved_steps(states)
    assert [(step.name, step.number, step.version) for step in run.children] == [
        ("plan", 1, 1),
        *[("work", 2, 1)] * 3,
        ("author", 3, 1),
        ("check", 4, 1),
    ]
    assert [step.value for step in run.children[1].children] == [["a"]]
