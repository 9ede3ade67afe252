"""One answer for several sides that wait: which of them ask the same, and what each is given. Pure."""

from collections.abc import Sequence
from typing import Any

from playground.client.values import Interrupt
from playground.tui.compare.comparison import LETTERS
from playground.tui.compare.side import Side
from playground.tui.widgets.interrupt_answer import review_of


def alike(sides: Sequence[Side], asked: Side) -> tuple[list[Side], list[Side]]:
    """The sides that wait for the same kind of answer as `asked`, itself with them; and those that wait for another."""
    waiting = [side for side in sides if side.conversation.status == "interrupted"]
    wanted = kind_of(asked.conversation.interrupts)
    same = [side for side in waiting if side is asked or kind_of(side.conversation.interrupts) == wanted]
    return same, [side for side in waiting if side not in same]


def kind_of(interrupts: Sequence[Interrupt | None]) -> tuple[object, ...]:
    """What an answer must look like, for each: for actions their names and the ways; else the form of what is asked.

    Wording and arguments may differ: versions with other prompts put the same question otherwise.
    """
    return tuple(_kind(interrupt) for interrupt in interrupts)


def given_to(side: Side, asked: Side, answers: dict[str, Any]) -> dict[str, Any]:
    """The answers to what `asked` waits for, for the same questions of another side: the ids are its own."""
    pairs = zip(asked.conversation.interrupts, side.conversation.interrupts, strict=False)
    return {
        theirs.id or "": answers[mine.id or ""]
        for mine, theirs in pairs
        if mine is not None and theirs is not None and (mine.id or "") in answers
    }


def hears(sides: Sequence[Side], some: Sequence[Side]) -> str:
    """`A, B and D`."""
    letters = [letter for letter, side in zip(LETTERS, sides, strict=False) if side in some]
    return " and ".join([", ".join(letters[:-1]), letters[-1]]) if len(letters) > 1 else "".join(letters)


def _kind(interrupt: Interrupt | None) -> object:
    if interrupt is None:
        return "breakpoint"
    review = review_of(interrupt.value)
    if review is not None:
        return (review.convention, tuple((one.name, one.ways, one.reply_as) for one in review.actions))
    value = interrupt.value
    return ("object", frozenset(value)) if isinstance(value, dict) else type(value).__name__
