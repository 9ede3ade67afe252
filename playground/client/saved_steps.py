"""The steps of runs as checkpoints tell of them, and what they add to what was streamed. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from playground.client.checkpoint_tree import START
from playground.client.message_json import message_kind, message_text, messages_of
from playground.client.steps import Step, writes_of
from playground.client.values import State


def saved_steps(states: Sequence[State], error: Mapping[str, Any] | None = None) -> list[Step]:
    """The runs of a branch of saved states, newest first; an edit of the state is a step of its own.

    `error` is the thread's, if its last run failed.
    """
    runs: list[Step] = []
    before: State | None = None
    for state in reversed(states):
        run = runs[-1] if runs else None
        run_id = str(state.metadata.get("run_id") or "")
        source = str(state.metadata.get("source") or "")
        if run is None or run.key != run_id or source == "input":
            run = Step(run_id or str(state.checkpoint_id), "run", status="done", began=_at(state))
            _name(run, state)
            runs.append(run)
        if source == "update":
            _name(run, state)
            run.children.append(Step(f"{state.checkpoint_id}/update", "note", text="The state was edited."))
        elif before is not None and source == "loop":
            _ran(run, before, state)
        run.ended = _at(state)
        before = state
    if runs and before is not None:
        _left(runs[-1], before)
        _explain(runs[-1], error or {})
    return runs


def with_saved(saved: Sequence[Step], live: Sequence[Step]) -> list[Step]:
    """The saved runs, each as it was streamed if it was, with what only checkpoints say; then those that aren't saved.

    A run that isn't among the saved ones, though a later one is, was left behind by a branch.
    """
    streamed = {run.key: run for run in live}
    for run in saved:
        if run.key in streamed:
            _add_saved(streamed[run.key], run)
    known = {run.key for run in saved}
    last = max((index for index, run in enumerate(live) if run.key in known), default=-1)
    runs = [*(streamed.get(run.key, run) for run in saved), *live[last + 1 :]]
    for run in runs[:-1]:
        _answered(run)
    return runs


def _add_saved(run: Step, saved: Step) -> None:
    """What a stream didn't say of its run; nodes that it didn't name by their task are taken in their order."""
    run.assistant_id, run.version, run.draft = saved.assistant_id, saved.version, saved.draft
    run.text = run.text or saved.text
    keys = {step.key for step in saved.children}
    nodes = {step.key: step for step in run.children if step.kind == "node"}
    unnamed = [step for step in nodes.values() if step.key not in keys]
    for step in saved.children:
        if step.kind != "node":
            continue
        known = nodes.get(step.key) or next((one for one in unnamed if one.name == step.name), None)
        if known is None:
            run.children.append(step)
            continue
        if known in unnamed:
            unnamed.remove(known)
        known.number = step.number if step.number is not None else known.number
        known.assistant_id, known.version, known.draft = step.assistant_id, step.version, step.draft


def _answered(run: Step) -> None:
    """A run that asked, and after which another one ran, asks no more."""
    if run.status == "waits":
        for _, step in run.walk(0):
            if step.status == "waits":
                step.status = "done" if step is run else ""


def _ran(run: Step, before: State, state: State) -> None:
    """The tasks that led from one checkpoint to the next."""
    for task in before.tasks:
        if task.get("name") == START:
            run.text = run.text or _said(task.get("result"))
            continue
        waited = bool(task.get("interrupts"))  # for an answer: that isn't the node's time
        step = _node(task, before, None if waited else _at(before), None if waited else _at(state))
        step.number = state.step
        _name(step, state)
        run.children.append(step)


def _left(run: Step, last: State) -> None:
    """What the last checkpoint has still to run: what failed there, what asks."""
    for task in last.tasks:
        if task.get("name") == START or not (task.get("error") or task.get("interrupts")):
            continue
        step = _node(task, last, None, None)
        step.number = None if last.step is None else last.step + 1
        _name(step, last)
        run.children.append(step)
        run.status = step.status
    if last.next and run.status == "done":
        run.status = "stopped"


def _explain(run: Step, error: Mapping[str, Any]) -> None:
    """The thread knows more of what failed last than its checkpoint."""
    if run.status != "failed":
        return
    for _, step in run.walk(0):
        if step.kind == "error":
            step.name, step.text = str(error.get("error") or ""), str(error.get("message") or step.text)
            step.traceback = error.get("traceback")


def _node(task: Mapping[str, Any], at: State, began: float | None, ended: float | None) -> Step:
    step = Step(str(task.get("id") or f"{at.checkpoint_id}/{task.get('name')}"), "node", str(task.get("name")))
    step.status, step.began, step.ended, step.value = "done", began, ended, task.get("result")
    for place, (key, value) in enumerate(writes_of(step.value)):
        step.children.append(Step(f"{step.key}/write/{place}", "write", key, value=value))
    for place, interrupt in enumerate(task.get("interrupts") or ()):
        answered = step.value is not None
        asked = Step(f"{step.key}/interrupt/{place}", "interrupt", status="done" if answered else "waits")
        asked.value = interrupt.get("value") if isinstance(interrupt, Mapping) else interrupt
        step.children.append(asked)
        step.status = "done" if answered else "waits"
    if task.get("error"):
        step.children.append(Step(f"{step.key}/error", "error", text=str(task["error"])))
        step.status = "failed"
    return step


def _name(step: Step, state: State) -> None:
    step.assistant_id, step.version, step.draft = state.assistant_id, state.version, state.draft


def _said(given: Any) -> str:
    """The text of an input, if it is messages."""
    messages = messages_of(given) or []
    return next((message_text(message)[0][:400] for message in messages if message_kind(message) == "human"), "")


def _at(state: State) -> float | None:
    return state.created_at.timestamp() if state.created_at else None
