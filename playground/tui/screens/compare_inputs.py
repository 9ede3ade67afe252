"""How Compare is given something: the form of the input, the file of inputs, one answer for all panes that ask."""

from typing import Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from playground.client.input_file import InputFile
from playground.tui.compare.answering import alike, given_to, hears
from playground.tui.screens.compare_saved import SavedCompareScreen
from playground.tui.widgets.compare_input import CompareInput
from playground.tui.widgets.interrupt_card import InterruptCard
from playground.tui.widgets.run_pane import RunPane


class InputCompareScreen(SavedCompareScreen):
    """What runs, and in which panes, is the subclass's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("A", "answer_all", "Answer all", id="compare.answer_all", tooltip="One answer for all that ask this"),
        Binding("F", "input_form", "Form", id="compare.form", show=False, tooltip="Fill the input in as a form"),
        Binding(
            "f7",  # before the text area's own F7, which selects all of it
            "input_form",
            "Form",
            id="compare.form_from_line",
            priority=True,
            show=False,
            tooltip="Fill the input in as a form, from the line, too",
        ),
        Binding("full_stop", "input_file(1)", "Next input", id="compare.next_input", tooltip="Of the file of inputs"),
        Binding(
            "comma",
            "input_file(-1)",
            "Previous input",
            id="compare.previous_input",
            show=False,
            tooltip="Of the file of inputs",
        ),
    ]

    @property
    def pane(self) -> RunPane | None:
        """The pane that keys act on."""
        return None

    def show_inputs(self, found: InputFile) -> None:
        """Go through the inputs of a file; its lines that can't be read are said."""
        self.query_one(CompareInput).set_file(found.inputs, found.name)
        self.problem(found.problem)
        self.refresh_bindings()

    def action_input_form(self) -> None:
        """The input as a form."""
        self.query_one(CompareInput).action_form()

    def action_input_file(self, by: int) -> None:
        """The next input of the file, or the one before."""
        self.query_one(CompareInput).go_in_file(by)

    # Answers

    def action_answer_all(self) -> None:
        """The next answer in this pane is for all that ask the same, or for it alone again."""
        pane = self.pane
        if pane is None or not pane.card.asking:
            return
        if pane.card.for_all:
            pane.card.answer_for("")
            self.problem("")
        else:
            same, others = alike(self.comparison.sides, pane.side)
            pane.card.answer_for(hears(self.comparison.sides, same) if len(same) > 1 else "")
            self.problem(_differs(hears(self.comparison.sides, others), alone=len(same) < 2) if others else "")
        pane.card.focus_answer()

    @on(InterruptCard.Answered)
    def _answered(self, event: InterruptCard.Answered) -> None:
        client, pane = self.client, event.card.query_ancestor(RunPane)
        if client is None:
            return
        self.problem("")
        sides = alike(self.comparison.sides, pane.side)[0] if event.for_all else [pane.side]
        given = [(side, given_to(side, pane.side, event.answers)) for side in sides]  # before one of them goes on
        for side, answers in given:
            self.run_worker(side.conversation.answer(client, answers), group="runs", exit_on_error=False)

    def check_action(self, action: str, parameters: tuple[Any, ...]) -> bool | None:
        """One answer for all where another pane waits, too; a form and a file where there are panes."""
        pane = self.pane
        match action:
            case "answer_all":
                waiting = [side for side in self.comparison.sides if side.conversation.interrupts]
                return pane is not None and pane.card.asking and len(waiting) > 1
            case "input_form":
                return pane is not None
            case "input_file":
                return pane is not None and self.query_one(CompareInput).has_file
        return super().check_action(action, parameters)


def _differs(who: str, *, alone: bool) -> str:
    asks = "ask" if " and " in who else "asks"
    return f"{who} {asks} something else: {'this answer is for one pane' if alone else 'answer that in its own pane'}."
