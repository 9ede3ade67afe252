"""Who gets what is typed, and who doesn't, and why. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playground.client.blocks import Turn
from playground.client.inputs import check_input, properties_of, takes_messages
from playground.tui.compare.answering import hears
from playground.tui.compare.side import Side

Schemas = Mapping[str, dict[str, Any] | None]
"""What assistants take, by their ids."""


class Refused(Exception):
    """Why nothing is sent: a sentence to show."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The sides that get an input, and what is to be said about the others, "" if nothing."""

    sides: list[Side]
    sentence: str = ""


def chosen(sides: Sequence[Side], current: Side | None) -> list[Side]:
    """All linked ones; the current one alone if it isn't linked."""
    if current is not None and not current.linked:
        return [current]
    return [side for side in sides if side.linked]


def target_text(sides: Sequence[Side], current: Side | None) -> str:
    """`to all>`, `to A and C>`, `to B>`."""
    some = chosen(sides, current)
    return "to all>" if len(some) == len(sides) else f"to {hears(sides, some)}>"


def plan(sides: Sequence[Side], some: Sequence[Side], given: Any, schemas: Schemas) -> Plan:
    """Who of `some` gets an input. Raises Refused if one of them can't take it now, so that they stay turn by turn."""
    running = [side for side in some if side.busy]
    if running:
        who = hears(sides, running)
        runs = "still runs: wait for it, stop it" if len(running) == 1 else "still run: wait for them, stop them"
        raise Refused(f"{who} {runs} with X, or unlink with u.")
    for side in some:
        if problem := _unfit(given, schemas.get(side.runnable.assistant_id)):
            raise Refused(
                f"{hears(sides, [side])} can't take this: {problem}. Unlink it with u, and the others get it."
            )
    waiting = [side for side in some if side.conversation.status == "interrupted"]
    if not waiting:
        return Plan(list(some))
    who, waits = hears(sides, waiting), "waits for an answer" if len(waiting) == 1 else "wait for an answer"
    if len(waiting) == len(some):
        raise Refused(f"{who} {waits}: answer in the pane, or clear it with K.")
    return Plan([side for side in some if side not in waiting], f"{who} {waits} and got nothing.")


def unlike(sides: Sequence[Side], schemas: Schemas) -> str:
    """How the sides' inputs differ, in a sentence; "" if one input does for all."""
    kinds: dict[tuple[str, ...] | None, list[Side]] = {}
    for side in sides:
        if (assistant_id := side.runnable.assistant_id) in schemas:
            kinds.setdefault(_kind(schemas[assistant_id]), []).append(side)
    if len(kinds) < 2:
        return ""
    takes = [f"{hears(sides, some)}: {_said(kind)}" for kind, some in kinds.items()]
    return f"These graphs don't take the same input ({'; '.join(takes)}). Unlink a pane with u to write to it alone."


def last_asked(turns: Sequence[Turn]) -> Turn | None:
    """The last turn that began with an input; what followed an interrupt belongs to it."""
    return next((turn for turn in reversed(turns) if turn.input is not None), None)


def _unfit(given: Any, schema: dict[str, Any] | None) -> str:
    if schema is not None and takes_messages(schema) and properties_of(schema) is not None:
        return "" if isinstance(given, dict) and "messages" in given else "it takes messages"
    try:
        check_input(given, schema)
    except ValueError as error:
        return str(error).rstrip(".")
    return ""


def _kind(schema: dict[str, Any] | None) -> tuple[str, ...] | None:
    """The names of its fields; None for a chat."""
    properties = properties_of(schema)
    return None if properties is None or takes_messages(schema) else tuple(sorted(properties))


def _said(kind: tuple[str, ...] | None) -> str:
    return "messages" if kind is None else ", ".join(kind) or "nothing"
