"""Questions to the user, awaited from workers: `if await self.app.push_screen_wait(Confirm(…)): …`."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Checkbox, Input, Static
from textual.worker import Worker

from playground.tui.text import plain, safe

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """A titled box over the screen. Escape answers None."""

    CSS_PATH = "dialogs.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="dialog.cancel", tooltip="Close this dialog without doing anything"),
    ]

    def __init__(self, title: str) -> None:
        super().__init__()
        self._heading = title

    def compose(self) -> ComposeResult:
        """The box with `compose_body` in it."""
        with Vertical(id="dialog") as box:
            box.border_title = safe(self._heading)
            yield from self.compose_body()

    def compose_body(self) -> ComposeResult:
        """What the dialog shows and asks."""
        yield from ()

    def action_cancel(self) -> None:
        """Close without an answer."""
        self.dismiss(None)

    @on(Worker.StateChanged)
    def _report_failed_worker(self, event: Worker.StateChanged) -> None:
        cast("PlaygroundApp", self.app).report_failed_worker(event)


class Confirm(Dialog[bool | None]):
    """Says what will happen and asks. Answers True, or None/False when the user does not want it.

    `body` says what goes with it. A string is shown as data, never as markup; `action` is the verb on the button.
    `option` is what can be done with it, off at first; `chosen` says whether it was wanted. `field` asks for a line of
    text that may stay empty; `written` is what stands there.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "confirm", "Yes", id="dialog.yes", show=False, tooltip="Do it"),
        Binding("n", "cancel", "No", id="dialog.no", show=False, tooltip="Leave everything as it is"),
        Binding("left,right", "other_button", show=False),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("down,j", "scroll(1)", show=False),
        Binding("pageup", "scroll(-10)", show=False),
        Binding("pagedown", "scroll(10)", show=False),
    ]

    def __init__(
        self,
        title: str,
        body: Content | str,
        action: str,
        *,
        destructive: bool = False,
        option: str = "",
        field: str = "",
    ) -> None:
        super().__init__(title)
        self._body = safe(body) if isinstance(body, str) else body
        self._action = action
        self._destructive = destructive
        self._option = option
        self._field = field
        self.chosen = False
        self.written = ""

    def compose_body(self) -> ComposeResult:
        """The body over two buttons; the harmless one has the focus when something would be lost."""
        with VerticalScroll(id="body", can_focus=False):
            yield Static(self._body)
        if self._field:
            yield Input(placeholder=self._field, id="answer", compact=True)
        if self._option:
            yield Checkbox(safe(self._option), id="option", compact=True)
        with Horizontal(id="buttons"):
            yield Button(safe(self._action), "error" if self._destructive else "primary", id="confirm", compact=True)
            yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Focus what Enter should press: the harmless button if something would be lost, else the field."""
        doing = "#answer" if self._field else "#confirm"
        self.query_one("#cancel" if self._destructive else doing).focus()

    @on(Checkbox.Changed)
    def _choose(self, event: Checkbox.Changed) -> None:
        self.chosen = event.value

    @on(Input.Changed)
    def _write(self, event: Input.Changed) -> None:
        self.written = event.value.strip()

    @on(Input.Submitted)
    @on(Button.Pressed, "#confirm")
    def action_confirm(self) -> None:
        """Yes."""
        self.dismiss(True)

    @on(Button.Pressed, "#cancel")
    def _pressed_cancel(self) -> None:
        self.dismiss(False)

    def action_other_button(self) -> None:
        """Move between the two buttons."""
        self.query_one("#confirm" if self.query_one("#cancel").has_focus else "#cancel").focus()

    def action_scroll(self, lines: int) -> None:
        """Read on, in a body that is longer than the dialog."""
        self.query_one("#body").scroll_relative(y=lines, animate=False)


class Ask(Dialog[str | None]):
    """Asks for one line of text. Answers it stripped, or None when the user left.

    `check` gets the text and answers what is wrong with it in a sentence, or None. An empty answer is refused
    unless `empty`. `warn` may find a reason to think again: the sentence is shown, and the same answer given once more
    is taken. `also` asks for a second line, which may stay empty: `written` is what stands there.
    """

    def __init__(
        self,
        title: str,
        label: str,
        value: str = "",
        *,
        action: str = "OK",
        empty: bool = False,
        check: Callable[[str], str | None] | None = None,
        warn: Callable[[str], Awaitable[str | None]] | None = None,
        also: str = "",
    ) -> None:
        super().__init__(title)
        self._label = label
        self._value = value
        self._action = action
        self._empty = empty
        self._check = check
        self._warn = warn
        self._warned: str | None = None
        self._also = also
        self.written = ""

    def compose_body(self) -> ComposeResult:
        """The question, the field, what is wrong with the answer, and the buttons."""
        yield Static(safe(self._label), id="label")
        yield Input(plain(self._value), id="answer", compact=True)
        if self._also:
            yield Input(placeholder=self._also, id="also", compact=True)
        yield Static("", id="problem")
        with Horizontal(id="buttons"):
            yield Button(safe(self._action), "primary", id="confirm", compact=True)
            yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one("#answer").focus()

    @on(Input.Submitted)
    @on(Button.Pressed, "#confirm")
    def _submit(self) -> None:
        self.run_worker(self._answer(), group="answer", exclusive=True, exit_on_error=False)

    async def _answer(self) -> None:
        text = self.query_one("#answer", Input).value.strip()
        if problem := self._problem(text):
            self._say(safe(f"✘ {problem}", "$text-error"))
        elif self._warn is not None and text != self._warned and (doubt := await self._warn(text)):
            self._warned = text
            self._say(safe(f"! {doubt}", "$text-warning"))
        else:
            self.dismiss(text)

    def _say(self, said: Content) -> None:
        self.query_one("#problem", Static).update(said)
        self.query_one("#answer", Input).focus()

    def _problem(self, text: str) -> str | None:
        if not text and not self._empty:
            return "It can't be empty."
        return self._check(text) if self._check else None

    @on(Input.Changed, "#answer")
    def _forget_problem(self) -> None:
        self.query_one("#problem", Static).update("")

    @on(Input.Changed, "#also")
    def _write(self, event: Input.Changed) -> None:
        self.written = event.value.strip()

    @on(Button.Pressed, "#cancel")
    def _pressed_cancel(self) -> None:
        self.dismiss(None)


class Details(Dialog[None]):
    """A sentence, and what is behind it under it. `y` copies both."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "cancel", "Close", id="dialog.close", tooltip="Close"),
        Binding("y", "copy", "Copy", id="dialog.copy", tooltip="Copy the sentence and the details"),
    ]

    def __init__(self, sentence: str, detail: str, title: str) -> None:
        super().__init__(title)
        self._sentence = sentence
        self._detail = detail

    def compose_body(self) -> ComposeResult:
        """The sentence over a scroller with the details."""
        yield Static(safe(self._sentence), id="sentence")
        with VerticalScroll(id="detail"):
            yield Static(safe(self._detail or "No further details."))
        with Horizontal(id="buttons"):
            yield Button("Copy", id="copy", compact=True)
            yield Button("Close", id="cancel", compact=True)

    def on_mount(self) -> None:
        """The arrows scroll at once."""
        self.query_one("#detail", VerticalScroll).focus()

    @on(Button.Pressed, "#copy")
    def action_copy(self) -> None:
        """Copy the sentence and the details."""
        self.app.copy_to_clipboard(f"{self._sentence}\n\n{self._detail}")
        self.notify("Copied.", markup=False, timeout=2)

    @on(Button.Pressed, "#cancel")
    def _pressed_close(self) -> None:
        self.dismiss(None)


class ErrorDetails(Details):
    """What went wrong in a sentence, and the traceback or log under it."""

    def __init__(self, sentence: str, detail: str) -> None:
        super().__init__(sentence, detail, "Error")

    def on_mount(self) -> None:
        """Its end is where a traceback says what it is about."""
        self.query_one("#detail", VerticalScroll).scroll_end(animate=False)
