"""Choose a file: type its path, or take one of those in the folder."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Button, Input, Static

from playground.tui.screens.dialogs import Dialog
from playground.tui.text import MUTED, one_line, plain, safe
from playground.tui.widgets.columns import Column
from playground.tui.widgets.row_list import Row, RowList

_COLUMNS: Final = (Column(grow=True, least=16, most=80), Column(align="right", most=10))
_SUFFIXES: Final = (".yaml", ".yml", ".json")
_MOST: Final = 500  # entries of a folder that are listed


class PickFile(Dialog[Path | None]):
    """Answers the path of a file that is there."""

    DEFAULT_CSS = """
    PickFile {
        #files { height: 9; max-height: 40vh; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", "Above", id="files.up", show=False, priority=True, tooltip="The file above"),
        Binding("down", "choose(1)", "Below", id="files.down", show=False, priority=True, tooltip="The file below"),
    ]

    def __init__(self, title: str, action: str, folder: Path, suffixes: tuple[str, ...] = _SUFFIXES) -> None:
        """`suffixes` are those of the files that are listed; without any, all files are."""
        super().__init__(title)
        self._suffixes = suffixes
        self._action = action
        self._folder = folder

    def compose_body(self) -> ComposeResult:
        """The path over what there is to choose."""
        yield Input(placeholder="A file, or a folder to look into", id="answer", compact=True)
        yield RowList(*_COLUMNS, id="files")
        yield Static("", id="problem")
        with Horizontal(id="buttons"):
            yield Button(safe(self._action), "primary", id="confirm", compact=True)
            yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(RowList).can_focus = False
        self.query_one(Input).focus()
        self._list_files()

    @property
    def _path(self) -> Path:
        text = self.query_one(Input).value.strip()
        path = Path(text).expanduser() if text else self._folder
        return path if path.is_absolute() else self._folder / path

    @on(Input.Changed)
    def _list_files(self) -> None:
        """What the folder has that begins like the path."""
        self.query_one("#problem", Static).update("")
        text = self.query_one(Input).value
        folder, start = (self._path, "") if not text or text.endswith("/") else (self._path.parent, self._path.name)
        rows = [_row(path) for path in _entries(folder, start, self._suffixes)]
        self.query_one(RowList).set_rows(
            rows, safe("No YAML or JSON file here." if self._suffixes else "No such file here.", MUTED)
        )

    def action_choose(self, by: int) -> None:
        """The file above or below."""
        self.query_one(RowList).action_move(by)

    @on(Input.Submitted)
    @on(Button.Pressed, "#confirm")
    def _answer(self) -> None:
        """What was typed if it is a file, else what the cursor is on."""
        typed = self._path
        chosen = self.query_one(RowList).key
        if typed.is_file():
            self.dismiss(typed)
        elif chosen is not None:
            self._take(Path(chosen))
        else:
            self.query_one("#problem", Static).update(safe(f"✘ There is no file {one_line(str(typed), 200)}."))

    @on(RowList.Opened)
    def _opened(self, event: RowList.Opened) -> None:
        self._take(Path(event.key))

    def _take(self, path: Path) -> None:
        if path.is_dir():
            field = self.query_one(Input)
            field.value = f"{plain(str(path))}/"
            field.cursor_position = len(field.value)
        else:
            self.dismiss(path)

    @on(Button.Pressed, "#cancel")
    def _pressed_cancel(self) -> None:
        self.dismiss(None)


def _entries(folder: Path, start: str, suffixes: tuple[str, ...]) -> Iterable[Path]:
    """Files that can be read, newest first, then folders."""
    try:
        found = [path for path in folder.iterdir() if path.name.startswith(start) and not path.name.startswith(".")]
        files = [path for path in found if path.is_file() and (not suffixes or path.suffix.lower() in suffixes)]
        files.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        folders = sorted(path for path in found if path.is_dir())
    except OSError:
        return ()
    return [*files, *folders][:_MOST]


def _row(path: Path) -> Row:
    name = f"{path.name}/" if path.is_dir() else path.name
    return Row(str(path), (safe(one_line(name, 80), MUTED if path.is_dir() else ""), safe(_size(path), MUTED)))


def _size(path: Path) -> str:
    try:
        size = path.stat().st_size
    except OSError:
        return ""
    if path.is_dir():
        return "folder"
    return f"{size:,} B" if size < 10_000 else f"{size // 1024:,} KB"
