"""Two branches of a thread held against each other, with the diffs of Compare."""

from collections.abc import Sequence
from typing import Final

from playground.client.checkpoint_tree import Checkpoint
from playground.client.conversation import Conversation
from playground.client.made_by import MadeBy
from playground.client.values import Runnable
from playground.tui.compare.comparison import LETTERS
from playground.tui.compare.difference_lines import Shown
from playground.tui.compare.differences import SideView, compare, shared_turns
from playground.tui.compare.side import Side
from playground.tui.screens.compare_diff import CompareDiff, differences_of
from playground.tui.text import one_line

_NOBODY: Final = Runnable("", "", "", "what ran isn't known", 0, {}, "")


class Branch(Side):
    """A branch up to a checkpoint: what was said on it, and what made its end."""

    def __init__(self, conversation: Conversation, end: Checkpoint, made: MadeBy) -> None:
        super().__init__(made.runnable or _NOBODY)
        self.conversation = conversation
        self.made = made
        step = "" if end.step is None else f"step {end.step} · "
        turn = conversation.turn
        self.title = f"{step}{turn.title if turn and turn.title else self.runnable.title}"


class BranchesDiff(CompareDiff):
    """What was said before the branches part isn't shown."""

    HELP = (
        "Two branches of a thread, the older one on the left: `+` is only right, `-` only left, `~` differs, `=` is "
        "equal. Turns that they have in common are left out. Configuration is that of the version that made the end."
    )

    def __init__(self, branches: Sequence[Branch]) -> None:
        super().__init__(branches, (0, 1))
        self._branches = branches

    def title_of(self, index: int) -> str:
        """`A step 5 · support@v7`."""
        return f"{LETTERS[index]} {one_line(self._branches[index].title, 60)}"

    def differences(self, left: SideView, right: SideView) -> dict[str, Shown]:
        """From where they part."""
        shared = shared_turns(left, right)
        found = differences_of(compare(left, right, shared))
        if shared:
            said = "Turn 1 is" if shared == 1 else f"Turns 1 to {shared} are"
            for tab in ("output", "path"):
                found[tab].note_first(f"{said} the same on both branches.")
        if unknown := [branch for branch in self._branches if not branch.made.exact]:
            found["configuration"] = Shown(summary="?")
            for branch in unknown:
                found["configuration"].note(f"! {branch.title}: {branch.made.note}", "$text-warning")
        return found
