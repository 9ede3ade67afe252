"""Before a run begins anew at a checkpoint: which nodes execute again, with what, and what that means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from textual.content import Content

from playground.client.secret_values import hidden
from playground.client.values import Runnable
from playground.compare.config_diff import diff_config
from playground.tui.changes import changed, summary
from playground.tui.screens.dialogs import Confirm
from playground.tui.text import MUTED, count, join, one_line, safe
from playground.tui.threads.timeline_rows import nodes_text

_CHANGES: Final = 6  # fields that are listed
_STAYS: Final = "What is there stays: this becomes a branch beside it."
_OUTSIDE: Final = "What these nodes do outside of the thread, they do again."


@dataclass(frozen=True, slots=True)
class Rerun:
    """What a run from a checkpoint would be.

    `place` is where it begins, `begins` the nodes that execute at once, `followed` those that followed last time.
    `before` ran there last time, None if it isn't known any more; `schema`, the context's, says what in it is secret.
    `asks`: one of the nodes asked something there.
    """

    place: str
    begins: Sequence[str]
    followed: Sequence[str]
    runnable: Runnable
    before: Runnable | None = None
    schema: Mapping[str, Any] | None = None
    note: str = ""
    asks: bool = False


class ConfirmRerun(Confirm):
    """Answers True if it shall run."""

    def __init__(self, rerun: Rerun) -> None:
        super().__init__(f"Re-run from {rerun.place}?", rerun_content(rerun), "Re-run")


def rerun_content(rerun: Rerun) -> Content:
    """What executes again, with what, and how that differs from last time."""
    lines = [join(safe("Executes again  ", MUTED), safe(nodes_text(rerun.begins), "bold"))]
    if rerun.followed:
        lines.append(join(safe("then last time  ", MUTED), safe(one_line(nodes_text(rerun.followed)))))
    lines.append(join(safe("with            ", MUTED), _with(rerun)))
    if rerun.before is not None:
        lines += _changes(rerun.before, rerun.runnable, rerun.schema)
    if rerun.asks:
        lines.append(safe("‖ What was asked there is asked again.", "$text-warning"))
    if rerun.note:
        lines.append(safe(f"! {rerun.note}", "$text-warning"))
    return Content("\n").join([*lines, Content(""), safe(_STAYS, MUTED), safe(_OUTSIDE, MUTED)])


def _with(rerun: Rerun) -> Content:
    title = safe(one_line(rerun.runnable.title, 60), "bold $text-accent")
    if rerun.before is None:
        return title
    same = rerun.before.title == rerun.runnable.title
    return join(title, safe(" as last time" if same else f" instead of {one_line(rerun.before.title, 60)}", MUTED))


def _changes(before: Runnable, after: Runnable, schema: Mapping[str, Any] | None) -> list[Content]:
    """The fields of the context that differ, the first ones."""
    differing = changed(diff_config(hidden(before.context, schema), hidden(after.context, schema)))
    if not differing:
        return []
    more = len(differing) - _CHANGES
    lines = [join("  ", line) for line in summary(differing[:_CHANGES]).split("\n")]
    return [*lines, safe(f"  … {count(more, 'more field')}", MUTED)] if more > 0 else lines
