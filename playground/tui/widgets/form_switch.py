"""Which view of an edit is shown, and where the focus is in it."""

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from playground.tui.text import one_line, safe
from playground.tui.widgets.diff_view import DiffView
from playground.tui.widgets.form_empty import EmptyEdit
from playground.tui.widgets.form_list import FormList
from playground.tui.widgets.form_view import PANES, FormView
from playground.tui.widgets.pane_tabs import PaneTabs
from playground.tui.widgets.text_view import TextView
from playground.tui.widgets.try_it import TryIt


class ViewSwitch(Vertical):
    """Views of which one is shown: nothing yet, the form, JSON, YAML, the diff. `trial` stands under the big editor."""

    def __init__(self, trial: TryIt) -> None:
        super().__init__()
        self.view = "empty"
        self._trial = trial

    def compose(self) -> ComposeResult:
        """All views, and above them the tabs of a narrow form and what is wrong with the schema."""
        yield PaneTabs(PANES, "fields")
        yield Static(id="code-problem", classes="problem")
        yield Static(id="schema-problem", classes="problem")
        yield EmptyEdit(id="empty-view", classes="view -shown")
        yield FormView(self._trial, id="form-view")
        yield TextView("json", id="json-view", classes="view")
        yield TextView("yaml", id="yaml-view", classes="view")
        yield DiffView(id="diff-view", classes="view")

    @property
    def empty(self) -> EmptyEdit:
        """What to do while nothing is open."""
        return self.query_one(EmptyEdit)

    @property
    def form(self) -> FormView:
        """The fields and the big editor."""
        return self.query_one(FormView)

    @property
    def texts(self) -> list[TextView]:
        """The whole context as text, in each notation."""
        return list(self.query(TextView))

    @property
    def text(self) -> TextView | None:
        """The one that is shown."""
        return next((text for text in self.texts if text.notation == self.view), None)

    @property
    def diff(self) -> DiffView:
        """What differs from the saved version."""
        return self.query_one(DiffView)

    def show(self, view: str) -> None:
        """Show this view: `empty`, `form`, `json`, `yaml` or `diff`."""
        self.view = view
        for name in ("empty", "form", "json", "yaml", "diff"):
            self.query_one(f"#{name}-view").set_class(name == view, "-shown")
        self.query_one(PaneTabs).set_class(view == "form", "-form")

    def show_schema_problem(self, sentence: str | None) -> None:
        """Say why there are no fields; None takes it away."""
        problem = self.query_one("#schema-problem", Static)
        problem.set_class(sentence is not None, "-shown")
        problem.update(safe(f"! {one_line(sentence or '', 300)} The context is edited as JSON."))

    def show_code_problem(self, sentence: str | None) -> None:
        """Say why the form doesn't follow the code; None takes it away."""
        problem = self.query_one("#code-problem", Static)
        problem.set_class(sentence is not None, "-shown")
        problem.update(safe(f"! {one_line(sentence or '', 400)}"))

    def focus_view(self) -> None:
        """The next key is the shown view's."""
        if self.view == "form":
            self._show_pane("fields")
            self._focus(self.form.form)
        elif self.text is not None:
            self._focus(self.text.area)
        elif self.view == "diff":
            self._focus(self.query_one("#diff-scroll"))

    def go_to(self, pane: str) -> None:
        """To the `fields`, the `editor` or the trial (`try`) of the form."""
        self.screen.minimize()
        self._show_pane(pane)
        if pane == "try":
            self.call_after_refresh(self.form.trial.focus_line)
        else:
            self._focus(self.form.editor.area if pane == "editor" else self.form.form)

    def go_on(self, by: int) -> None:
        """From the fields to the editor, to the trial, and to the fields again."""
        panes = [name for name, _ in PANES if name != "editor" or self.form.editor.path is not None]
        at = next((at for at, name in enumerate(panes) if self.query_one(f"#{name}").has_focus_within), 0)
        self.go_to(panes[(at + by) % len(panes)])

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A narrow screen shows the pane that has the focus."""
        for name, _ in PANES:
            if any(node.id == name for node in event.widget.ancestors_with_self):
                self._show_pane(name)

    @on(PaneTabs.Picked)
    def _tab_picked(self, event: PaneTabs.Picked) -> None:
        self.go_to(event.pane)

    @on(FormList.Moved)
    def _moved(self) -> None:
        self.form.show_editor()

    @on(FormList.Opened)
    def _opened(self) -> None:
        self.form.show_editor()
        self.go_to("editor")

    def _show_pane(self, pane: str) -> None:
        self.form.show_pane(pane)
        self.query_one(PaneTabs).show_current(pane)

    def _focus(self, widget: Widget) -> None:
        """At once, so that the next key, which may be there already, is its; where it isn't shown yet, then."""
        if widget.focusable:
            self.screen.set_focus(widget)
        else:
            self.call_after_refresh(widget.focus)
