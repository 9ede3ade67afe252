"""One comparison, changed in two terminals: nothing that ran is lost, what was chosen last holds. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from playground.client.saved import MOST_TURNS, SavedComparison, SavedSide, SavedTurn


def merged(base: SavedComparison | None, mine: SavedComparison, stored: SavedComparison | None) -> SavedComparison:
    """What is to be written. `base` is what this terminal wrote or read last, `stored` what is there now."""
    if base is None or stored is None:
        return mine
    before = {side.side_id: side for side in base.sides}
    theirs = {side.side_id: side for side in stored.sides}
    sides = []
    for side in mine.sides:
        if side.side_id in theirs:
            sides.append(_side(before.get(side.side_id), side, theirs[side.side_id]))
        elif side != before.get(side.side_id):  # else the other terminal has taken it away
            sides.append(side)
    known = before.keys() | {side.side_id for side in mine.sides}
    sides += [side for side in stored.sides if side.side_id not in known]
    name = mine.name if mine.name != base.name else stored.name
    return replace(mine, name=name, sides=tuple(sides))


def _side(base: SavedSide | None, mine: SavedSide, stored: SavedSide) -> SavedSide:
    ours = base is None or _chosen(mine) != _chosen(base)
    side, other = (mine, stored) if ours else (stored, mine)
    same = side.thread_id == other.thread_id
    turns = merged_turns(base.turns if base else (), mine.turns, stored.turns) if same else side.turns
    threads = dict.fromkeys((*side.earlier, *other.threads))
    return replace(
        side,
        turns=turns[-MOST_TURNS:],
        earlier=tuple(thread for thread in threads if thread != side.thread_id),
        samples=mine.samples if base is None or mine.samples != base.samples else stored.samples,
    )


def merged_turns(
    base: Sequence[SavedTurn], mine: Sequence[SavedTurn], stored: Sequence[SavedTurn]
) -> tuple[SavedTurn, ...]:
    """All turns of both, each once; mine in their order, those of the other terminal after what they came after."""
    turns = list(mine)
    positions = {turn.run_id: index for index, turn in enumerate(turns) if turn.run_id}
    place = 0
    for turn in stored:
        at = positions.get(turn.run_id) if turn.run_id else None
        if at is not None:
            turns[at] = turn if turns[at].active and not turn.active else turns[at]
            place = at + 1
        elif turn.run_id is not None or (turn not in base and turn not in mine):
            turns.insert(place, turn)
            positions = {key: index + (index >= place) for key, index in positions.items()}
            place += 1
    return tuple(turns)


def _chosen(side: SavedSide) -> tuple[object, ...]:
    """What a user decides about a pane; the rest follows from what runs."""
    return side.assistant_id, side.version, side.draft, side.context_hash, side.linked, side.thread_id
