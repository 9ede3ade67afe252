"""A text area for prompts, JSON and YAML: no controls from a paste, and quick in lines of many thousand characters."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.document._history import EditHistory
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult, Selection

from playground.tui.find import Match
from playground.tui.forms.text import UNSAFE
from playground.tui.syntax import Spans, indent_behind
from playground.tui.text import count
from playground.tui.ui_state import read_switch, write_switch

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp

FindKeys = Callable[[Sequence[str]], Spans]

LONGEST_LINE: Final = 40_000
"""Characters of a line up to which a key press stays quick; what has longer ones is only shown."""
MANY: Final = 8
"""Pieces of a wrapped line from which it pays to make only the one that is drawn."""
INDENT: Final = 2
"""Spaces that Tab brings where JSON or YAML is typed."""
STEPS: Final = 200
"""Steps back that each field keeps."""


def _command(
    keys: str, action: str, name: str, id: str, about: str, *, show: bool = False, priority: bool = True
) -> Binding:
    return Binding(keys, action, name, id=f"text.{id}", tooltip=about, show=show, priority=priority)


class PlainTextArea(TextArea):
    """Plain text; Escape leaves it. Each of the texts that it shows in turn keeps its own steps back.

    `settings` is under which name wrapping and line numbers are remembered; `find_keys` tells what to colour where it
    is JSON or YAML: there Enter and Tab indent.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"text-area--match", "text-area--fault", "text-area--key"}
    DEFAULT_CSS = """
    PlainTextArea {
        .text-area--match { background: $warning-muted; }
        &.-finding .text-area--selection { background: $warning; color: $background; }
        .text-area--fault { color: $text-error; text-style: bold; }
        .text-area--key { color: $text-primary; }
    }
    """
    # With priority: the app acts on these before it hands out the next key, which may be there already.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "screen.leave_editor", "Back", id="list.leave_editor", tooltip="Back to the fields"),
        _command("ctrl+f", "ask('find')", "Find", "find", "Find in this text", show=True),
        _command("ctrl+g", "ask('line')", "Go to line", "line", "To a line by its number"),
        _command("alt+z", "switch('wrap')", "Wrap", "wrap", "Wrap long lines, or don't"),
        _command("alt+n", "switch('numbers')", "Line numbers", "numbers", "Show or hide them"),
        _command("ctrl+z,super+z", "undo", "Undo", "undo", "Take back what was typed last", priority=False),
        _command("ctrl+y,super+y", "redo", "Redo", "redo", "Do again what was taken back", priority=False),
    ]

    def __init__(
        self, id: str, settings: str = "prompt", *, numbers: bool = False, find_keys: FindKeys | None = None
    ) -> None:
        self._keys: Spans | None = None  # those of the text as it is; None before they are looked for
        self._find_keys = find_keys
        super().__init__(
            id=id,
            compact=True,
            soft_wrap=read_switch(f"{settings}_wrap", True),
            show_line_numbers=read_switch(f"{settings}_numbers", numbers),
            highlight_cursor_line=False,
        )
        self.settings = settings
        self.ask: Callable[[str], None] | None = None
        """Opens the bar to `find`, or to go to a `line`: at once, so that the next key is the bar's."""
        self.history = _history()
        self._of: Hashable = None
        self._is_fresh = True
        self._kept: dict[Hashable, _Kept] = {}
        self._matches: dict[int, list[Match]] = {}
        self._faults: frozenset[int] = frozenset()

    @property
    def playground(self) -> "PlaygroundApp":
        """The app."""
        return cast("PlaygroundApp", self.app)

    # What is shown

    def show_text(self, text: str, of: Hashable = None) -> bool:
        """Show a text as the user's own would be; False if it is that already. Posts nothing.

        `of` says whose text it is. Where another one was shown before, its steps back are kept until it comes again;
        where it is the same, the new text is one step.
        """
        if of != self._of or self._is_fresh:
            self._leave()
            self._of, self._is_fresh = of, False
            self._take_up(text, self._kept.get(of))
            return True
        if text == self.text:
            return False
        with self.prevent(TextArea.Changed):
            self._replace_all(text)
        self._check_lines()
        return True

    def forget(self) -> None:
        """What comes next has nothing to do with what was shown: no step leads back to it."""
        self._kept.clear()
        self._of, self._is_fresh = None, True

    def show_matches(self, matches: Iterable[Match], *, finding: bool = True) -> None:
        """Mark what was found; `finding`: as long as one looks, the selection is the match that one is at."""
        self._matches = {}
        self.set_class(finding, "-finding")
        for match in matches:
            self._matches.setdefault(match.line, []).append(match)
        self._redraw()

    def show_faults(self, lines: Iterable[int]) -> None:
        """Mark the lines in which something is wrong."""
        lines = frozenset(lines)
        if lines != self._faults:
            self._faults = lines
            self._redraw()

    def go_to(self, line: int, column: int = 0, end: int | None = None) -> None:
        """Put the cursor there, in the middle of the window if it is outside; select up to `end`, if given."""
        self.selection = Selection((line, column), (line, column if end is None else end))
        self.scroll_cursor_visible()

    def _leave(self) -> None:
        if self._of is not None:
            self._kept[self._of] = _Kept(self.text, self.history, self.selection, self.scroll_offset.y)

    def _take_up(self, text: str, kept: "_Kept | None") -> None:
        self.history = _history()
        with self.prevent(TextArea.Changed):
            self.load_text(text)
        self._check_lines()
        if kept is not None and kept.text == text:
            self.history = kept.history
            self.selection = kept.selection
            self.scroll_to(y=kept.scroll_y, animate=False, force=True)

    def _replace_all(self, text: str) -> None:
        cursor = self.cursor_location
        self.history.checkpoint()
        self.edit(Edit(text, (0, 0), self.document.end, False))
        self.history.checkpoint()
        self.move_cursor(self.clamp_visitable(cursor))

    def _check_lines(self) -> None:
        """A line that is too long to type in is only shown; undo makes it shorter again."""
        self.read_only = any(len(line) > LONGEST_LINE for line in self.document.lines)

    def _redraw(self) -> None:
        self._line_cache.clear()
        self.refresh()

    # What the user does

    def edit(self, edit: Edit) -> EditResult:
        """Change the text."""
        result = super().edit(edit)
        if len(edit.text) > 1:
            self._check_lines()
        return result

    def action_undo(self) -> None:
        """A step back."""
        self.undo()
        self._check_lines()

    def action_redo(self) -> None:
        """A step forth."""
        self.redo()
        self._check_lines()

    def action_ask(self, what: str) -> None:
        """Find, or go to a line."""
        if self.ask is not None:
            self.ask(what)

    def action_switch(self, what: str) -> None:
        """Wrapping or line numbers on or off, also the next time."""
        attribute = "soft_wrap" if what == "wrap" else "show_line_numbers"
        new = not getattr(self, attribute)
        setattr(self, attribute, new)
        write_switch(f"{self.settings}_{what}", new)
        word = "Long lines are wrapped" if what == "wrap" else "Line numbers are shown"
        self.app.notify(f"{word}." if new else f"{word.replace(' are ', ' are not ')}.", timeout=3, markup=False)

    def action_copy(self) -> None:
        """Copy what is selected."""
        if not self.selected_text:
            raise SkipAction
        self.playground.copy(self.selected_text, count(len(self.selected_text), "character"))

    def action_cut(self) -> None:
        """Copy what is selected, or the line, and take it away."""
        if self.read_only:
            return
        start, end = self.selection
        result = self._delete_cursor_line() if start == end else self._delete_via_keyboard(start, end)
        if result is not None and result.replaced_text:
            self.playground.copy(result.replaced_text, count(len(result.replaced_text), "character"))

    def action_paste(self) -> None:
        """What was copied here last."""
        if not self.read_only and (
            result := self._replace_via_keyboard(self._clean(self.app.clipboard), *self.selection)
        ):
            self.move_cursor(result.end_location)

    async def _on_key(self, event: events.Key) -> None:
        # Textual calls the base class's handler after this one, unless it is prevented.
        if event.key.startswith("alt+"):  # most terminals send a letter with it, which the base class would type
            event.prevent_default()
            return
        if self._find_keys is None or self.read_only or event.key not in ("tab", "enter"):
            return
        event.stop()
        event.prevent_default()
        row, column = min(self.selection)
        before = self.document.get_line(row)[:column]
        spaces = INDENT - column % INDENT if event.key == "tab" else indent_behind(before)
        self._replace_via_keyboard(("" if event.key == "tab" else "\n") + " " * spaces, *self.selection)

    async def _on_paste(self, event: events.Paste) -> None:
        # Textual calls the base class's handler after this one.
        event.text = self._clean(event.text)

    def _clean(self, text: str) -> str:
        """A pasted text without what a terminal would act on; says so if there was any."""
        text, left_out = UNSAFE.subn("", text.replace("\r\n", "\n").replace("\r", "\n"))
        if left_out:
            said = f"Pasted without {count(left_out, 'control character')}, which a terminal would act on."
            self.app.notify(said, severity="warning", markup=False)
        return text

    # Drawing

    def get_line(self, line_index: int) -> Text:
        """The line, as Textual asks for it before it draws a row of it."""
        text = self.document.get_line(line_index)
        is_long = len(self.wrapped_document.get_offsets(line_index)) >= MANY
        line = LongLine(text) if is_long else Text(drawable(text), end="", no_wrap=True)
        for start, end in self._key_spans().get(line_index, ()):
            line.stylize(self._style("key"), start, end)
        if line_index in self._faults and not self.show_line_numbers:
            line.stylize(self._style("fault"))
        for match in self._matches.get(line_index, ()):
            line.stylize(self._style("match"), match.start, match.end)
        return line

    def _build_highlight_map(self) -> None:
        # Textual calls it after every change of the text.
        super()._build_highlight_map()
        self._keys = None

    def _key_spans(self) -> Spans:
        if self._keys is None:
            self._keys = self._find_keys(self.document.lines) if self._find_keys else {}
        return self._keys

    def render_line(self, y: int) -> Strip:
        """A row of the screen."""
        strip = super().render_line(y)
        return self._with_fault(strip, y) if self._faults and self.show_line_numbers else strip

    def _with_fault(self, strip: Strip, y: int) -> Strip:
        """The row with `✘` behind its number, if its line is wrong."""
        row = y + self.scroll_offset.y
        known = self.wrapped_document._offset_to_line_info
        line, piece = known[row] if row < len(known) else (-1, 0)
        if piece or line not in self._faults:
            return strip
        number = f"{line + self.line_number_start:>{self.gutter_width - 2}}✘ "
        segments = list(strip)
        return Strip([Segment(number, (segments[0].style or Style()) + self._style("fault")), *segments[1:]])

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"text-area--{name}", partial=True)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A text that is not shown now: its steps back, and where the cursor was."""

    text: str
    history: EditHistory
    selection: Selection
    scroll_y: int


def _history() -> EditHistory:
    return EditHistory(max_checkpoints=STEPS, checkpoint_timer=2.0, checkpoint_max_characters=100)


class LongLine(Text):
    """A line that is cut only where it is drawn: to cut 20,000 characters for each row costs 40 ms a key press.

    It is not searched for controls either, which costs more (1 ms a time, if it isn't ASCII): what is drawn of it is.
    """

    def __init__(self, line: str) -> None:
        super().__init__("", end="", no_wrap=True)
        self._text = [line]
        self._length = len(line)

    def pad_right(self, count: int, character: str = " ") -> None:
        """Make room for the cursor behind it."""
        self._text = [self.plain + character * count]
        self._length += count

    def divide(self, offsets: Iterable[int]) -> Any:
        """The pieces between the offsets."""
        return _Pieces(self, [0, *offsets, len(self.plain)])

    def piece(self, start: int, end: int) -> Text:
        """A part of it, with its styles."""
        text = Text(drawable(self.plain[start:end]), end="", no_wrap=True, tab_size=self.tab_size)
        for span in self.spans:
            text.stylize(span.style, max(0, span.start - start), max(0, span.end - start))
        return text


def drawable(line: str) -> str:
    """A line as it can be drawn: a draft may hold what nobody could type."""
    return UNSAFE.sub("�", line)


@dataclass(slots=True)
class _Uncut:
    """A piece that is only read."""

    plain: str


class _Pieces:
    """What `TextArea._render_line` needs of a divided line: first the piece it draws, then the tabs of those before."""

    def __init__(self, line: LongLine, offsets: list[int]) -> None:
        self._line = line
        self._offsets = offsets
        self._drawn = False

    def __getitem__(self, index: int) -> Text | _Uncut:
        start, end = self._offsets[index], self._offsets[index + 1]
        if self._drawn:
            return _Uncut(self._line.plain[start:end])
        self._drawn = True
        return self._line.piece(start, end)
