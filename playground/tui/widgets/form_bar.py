"""The line over a form: what is edited, the draft's state, the views, and what Ctrl+S does."""

from dataclasses import dataclass
from typing import Final

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from playground.tui.text import MUTED, clickable, count, join, one_line, safe

ROOMY: Final = 150
"""Columns from which a long name and every fact have room."""
VIEWS: Final = (("form", "Form"), ("json", "JSON"), ("yaml", "YAML"), ("diff", "Diff"))


@dataclass(frozen=True, slots=True)
class BarState:
    """What the line says."""

    name: str
    base: int
    changes: int
    problems: int
    next: int
    active: int | None  # set if the active version is newer than the base
    kept: str  # when the draft was stored ("12:04"), or ""
    trouble: str = ""  # why it could not be
    unread: str = ""  # the notation ("JSON") of a text for the whole context that can't be read


class FormBar(Horizontal):
    """Fixed places: facts on the left, views in the middle, saving on the right."""

    DEFAULT_CSS = """
    FormBar {
        height: 1;
        padding: 0 1;
        #facts { width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }
        BarButton { width: auto; color: $text-muted; padding: 0 1; }
        BarButton:hover { background: $block-hover-background; pointer: pointer; }
        BarButton.-current { color: $text-accent; text-style: bold underline; }
        #save { margin-left: 2; padding: 0; }
        #save.-ready { color: $text-success; }
        #save.-problem { color: $text-error; }
    }
    """

    class ViewPicked(Message):
        """The user wants this view."""

        def __init__(self, view: str) -> None:
            super().__init__()
            self.view = view

    def compose(self) -> ComposeResult:
        """Facts, views, saving."""
        yield BarFacts(id="facts")
        for view, title in VIEWS:
            yield BarButton(title, view)
        yield BarButton("", "", id="save")

    def show_view(self, view: str) -> None:
        """Mark the view that is shown."""
        for button in self.query(BarButton):
            button.set_class(button.view == view, "-current")

    def show(self, state: BarState, narrow: bool) -> None:
        """Say how the edit stands."""
        self.query_one("#facts", Static).update(facts(state, narrow, self.size.width))
        save = self.query_one("#save", BarButton)
        target = f"v{state.next}"
        words = f"^S {target}" if narrow else f"Ctrl+S save as {target}"
        if state.problems:
            words = f"✘ {state.problems}" if narrow else f"✘ {count(state.problems, 'problem')} before {target}"
        save.set_class(bool(state.changes and not state.problems), "-ready")
        save.set_class(bool(state.problems), "-problem")
        save.update(safe(words))


class BarFacts(Static):
    """How the edit stands; what one can do about it is a click away."""

    ALLOW_SELECT = False
    auto_links = False


class BarButton(Static):
    """A word to click."""

    ALLOW_SELECT = False

    def __init__(self, title: str, view: str, id: str | None = None) -> None:
        super().__init__(Content(title), id=id)
        self.view = view

    async def on_click(self) -> None:
        """Go to the view, or save."""
        if self.view:
            self.post_message(FormBar.ViewPicked(self.view))
        else:
            await self.run_action("screen.save")


def facts(state: BarState, narrow: bool, width: int) -> Content:
    """`support  draft on v9 ~2 fields  autosaved 12:04`."""
    crowded = width < ROOMY and (state.active is not None or state.unread or state.trouble)
    parts = [safe(one_line(state.name, 18 if narrow or crowded else 40), "bold")]
    if state.changes:
        changed = f"~{state.changes}" if narrow else f"~{count(state.changes, 'field')}"
        parts += [join(safe(f"draft on v{state.base} "), safe(changed, "$text-warning"))]
    else:
        parts += [safe(f"v{state.base}  no changes", MUTED)]
    if state.unread:
        words = f"✘ {state.unread}" if narrow else f"✘ the {state.unread} can't be read"
        parts.append(clickable(safe(words, "$text-error"), "screen.mend"))
    if state.active is not None:
        moved = f"! v{state.active}: b" if narrow and state.changes else f"! v{state.active} is active now"
        parts.append(clickable(safe(moved, "$text-warning"), "screen.rebase"))
    if state.trouble:
        parts.append(safe(f"✘ draft not stored: {one_line(state.trouble, 80)}", "$text-error"))
    elif state.kept and state.changes and not crowded:
        parts.append(safe(f"autosaved {state.kept}", MUTED))
    return Content("  ").join(parts)
