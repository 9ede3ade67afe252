"""What differs between two states, as lines to show. Pure."""

from typing import Any

from playground.client.errors import PlaygroundError
from playground.compare.state_diff import StateChange, state_changes
from playground.tui.edit.diff import Differences, differences_of
from playground.tui.forms.document import UNSET, Path
from playground.tui.threads.json_nodes import path_text


def state_differences(before: Any, after: Any) -> Differences:
    """From the values `before` to those `after`; None has none. Raises PlaygroundError if they can't be compared."""
    try:
        changes = state_changes({} if before is None else before, {} if after is None else after)
    except RecursionError:
        raise PlaygroundError("These states are nested too deep to be compared.") from None
    return differences_of(_sides(change) for change in changes)


def place_name(path: Path) -> str:
    """`messages[3].content`."""
    return path_text(path)[1:].removeprefix(".") or "state"


def _sides(change: StateChange) -> tuple[Path, Any, Any]:
    left = UNSET if change.kind == "added" else change.left
    return change.path, left, UNSET if change.kind == "removed" else change.right
