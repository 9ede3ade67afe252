"""A JSON value as a tree that folds, drawn as far as it is seen: a megabyte is as quick as a line."""

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from playground.tui.text import MUTED, join, one_line, safe
from playground.tui.threads.json_nodes import Found, JsonNodes, Node, Path, path_text, value_text
from playground.tui.threads.json_rows import row_content


class JsonTree(ScrollView, can_focus=True):
    """One value, unfolded as far as fits at first. Another value keeps what is unfolded, the cursor and the place.

    `y` copies the value under the cursor, `Y` its path. Searching is `search`, `show_match` and `end_search`.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"json-tree--cursor", "json-tree--hover", "json-tree--match"}
    DEFAULT_CSS = """
    JsonTree {
        height: 1fr;
        background: transparent;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .json-tree--hover { background: $block-hover-background; }
        & > .json-tree--cursor { background: $block-cursor-blurred-background; }
        & > .json-tree--match { background: $warning 40%; color: $foreground; text-style: bold; }
        &:focus > .json-tree--cursor { background: $accent 25%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", id="tree.up", show=False, tooltip="The row above"),
        Binding("down,j", "move(1)", "Down", id="tree.down", show=False, tooltip="The row below"),
        Binding("right,l", "into", "Unfold", id="tree.into", show=False, tooltip="Unfold it, or go into it"),
        Binding("left,h", "out", "Fold", id="tree.out", show=False, tooltip="Fold it, or go to what it is in"),
        Binding("enter,space", "fold", "Fold", id="tree.fold", tooltip="Fold or unfold it"),
        Binding("plus", "all(True)", "Unfold all", id="tree.open_all", show=False, tooltip="Unfold everything"),
        Binding("minus", "all(False)", "Fold all", id="tree.close_all", show=False, tooltip="Fold everything"),
        Binding("home,g", "first", "First", id="tree.first", show=False, tooltip="The first row"),
        Binding("end,G", "last", "Last", id="tree.last", show=False, tooltip="The last row"),
        Binding("pageup,ctrl+u", "page(-1)", "Page up", id="tree.page_up", show=False, tooltip="A page up"),
        Binding("pagedown,ctrl+d", "page(1)", "Page down", id="tree.page_down", show=False, tooltip="A page down"),
        Binding("y", "copy_value", "Copy", id="tree.copy", tooltip="Copy the value under the cursor"),
        Binding("Y", "copy_path", "Copy path", id="tree.copy_path", show=False, tooltip="Copy the path of the value"),
    ]

    cursor: reactive[int] = reactive(0)
    hover: reactive[int | None] = reactive(None)

    class Moved(Message):
        """The cursor is on another value; None in an empty tree."""

        def __init__(self, path: Path | None) -> None:
            super().__init__()
            self.path = path

    class Copied(Message):
        """The user wants this text in the clipboard; `what` says what it is."""

        def __init__(self, text: str, what: str) -> None:
            super().__init__()
            self.text = text
            self.what = what

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._tree: JsonNodes | None = None
        self._message = Content("")
        self._found: list[Found] = []
        self._query = ""
        self._case = False

    # What it holds

    def show(self, value: Any, *, keep: bool = True) -> None:
        """Show a value. `keep`: as far unfolded as the one before, with the cursor where it was."""
        before, path = self._tree, self.path
        opened = before.opened if keep and before is not None else None
        at, self._tree = self.cursor, JsonNodes(value, opened, self._room)
        self._message = safe("Nothing in it." if not self._tree.rows else "", MUTED)
        self._rows_changed()
        self.set_reactive(JsonTree.cursor, max(0, min(at, len(self._tree.rows) - 1)) if keep else 0)
        if not keep:
            self.scroll_home(animate=False)
        elif path:
            self._put_on(path)
        self._tell()

    def clear(self, message: Content) -> None:
        """Nothing to show, and why."""
        self._tree, self._message = None, message
        self.set_reactive(JsonTree.cursor, 0)
        self._rows_changed()
        self._tell()

    @property
    def rows(self) -> Sequence[Node]:
        """What is unfolded, from the top."""
        return self._tree.rows if self._tree is not None else ()

    @property
    def node(self) -> Node | None:
        """What the cursor is on."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    @property
    def path(self) -> Path | None:
        """Where the cursor is."""
        return self.node.path if self.node is not None else None

    # Moving

    def validate_cursor(self, cursor: int) -> int:
        """Within the rows."""
        return max(0, min(cursor, len(self.rows) - 1))

    def watch_cursor(self) -> None:
        """Bring the cursor into view and say where it is."""
        self._show_cursor()
        self.refresh()
        self._tell()

    def action_move(self, by: int) -> None:
        """Up or down."""
        self.cursor += by

    def action_page(self, direction: int) -> None:
        """A page up or down."""
        self.cursor += direction * max(1, self.scrollable_content_region.height - 1)

    def action_first(self) -> None:
        """To the first row."""
        self.cursor = 0

    def action_last(self) -> None:
        """To the last row."""
        self.cursor = len(self.rows) - 1

    def action_into(self) -> None:
        """Unfold what is folded, else go to the first row in it."""
        node = self.node
        if node is not None and node.can_open:
            if node.is_open:
                self.cursor += 1
            else:
                self.action_fold()

    def action_out(self) -> None:
        """Fold what is unfolded, else go to what it is in."""
        node = self.node
        if node is not None and node.is_open:
            self.action_fold()
        elif node is not None and node.parent is not None and node.parent.parent is not None:
            self.cursor = next(at for at in range(self.cursor, -1, -1) if self.rows[at] is node.parent)

    def action_fold(self) -> None:
        """Fold or unfold the row under the cursor; on a line of a text, the text."""
        node = self.node
        if self._tree is None or node is None:
            return
        if node.is_line:
            self.action_out()
        if self._tree.rows[self.cursor].is_open:
            self._tree.close(self.cursor)
        else:
            self._tree.open(self.cursor)
        self._rows_changed()

    def action_all(self, unfold: bool) -> None:
        """Unfold or fold everything; the cursor stays on what it was on, or on what that is folded into."""
        if self._tree is None or self.path is None:
            return
        path = self.path if unfold else self.path[:1]
        if not unfold:
            self._tree.close_all()
        elif not self._tree.open_all():
            self.notify("That is too much to unfold whole: the first part is.", timeout=4, markup=False)
        self._rows_changed()
        self._put_on(path)

    def go_to(self, path: Path) -> bool:
        """Unfold what is above a place and put the cursor there; False if there is no such place."""
        if self._tree is None or self._tree.reveal(path) is None:
            return False
        self._rows_changed()
        self._put_on(path)
        self._tell()
        return True

    def _put_on(self, path: Path) -> None:
        """The cursor on a path that may be in sight, else where it is."""
        near = range(max(0, self.cursor - 1), min(len(self.rows), self.cursor + 2))
        found = next((at for at in near if _is_at(self.rows[at], path)), None)
        if found is None:
            found = next((at for at, node in enumerate(self.rows) if _is_at(node, path)), self.cursor)
        self.cursor = found
        self._show_cursor()

    def _show_cursor(self) -> None:
        height, top = self.scrollable_content_region.height, round(self.scroll_y)
        if not height:
            return
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, force=True)

    def _tell(self) -> None:
        self.post_message(self.Moved(self.path))
        self.refresh_bindings()

    # Copying

    def action_copy_value(self) -> None:
        """A text as it is, everything else as JSON."""
        if self.node is not None:
            text_of = self.node.parent if self.node.is_line else self.node
            if text_of is not None:
                self.post_message(self.Copied(value_text(text_of.value), one_line(path_text(self.node.path), 60)))

    def action_copy_path(self) -> None:
        """`$.messages[0].content`."""
        if self.path is not None:
            self.post_message(self.Copied(path_text(self.path), "the path"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer offers what there is."""
        if action == "fold":
            return self.node is not None and (self.node.can_open or self.node.is_line)
        return action not in ("copy_value", "copy_path") or self.node is not None

    # Searching

    def search(self, query: str, *, case: bool = False) -> int:
        """Mark where keys or values have the text, folded ones too; how many do."""
        self._query, self._case = query, case
        self._found = self._tree.find(query, case=case) if self._tree is not None else []
        self.refresh()
        return len(self._found)

    def nearest(self) -> int:
        """The first match in or behind the row under the cursor, else the first of all."""
        here = self.node.places if self.node is not None else ()
        return next((number for number, found in enumerate(self._found) if found.places >= here), 0)

    def show_match(self, number: int) -> None:
        """Go to one of the matches."""
        self.go_to(self._found[number].path)

    def end_search(self) -> None:
        """The marks go."""
        self._query, self._found = "", []
        self.refresh()

    # The mouse

    def _row_at(self, y: int) -> int | None:
        index = y + round(self.scroll_y)
        return index if 0 <= index < len(self.rows) else None

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor; on the sign before a key, or twice, it folds."""
        index = self._row_at(event.y)
        if index is None:
            return
        self.cursor = index
        sign = 1 + 2 * self.rows[index].depth
        if event.chain == 2 or sign <= event.x <= sign + 1:
            self.action_fold()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show what a click would take."""
        self.hover = self._row_at(event.y)

    def on_leave(self) -> None:
        """Nothing is under the mouse any more."""
        self.hover = None

    # Painting

    @property
    def _room(self) -> int:
        return (self.scrollable_content_region.width or 80) - 2

    def _rows_changed(self) -> None:
        size = Size(self.scrollable_content_region.width, len(self.rows))
        if size != self.virtual_size:
            # Set the usual way it lays out the whole screen.
            self.set_reactive(JsonTree.virtual_size, size)
            self._scroll_update(size)
            self.scroll_y = self.validate_scroll_y(self.scroll_y)
        self.refresh()
        self.refresh_bindings()

    def on_resize(self) -> None:
        """Unfolded texts take the new width; the cursor stays on its value."""
        path = self.path
        if self._tree is not None:
            self._tree.set_width(self._room)
        self._rows_changed()
        if path and self.path != path:
            self._put_on(path)
        self._show_cursor()

    def notify_style_update(self) -> None:
        """The theme changed."""
        super().notify_style_update()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """A row, or nothing."""
        width, index = self.scrollable_content_region.width, self._row_at(y)
        if width <= 0:
            return Strip.blank(0)
        if index is None:
            blank = self.rows or y != 1
            return Strip.blank(width, self.rich_style) if blank else self._paint(join("  ", self._message), width)
        node = self.rows[index]
        line = row_content(node, (node.parent.children or ()) if node.parent is not None else ())
        if self._query:
            line = self._marked(line)
        return self._paint(join(safe("▌" if index == self.cursor else " ", "$accent"), line), width, index)

    def _paint(self, line: Content, width: int, index: int | None = None) -> Strip:
        style = self.visual_style
        if index is not None and index == self.cursor:
            style = self.get_visual_style("json-tree--cursor")
        elif index is not None and index == self.hover:
            style = self.get_visual_style("json-tree--hover")
        cut = line.truncate(width, ellipsis=True, pad=True)
        return Visual.to_strips(self, cut, width, 1, style, pad=True)[0]

    def _marked(self, line: Content) -> Content:
        """The parts of a row that are looked for, as far as the row shows them."""
        text, query = (line.plain, self._query) if self._case else (line.plain.lower(), self._query.lower())
        at = text.find(query)
        while at >= 0 and len(text) == len(line.plain):
            line = line.stylize(self.get_visual_style("json-tree--match"), at, at + len(query))
            at = text.find(query, at + len(query))
        return line


def _is_at(node: Node, path: Path) -> bool:
    """Whether a row is the value at a path, without making the path of each."""
    return (
        bool(path) and not node.is_line and node.depth == len(path) - 1 and node.key == path[-1] and node.path == path
    )
