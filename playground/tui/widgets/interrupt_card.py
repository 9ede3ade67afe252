"""What a paused run asks, and the ways to answer it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Static, TextArea

from playground.client.values import Interrupt
from playground.tui.text import MUTED, join, one_line, safe
from playground.tui.widgets.interrupt_answer import (
    WAYS,
    Action,
    Review,
    Way,
    form_answer,
    form_schema,
    read_answer,
    review_of,
    schema_of,
)
from playground.tui.widgets.transcript_rows import call_text, interrupt_question, json_content

_KEYS: Final[dict[Way, str]] = {"approve": "a", "edit": "e", "reply": "m", "ignore": "i"}


class InterruptCard(Vertical, can_focus=True):
    """Asks each interrupt, then posts `Answered` with all the answers, or some. Hidden while nothing is asked."""

    DEFAULT_CSS = """
    InterruptCard {
        display: none;
        height: auto;
        max-height: 80%;
        border-top: solid $warning;
        padding: 0 1;
        &.-shown { display: block; }
        &:focus, &:focus-within { border-top: heavy $warning; }
        #question { text-style: bold; color: $text-warning; max-height: 3; }
        #payload-scroll { height: auto; max-height: 6; scrollbar-size-vertical: 1; }
        #ways { height: 1; Button { margin-right: 1; min-width: 5; } }
        #reply { display: none; border: none; height: 1; padding: 0; background: $boost; }
        #arguments { display: none; border: none; height: 5; padding: 0; background: $boost; }
        #hint { height: auto; color: $text-muted; }
        &.-reply #reply { display: block; }
        &.-edit #arguments { display: block; }
        &.-edit #payload-scroll, &.-edit #ways { display: none; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "way('approve')", "Approve", id="interrupt.approve", tooltip="Do it as it is"),
        Binding("e", "way('edit')", "Edit", id="interrupt.edit", tooltip="Change the arguments, then do it"),
        Binding("m", "way('reply')", "Reply", id="interrupt.reply", tooltip="Say something instead of doing it"),
        Binding("i", "way('ignore')", "Ignore", id="interrupt.ignore", tooltip="Don't do it"),
        Binding("f", "form", "Form", id="interrupt.form", tooltip="Fill the answer in as a form"),
        Binding("c", "go_on", "Continue", id="interrupt.continue", tooltip="Go on after the breakpoint"),
        Binding("right_square_bracket,pagedown", "other(1)", "Next", id="interrupt.next", tooltip="The next question"),
        Binding(
            "left_square_bracket,pageup", "other(-1)", id="interrupt.previous", show=False, tooltip="The one before"
        ),
        Binding(
            "ctrl+s",
            "send_some",
            "Send these",
            id="interrupt.some",
            tooltip="Go on with what is answered; the rest waits",
        ),
        Binding("ctrl+j,alt+enter", "send", "Send", id="interrupt.send", tooltip="Send the answer"),
        Binding("escape", "back", "Back", id="interrupt.back", show=False, tooltip="Back to the choices"),
    ]

    class Answered(Message):
        """The answers by interrupt id; none at a breakpoint. `for_all`: for others that ask the same, too."""

        def __init__(self, card: "InterruptCard", answers: dict[str, Any], for_all: bool = False) -> None:
            super().__init__()
            self.card = card
            self.answers = answers
            self.for_all = for_all

        @property
        def control(self) -> "InterruptCard":
            """The card."""
            return self.card

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._interrupts: Sequence[Interrupt | None] = ()
        self._answers: dict[int, Any] = {}  # by the interrupt's place
        self._at = 0
        self._texts: dict[int, str] = {}  # typed and not sent, by the interrupt's place
        self._askers: Mapping[str, str] = {}
        self._next: Sequence[str] = ()
        self._review: Review | None = None
        self._decisions: list[dict[str, Any]] = []
        self._whom = ""  # "A and B", if the answers are for more than this one

    def compose(self) -> ComposeResult:
        """The question, its payload, the ways to answer, and the fields some of them need."""
        yield Static(id="question")
        with VerticalScroll(id="payload-scroll", can_focus=False):
            yield Static(id="payload")
        with Horizontal(id="ways"):
            for way, key in _KEYS.items():
                yield Button(Content(f"{key} {way}"), id=f"way-{way}", compact=True)
            yield Button(Content("f form"), id="form", compact=True)
            yield Button(Content("c continue"), id="continue", compact=True)
        yield Input(id="reply", compact=True)
        yield TextArea(id="arguments", compact=True, show_line_numbers=False, tab_behavior="focus")
        yield Static(id="hint")

    @property
    def interrupt(self) -> Interrupt | None:
        """The one that is asked now."""
        return self._interrupts[self._at] if self._at < len(self._interrupts) else None

    @property
    def schema(self) -> dict[str, Any] | None:
        """That of its answer, if it has one."""
        return schema_of(self.interrupt) if self._review is None else None

    @property
    def action(self) -> Action | None:
        """The action of it that wants a decision now."""
        return self._review.actions[len(self._decisions)] if self._review is not None else None

    @property
    def asking(self) -> bool:
        """Whether an answer is wanted."""
        return bool(self._interrupts)

    @property
    def for_all(self) -> bool:
        """Whether the answers are for others, too."""
        return bool(self._whom)

    def answer_for(self, whom: str) -> None:
        """Say that the answers are for `whom` ("A and B"); "" for this one alone."""
        self._whom = whom
        self._show_question()

    def ask(self, interrupts: Sequence[Interrupt | None]) -> None:
        """Ask these; none hides the card. Those that are asked already stay as they are."""
        if interrupts == self._interrupts:
            return
        self._whom = ""
        self._interrupts, self._answers, self._decisions, self._at = interrupts, {}, [], 0
        self._texts = {}
        self.set_class(bool(interrupts), "-shown")
        if interrupts:
            self._show()
        elif self.has_focus_within:
            self.screen.focus_next()

    def show_askers(self, askers: Mapping[str, str], next: Sequence[str] = ()) -> None:
        """The nodes that ask, by interrupt id, and those that come next: a breakpoint is before them."""
        self._askers, self._next = askers, next
        if self.asking:
            self._show_question()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only the ways that the interrupt allows."""
        if action == "way":
            if self.schema is not None:
                return parameters[0] == "reply" and not self._typing
            return self.action is not None and parameters[0] in self.action.ways and not self._typing
        if action == "go_on":
            return self.asking and self.interrupt is None
        if action == "send":
            return self._typing
        if action == "form":
            return self.schema is not None
        if action == "other":
            return len(self._interrupts) > 1
        if action == "send_some":
            return 0 < len(self._answers) < len(self._interrupts)
        return True

    @property
    def _typing(self) -> bool:
        return self.has_class("-reply") or self.has_class("-edit")

    def _show(self) -> None:
        interrupt = self.interrupt
        self._review = review_of(interrupt.value) if interrupt is not None else None
        self._show_question()
        self.query_one("#payload", Static).update(self._payload())
        ways = self.action.ways if self.action else ()
        for way in WAYS:
            self.query_one(f"#way-{way}").display = way in ways or (way == "reply" and self.schema is not None)
        self.query_one("#continue").display = interrupt is None
        self.query_one("#form").display = self.schema is not None
        self.query_one("#ways").display = bool(ways) or interrupt is None or self.schema is not None
        self._open("" if self._review or interrupt is None or self.schema else "reply")
        self.refresh_bindings()

    def _show_question(self) -> None:
        whom = f"for {self._whom}: " if self._whom else ""
        question = f"‖ {whom}{self._progress()}{one_line(self._question(), 300)}"
        interrupt = self.interrupt
        asker = self._askers.get(interrupt.id or "") if interrupt is not None else None
        self.query_one("#question", Static).update(
            join(safe(question), safe(f"  asked by {one_line(asker, 60)}" if asker else "", f"{MUTED} not bold"))
        )

    def _progress(self) -> str:
        actions = len(self._review.actions) if self._review else 1
        parts = []
        if len(self._interrupts) > 1:
            marks = "".join("✔" if at in self._answers else "‖" for at in range(len(self._interrupts)))
            parts.append(f"{self._at + 1}/{len(self._interrupts)} {marks}")
        if actions > 1:
            parts.append(f"action {len(self._decisions) + 1}/{actions}")
        return f"{' '.join(parts)}  " if parts else ""

    def _question(self) -> str:
        if self.action is not None:
            return self.action.description or call_text(self.action.name, self.action.arguments, 200)
        if self.interrupt is not None:
            return interrupt_question(self.interrupt.value)
        return f"breakpoint before {', '.join(self._next)}" if self._next else "breakpoint"

    def _payload(self) -> Content:
        if self.action is not None:
            return safe(call_text(self.action.name, self.action.arguments, 400), MUTED)
        value = self.interrupt.value if self.interrupt else None
        return json_content(value) if isinstance(value, dict | list) else Content("")

    def _open(self, field: str) -> None:
        """Show the field for a "reply" or an "edit", or none."""
        self.set_class(field == "reply", "-reply")
        self.set_class(field == "edit", "-edit")
        reply, hint = self.query_one("#reply", Input), ""
        if field == "reply":
            free = self._review is None
            reply.value = self._texts.get(self._at, "")
            reply.placeholder = "your answer: JSON, or text" if free else "what to say instead"
            hint = "Enter sends" if free and self.schema is None else "Enter sends · Esc back"
            if len(self._interrupts) > 1:
                hint = f"{hint} · PgDn the next question"
        elif field == "edit" and self.action is not None:
            area = self.query_one("#arguments", TextArea)
            area.text = json.dumps(self.action.arguments, indent=2, ensure_ascii=False)
            hint = "the arguments as JSON · Ctrl+J sends · Esc back"
        self._hint(hint)

    def _hint(self, text: str, problem: bool = False) -> None:
        hint = self.query_one("#hint", Static)
        hint.display = bool(text)
        hint.update(safe(text, "$text-error" if problem else ""))

    def focus_answer(self) -> None:
        """The focus where the answer is given."""
        field = "#reply" if self.has_class("-reply") else "#arguments" if self.has_class("-edit") else None
        (self.query_one(field) if field else self).focus()

    def action_way(self, way: str) -> None:
        """Answer, or open the field that the answer needs."""
        review, action = self._review, self.action
        if self.schema is not None and way == "reply":
            self._open(way)
            self.focus_answer()
            self.refresh_bindings()
        if review is None or action is None or way not in action.ways:
            return
        if way == "approve":
            self._decide(review.approve())
        elif way == "ignore":
            self._decide(review.ignore())
        else:
            self._open(way)
            self.focus_answer()
            self.refresh_bindings()

    def action_go_on(self) -> None:
        """Past the breakpoint."""
        self._finish({})

    def action_back(self) -> None:
        """Back to the choices."""
        if (self._review is not None or self.schema is not None) and self._typing:
            self._open("")
            self.focus()
            self.refresh_bindings()
        else:
            self._leave()

    def _leave(self) -> None:
        """To what comes after it: its own buttons, which take the focus, too, are passed."""
        chain = self.screen.focus_chain
        within = [place for place, widget in enumerate(chain) if self in widget.ancestors_with_self]
        if within:
            self.screen.set_focus(chain[(within[-1] + 1) % len(chain)])

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "continue":
            self.action_go_on()
        elif event.button.id == "form":
            self.action_form()
        else:
            self.action_way(cast(str, event.button.id).removeprefix("way-"))

    @on(Input.Submitted, "#reply")
    def action_send(self) -> None:
        """Send what was typed."""
        if self.has_class("-edit"):
            self._send_edit()
            return
        text = self.query_one("#reply", Input).value
        if not text.strip():
            self._hint("An answer is needed: JSON or text, then Enter.", problem=True)
        elif self._review is not None and self.action is not None:
            self._decide(self._review.reply(self.action, text))
        else:
            self._answer(read_answer(text))

    def _send_edit(self) -> None:
        try:
            arguments = json.loads(self.query_one("#arguments", TextArea).text)
        except ValueError as error:
            self._hint(f"✘ That isn't JSON: {error}.", problem=True)
            return
        if not isinstance(arguments, dict):
            self._hint('✘ The arguments are a JSON object: {"name": value}.', problem=True)
        elif self._review is not None and self.action is not None:
            self._decide(self._review.edit(self.action, arguments))

    def _decide(self, decision: dict[str, Any]) -> None:
        """The interrupt is answered when each of its actions is decided."""
        review = self._review
        if review is None:
            return
        self._decisions.append(decision)
        if len(self._decisions) == len(review.actions):
            self._answer(review.answer(self._decisions))
        else:
            self._show()
            self.focus_answer()

    def _answer(self, value: Any) -> None:
        interrupt = self.interrupt
        if interrupt is None:
            return
        self._answers[self._at] = value
        self._texts[self._at] = ""
        self.query_one("#reply", Input).value = ""
        left = [at for at in range(len(self._interrupts)) if at not in self._answers]
        if not left:
            self.action_send_some()
        else:
            self._go_to(next((at for at in left if at > self._at), left[0]))

    def action_other(self, by: int) -> None:
        """Another of the questions; each may be answered again until they are sent."""
        self._go_to((self._at + by) % len(self._interrupts))

    def _go_to(self, at: int) -> None:
        if self.has_class("-reply"):
            self._texts[self._at] = self.query_one("#reply", Input).value
        self._at, self._decisions = at, []
        self._show()
        self.focus_answer()

    def action_send_some(self) -> None:
        """What is answered, by the interrupts' ids."""
        answered = ((self._interrupts[at], value) for at, value in self._answers.items())
        self._finish({(interrupt.id or "") if interrupt else "": value for interrupt, value in answered})

    @work(group="form", exclusive=True, exit_on_error=False)
    async def action_form(self) -> None:
        """The answer as a form of its schema."""
        from playground.tui.forms.input_editing import InputEditing
        from playground.tui.screens.input_form import InputForm

        schema, interrupt = self.schema, self.interrupt
        if schema is None or interrupt is None:
            return
        editing = InputEditing(form_schema(schema), {})
        filled = await self.app.push_screen_wait(InputForm(editing, one_line(self._question(), 40), "the answer"))
        if filled.send and interrupt is self.interrupt:
            self._answer(form_answer(filled.editing.value, schema))
        else:
            self.focus_answer()

    def _finish(self, answers: dict[str, Any]) -> None:
        self.post_message(self.Answered(self, dict(answers), self.for_all))
        self.ask(())
