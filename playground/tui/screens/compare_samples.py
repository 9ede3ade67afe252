"""How Compare takes samples: how many, of what, and back to those that are there."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, work
from textual.binding import Binding, BindingType
from textual.content import Content

from playground.client.errors import PlaygroundError
from playground.client.inputs import read_input
from playground.tui.compare.comparison import LETTERS
from playground.tui.compare.sampling import MOST_SAMPLES, PROPOSED, Samples, last_given
from playground.tui.compare.side import Side
from playground.tui.screens.compare_saved import SavedCompareScreen
from playground.tui.text import safe
from playground.tui.widgets.compare_input import CompareInput

if TYPE_CHECKING:
    from playground.client.client import Client

_DIGITS = "56789"  # 1 to 4 are the screens


class SampleCompareScreen(SavedCompareScreen):
    """The samples of the comparison that is on the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "samples", "Samples", id="compare.samples", tooltip="Run the input many times in each pane; 5 r"),
        Binding("S", "show_samples", "Show samples", id="compare.show_samples", show=False, tooltip="The last ones"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._samples = Samples(self.comparison, self._went_on)
        self._number = PROPOSED
        self._digit = ""

    @property
    def samples(self) -> Samples:
        """Those of the comparison that is on the screen."""
        if self._samples.comparison is not self.comparison:
            self._samples = Samples(self.comparison, self._went_on)
        return self._samples

    def _went_on(self, side: Side | None) -> None:
        if self.is_attached:
            self.show_name()
            self.refresh_bindings()

    async def _on_key(self, event: events.Key) -> None:
        """A digit just before `r` is how many."""
        if event.key != "r":
            self._digit = event.key if event.key in _DIGITS else ""
        await super()._on_key(event)

    @work(group="samples", exit_on_error=False)
    async def action_samples(self) -> None:
        """Ask how many, unless a digit was pressed before, and take them."""
        digit, self._digit = self._digit, ""
        client, typed = self.client, None
        if client is None:
            return
        sides = self.comparison.sides
        if not any(last_given(side) for side in sides):
            typed = self._typed_input()
            if typed is None:
                return
        number = int(digit) if digit else await self._ask()
        if number is None:
            return
        self._number = number
        self.problem("")
        self.samples.starting = True
        self._show()
        await self._take(client, number, typed)

    async def _take(self, client: "Client", number: int, typed: Any) -> None:
        samples = self.samples
        try:
            await samples.take(client, number, typed)
        except PlaygroundError as error:
            self.playground.report(error)
        else:
            if self.is_current:
                self.notify("The samples are there: S shows them.", markup=False, timeout=4)
        self.comparison_changed()
        self.refresh_bindings()

    async def _ask(self) -> int | None:
        from playground.tui.screens.dialogs import Ask

        label = (
            f"How many samples in each pane, 1 to {MOST_SAMPLES}? They run on threads of their own, never from a cache."
        )
        answer = await self.app.push_screen_wait(
            Ask("Samples", label, str(self._number), action="Take them", check=_check)
        )
        return int(answer) if answer else None

    def _typed_input(self) -> Any:
        line = self.query_one(CompareInput)
        text = line.line.text
        if not text.strip():
            self.problem("There is nothing to run yet: type an input, then r takes samples of it.")
            return None
        try:
            return read_input(text, line.schema, "This graph")
        except ValueError as error:
            self.problem(str(error))
            return None

    @work(group="show samples", exclusive=True, exit_on_error=False)
    async def action_show_samples(self) -> None:
        """Those that are being taken, or were taken last."""
        samples, client = self.samples, self.client
        if client is not None and not samples.active:
            await samples.read(client)
        if samples.active or samples.any:
            self._show()
        else:
            self.notify("No samples of this comparison yet: r takes some.", markup=False, timeout=4)

    def _show(self) -> None:
        from playground.tui.screens.samples import SamplesScreen

        self.app.push_screen(SamplesScreen(self.samples))

    @property
    def samples_content(self) -> Content:
        """How far they are: `samples A 3/5  B 5/5`; nothing if none are being taken."""
        samples, sides = self.samples, self.comparison.sides
        if not samples.active:
            return Content("")
        if samples.starting:
            return safe("   samples …", "$text-accent")
        counts = (f"{LETTERS[at]} {len(samples.of(side))}/{samples.wanted(side)}" for at, side in enumerate(sides))
        return safe(f"   samples {'  '.join(counts)}", "$text-accent")

    async def stop_samples(self, side: Side | None = None) -> None:
        """Of one side, or all."""
        await self.samples.stop(side)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Samples are of what is there, and not while it runs."""
        match action:
            case "samples":
                return bool(self.comparison.sides) and not self.comparison.active and not self.samples.active
            case "show_samples":
                return bool(self.comparison.sides)
        return super().check_action(action, parameters)


def _check(text: str) -> str | None:
    right = text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_SAMPLES
    return None if right else f"A number from 1 to {MOST_SAMPLES}."
