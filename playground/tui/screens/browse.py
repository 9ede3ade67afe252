"""Browse: the graphs, their assistants, the versions of each, and what differs between them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.binding import Binding, BindingType

from playground.tui.browse.filter import EXPLAINED
from playground.tui.browse.marks import Mark
from playground.tui.browse.order import NAMES
from playground.tui.screens.browse_lists import BrowseLists
from playground.tui.widgets.list_pane import FilterInput
from playground.tui.widgets.pane import Pane
from playground.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from playground.client.values import Assistant, Draft, Version
    from playground.tui.app import PlaygroundApp


class BrowseScreen(BrowseLists):
    """Graphs, assistants and versions side by side; on a narrow screen one after the other."""

    MODE = "browse"
    CSS_PATH = "browse.tcss"
    HELP = (
        "A graph is code; an assistant is a named configuration of it; every save makes a version. "
        "The active version runs when none is named. Mark two to four versions or assistants with Space and compare "
        f"them with c. {EXPLAINED}"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "Mark", id="browse.mark", tooltip="Mark for a comparison"),
        Binding("c", "compare", "Compare", id="browse.compare", tooltip="Run the marked side by side"),
        Binding("d", "diff", "Diff", id="browse.diff", tooltip="What differs: the marked two, or this to the active"),
        Binding("t", "chat", "Chat", id="browse.chat", tooltip="Talk to it on a new thread"),
        Binding("e", "edit", "Edit", id="browse.edit", tooltip="Edit it; saving makes a new version"),
        Binding("n", "new", "New", id="browse.new", tooltip="A new assistant of this graph"),
        Binding("f", "fork", "Fork", id="browse.fork", tooltip="A new assistant that starts as a copy of this version"),
        Binding("p", "make_active", "Make active", id="browse.promote", tooltip="Make this version the active one"),
        Binding(
            "u",
            "undo_make_active",
            "Undo",
            id="browse.undo",
            tooltip="Make the version active again that was before the last change",
        ),
        Binding("L", "label", "Label", id="browse.label", tooltip="Name this version: prod, staging, …"),
        Binding("slash", "filter", "Filter", id="browse.filter", tooltip="Filter this list as you type"),
        Binding("s", "sort", "Sort", id="browse.sort", tooltip="By last change, name, runs, creation"),
        Binding("S", "reverse", "Reverse", id="browse.reverse", show=False, tooltip="Sort the other way round"),
        Binding("R", "rename", "Rename", id="browse.rename", show=False, tooltip="Give the assistant another name"),
        Binding("i", "describe", "Describe", id="browse.describe", show=False, tooltip="Say what the assistant is for"),
        Binding("m", "metadata", "Metadata", id="browse.metadata", show=False, tooltip="Change the metadata"),
        Binding("y", "copy", "Copy", id="browse.copy", show=False, tooltip="Copy it: id, JSON, YAML, SDK code"),
        Binding("x", "export", "Export", id="browse.export", show=False, tooltip="With all versions, as YAML"),
        Binding("I", "import", "Import", id="browse.import", show=False, tooltip="Assistants out of an exported file"),
        Binding("D", "delete", "Delete", id="browse.delete", show=False, tooltip="Delete the assistant; asks first"),
        Binding(
            "O",
            "app.comparisons",
            "Comparisons",
            id="browse.comparisons",
            show=False,
            tooltip="What was compared before",
        ),
        Binding("z", "zoom", "Zoom", id="browse.zoom", show=False, tooltip="This pane on the whole screen, and back"),
        Binding("f4", "source", "Source", id="browse.source", show=False, tooltip="Open the graph's source in $EDITOR"),
        Binding("f5,r", "reload", "Reload", id="browse.reload", show=False, tooltip="Read everything again"),
        Binding(
            "escape", "back", "Back", id="browse.back", show=False, system=True, tooltip="Unzoom, unfilter, or back"
        ),
        Binding("tab", "pane(1)", "Next list", id="browse.next_pane", show=False, system=True, tooltip="The next list"),
        Binding(
            "shift+tab",
            "pane(-1)",
            "Previous list",
            id="browse.previous_pane",
            show=False,
            system=True,
            tooltip="The list before",
        ),
        Binding(
            "right", "column(1)", "Column right", id="browse.right", show=False, system=True, tooltip="To the right"
        ),
        Binding("left", "column(-1)", "Column left", id="browse.left", show=False, system=True, tooltip="To the left"),
    ]

    # Moving

    def action_pane(self, by: int) -> None:
        """The next list, or the one before."""
        self.panes.step(by)

    def action_column(self, by: int) -> None:
        """The column to the right, or to the left."""
        self.panes.step_column(by)

    def action_back(self) -> None:
        """Out of the zoom, else of the filter, else of the drafts or a column to the left, at last the marks."""
        if self.maximized is not None:
            self.minimize()
        elif self.panes.pane.clear_filter():
            return
        elif self.panes.in_drafts:
            self.panes.go_to("assistants")
        elif self.column != "graphs":
            self.panes.step_column(-1)
        elif self.marks:
            self.marks.clear()
            self.show_marks()

    def action_zoom(self) -> None:
        """The pane with the focus on the whole screen, and back."""
        if self.maximized is not None:
            self.minimize()
        elif self.focused is not None:
            self.maximize(self.focused.query_ancestor(Pane))

    async def action_filter(self) -> None:
        """Type to filter the list."""
        await self.panes.pane.start_filter()

    def action_reload(self) -> None:
        """Read everything again."""
        self.reading.details.clear()
        self.reload(whole=True)

    def action_sort(self) -> None:
        """By the next thing."""
        self.sort(self.order.next())

    def action_reverse(self) -> None:
        """The other way round."""
        self.sort(self.order.flipped())

    # What works now

    def key_label(self, binding: Binding) -> str:
        """What the footer calls a key: how many are marked stands beside `c`."""
        if binding.id == "browse.compare" and self.marks and not self.panes.in_drafts:
            return f"Compare({len(self.marks)})"
        if binding.id == "browse.sort":
            return f"Sort({NAMES[self.order.by]})"
        return binding.description

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide the keys that would do nothing here."""
        if not self._ready:
            return False
        if self.panes.in_drafts and action in _OF_DRAFTS:
            return self.draft is not None
        column, version = self.column, self.version
        match action:
            case "filter":
                return not isinstance(self.focused, FilterInput) and not self.panes.in_drafts
            case "new":
                return self.graph is not None and self.client is not None
            case "import":
                return self.client is not None
            case "sort" | "reverse":
                return column == "assistants" and not self.panes.in_drafts
            case "mark" | "chat" | "edit" | "fork" | "diff":
                return column != "graphs" and not self.panes.in_drafts and self.subject() is not None
            case "compare":
                return column != "graphs" and (bool(self.marks) or self.subject() is not None)
            case "make_active":
                return column == "versions" and version is not None and not version.active
            case "undo_make_active":
                return column != "graphs" and not self.panes.in_drafts and self._is_undoable()
            case "label":
                return column != "graphs" and not self.panes.in_drafts and self._labelled() is not None
            case "rename" | "describe" | "metadata" | "export":
                return column != "graphs" and not self.panes.in_drafts and self.assistant is not None
            case "delete":
                return column == "assistants" and self.assistant is not None
            case "source":
                return self.graph is not None and self.graph.source is not None
        return True

    def _is_undoable(self) -> bool:
        assistant = self.assistant
        return (
            assistant is not None and self.shown.assistant_id == assistant.assistant_id and bool(self.shown.promotions)
        )

    # Opening

    @on(RowList.Opened, "#graphs-list")
    def _graph_opened(self) -> None:
        graph = self.graph
        if graph is None:
            return
        if graph.state == "failed":
            self.playground.show_details(graph.error or "It failed to load.", graph.traceback or "")
        elif graph.state == "ready":
            from playground.tui.screens.graph import GraphScreen

            self.app.push_screen(GraphScreen(graph.graph_id))

    @on(RowList.Opened, "#assistants-list, #versions-list")
    def _opened(self) -> None:
        self.action_chat()

    @on(RowList.Opened, "#drafts-list")
    def _draft_opened(self, event: RowList.Opened) -> None:
        self.playground.edit(event.key)

    @on(RowList.MarkToggled, "#assistants-list, #versions-list")
    def _mark_clicked(self) -> None:
        self.action_mark()

    # Comparing

    def action_mark(self) -> None:
        """Mark what is under the cursor for a comparison, or unmark it."""
        subject = self.subject()
        if subject is not None and not self.marks.toggle(subject):
            self.notify("A comparison takes up to four: unmark one first.", severity="warning", markup=False)
        self.show_marks()

    def action_compare(self) -> None:
        """Compare the marked; with fewer than two of them, the one under the cursor, too; a draft with its base."""
        if self.draft is not None:
            from playground.tui.usecases.drafts import draft_refs

            self.playground.compare(draft_refs(self.draft))
            return
        refs = self.marks.with_subject(self.subject(), self._versions_counterpart())
        if len(refs) < 2:
            self.notify("Mark two to four with Space, then c compares them.", markup=False)
        else:
            self.playground.compare(refs)

    def _versions_counterpart(self) -> Mark | None:
        """What a lone version is compared with: the active one, or the one before that."""
        left, right = self.shown.compared(self.version)
        if self.column != "versions" or left is None or right is None:
            return None
        other = right if self.version == left else left
        return Mark(other.assistant_id, other.version)

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_diff(self) -> None:
        """What differs, in full: of a draft, of the two marked, else the version under the cursor and the active."""
        if (draft := self.draft) is not None:
            from playground.tui.usecases.drafts import show_draft_diff

            await show_draft_diff(self.playground, draft, await self._base_of(draft))
            return
        pair = await self._pair()
        if pair is None:
            self.notify("There is only one version so far.", markup=False)
            return
        from playground.tui.screens.diff import DiffScreen

        self.app.push_screen(DiffScreen(*await asyncio.gather(*map(self._masked, pair))))

    async def _masked(self, version: Version) -> Version:
        """As it may be shown; a server that is away isn't asked for what was read."""
        found = self.reading.masked(version)
        return await self.playground.connected_client.masked(version) if found is None else found

    async def _base_of(self, draft: Draft) -> Version | None:
        return await self.reading.base_of(self.playground.connected_client, draft)

    async def _pair(self) -> tuple[Version, Version] | None:
        marks = list(self.marks)
        if len(marks) >= 2:
            first, second = await asyncio.gather(*(self._version_of(mark) for mark in marks[:2]))
            return first, second
        left, right = self.shown.compared(self.version)
        return (left, right) if left and right else None

    async def _version_of(self, mark: Mark) -> Version:
        for version in self.versions:
            meant = version.active if mark.version is None else version.version == mark.version
            if meant and version.assistant_id == mark.assistant_id:
                return version
        return await self.playground.connected_client.version(mark.ref)

    # Doing

    def action_chat(self) -> None:
        """Talk to it on a new thread."""
        subject = self.subject()
        if subject is not None:
            self.playground.chat(f"{self.draft.assistant_id}@draft" if self.draft else subject.ref)

    def action_edit(self) -> None:
        """Edit it."""
        subject = self.subject()
        if self.draft is not None:
            self.playground.edit(self.draft.assistant_id)
        elif subject is not None:
            self.playground.edit(subject.assistant_id, subject.version)

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def _use(self, case: Callable[[PlaygroundApp], Awaitable[object]]) -> None:
        """Ask and do; read again what it changed."""
        if await case(self.playground):
            self.reload()

    def _use_on_assistant(self, case: Callable[[PlaygroundApp, Assistant], Awaitable[object]]) -> None:
        assistant = self.assistant
        if assistant is not None:
            self._use(lambda app: case(app, assistant))

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_new(self) -> None:
        """A new assistant of the graph, at once in the editor; here the cursor waits on it."""
        from playground.tui import usecases

        graph = self.graph
        if graph is not None and (made := await usecases.create(self.playground, graph.graph_id)):
            await self.reload().wait()
            self.show(made.graph_id, made.assistant_id)
            self.playground.edit(made.assistant_id)

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_fork(self) -> None:
        """A new assistant that starts as a copy; the cursor goes to it."""
        from playground.tui import usecases

        subject = self.subject()
        if subject is None:
            return
        source = await self._version_of(subject)
        if made := await usecases.fork(self.playground, source):
            await self.reload().wait()
            self.show(made.graph_id, made.assistant_id)

    def action_make_active(self) -> None:
        """Make the version the active one."""
        from playground.tui import usecases

        version, active = self.version, self.active_version
        if version and active:
            self._use(lambda app: usecases.make_active(app, version, active))

    def action_undo_make_active(self) -> None:
        """Make the version active again that was it before."""
        from playground.tui import usecases

        self._use_on_assistant(usecases.undo_make_active)

    def action_label(self) -> None:
        """Give the version a label, or take one away."""
        from playground.tui import usecases

        version = self._labelled()
        if version is not None:
            self._use(lambda app: usecases.set_label(app, version))

    def _labelled(self) -> Version | None:
        """The version that a label is for: the one under the cursor, of an assistant its active one."""
        if self.column == "versions":
            return self.version
        return (
            self.active_version if self.assistant and self.shown.assistant_id == self.assistant.assistant_id else None
        )

    def action_rename(self) -> None:
        """Another name."""
        from playground.tui import usecases

        self._use_on_assistant(usecases.rename)

    def action_describe(self) -> None:
        """Say what it is for."""
        from playground.tui import usecases

        self._use_on_assistant(usecases.describe)

    def action_metadata(self) -> None:
        """Change its metadata."""
        from playground.tui import usecases

        self._use_on_assistant(usecases.edit_metadata)

    def action_export(self) -> None:
        """The marked assistants, or the one under the cursor, with all their versions."""
        from playground.tui import usecases

        marked = [self.catalog.assistant(assistant_id) for assistant_id in sorted(self.marks.assistants())]
        chosen = [one for one in marked or [self.assistant] if one is not None]
        if chosen:
            self._use(lambda app: usecases.export_assistants(app, chosen))

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_import(self) -> None:
        """Assistants out of a file; the cursor goes to the first of them."""
        from playground.tui import usecases

        if imported := await usecases.import_assistants(self.playground):
            await self.reload().wait()
            if first := self.catalog.assistant(imported[0]):
                self.show(first.graph_id, first.assistant_id)

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_delete(self) -> None:
        """Delete the assistant; in the list of drafts, discard the draft."""
        from playground.tui import usecases
        from playground.tui.usecases.drafts import discard_draft

        assistant, draft, app = self.assistant, self.draft, self.playground
        if draft is not None:
            owner = self.catalog.assistant(draft.assistant_id)
            name = owner.name if owner else draft.assistant_id
            done = await discard_draft(app, draft, await self._base_of(draft), name)
        elif assistant is not None:
            versions = await app.connected_client.assistants.versions(assistant.assistant_id)
            done = await usecases.delete(app, assistant, versions)
        else:
            return
        if done:
            self.reload()

    @work(group="usecase", exclusive=True, exit_on_error=False)
    async def action_copy(self) -> None:
        """Copy the graph's name, or what is asked for of the version: its id, JSON, YAML, code."""
        from playground.tui import usecases

        subject = self.subject()
        if self.column != "graphs" and subject is not None:
            await usecases.copy_menu(self.playground, await self._version_of(subject))
        elif self.graph is not None:
            self.playground.copy(self.graph.graph_id, "the graph's name")

    def action_source(self) -> None:
        """Open the graph's source."""
        if self.graph is not None and self.graph.source is not None:
            self.playground.open_editor(self.graph.source, self.graph.line)


_OF_DRAFTS: Final = ("compare", "diff", "edit", "chat", "delete")
"""What can be done to a draft in the list of them."""
