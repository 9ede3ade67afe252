"""Which groups, lists and maps of a form are folded, and what is seen of it then. Pure."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import Final

from playground.client.validation import where
from playground.tui.forms.document import Path
from playground.tui.forms.fields import HOLDERS
from playground.tui.widgets.form_cells import FieldState

Sections = Sequence[tuple[str, Sequence[FieldState]]]
DEEP: Final = 2
"""From this depth on, what holds others begins folded."""
MANY: Final = 8
"""Objects in a list from which on they begin folded."""


def folded_sections(sections: Sections, chosen: Mapping[Path, bool]) -> list[tuple[str, list[FieldState]]]:
    """The fields that are seen; a folded one tells what is wrong in it, and that something in it changed."""
    return [(title, _folded(states, chosen)) for title, states in sections]


def is_folded(state: FieldState, paths: Set[Path], chosen: Mapping[Path, bool]) -> bool:
    """Whether a field that holds others is folded: as the user chose, else by its depth and how many there are."""
    if state.path in chosen:
        return chosen[state.path]
    last = state.path[-1]
    crowd = isinstance(last, int) and (*state.path[:-1], MANY) in paths
    return state.entry.depth >= DEEP or crowd


def _folded(states: Sequence[FieldState], chosen: Mapping[Path, bool]) -> list[FieldState]:
    found: list[FieldState] = []
    paths = {state.path for state in states}
    parents = {path[:-1] for path in paths}
    hiding: Path | None = None
    for state in states:
        path = state.path
        if hiding is not None and path[: len(hiding)] == hiding:
            found[-1] = _with_inner(found[-1], state)
            continue
        hiding = None
        if state.kind in HOLDERS and path in parents:
            folded = is_folded(state, paths, chosen)
            hiding = path if folded else None
            state = replace(state, folded=folded)
        found.append(state)
    return found


def _with_inner(state: FieldState, inner: FieldState) -> FieldState:
    """A folded field with what one must know of a hidden one."""
    if inner.problem and not state.problem:
        name = where(inner.path[len(state.path) :])
        state = replace(state, problem=f"{name} {inner.problem}")
    return replace(state, changed=True) if inner.changed and not state.changed else state
