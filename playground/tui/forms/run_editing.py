"""How a run is run, while it is filled in: the options, and the context of the version with what it is to have instead.

Pure.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from playground.client.run_options import RunOptions
from playground.client.validation import Checker
from playground.client.values import Runnable
from playground.tui.forms.document import UNSET, Path, get, same
from playground.tui.forms.editing import CONFIG, CONTEXT, Editing
from playground.tui.forms.form import Layout, Section, by_node
from playground.tui.forms.input_editing import InputEditing
from playground.tui.forms.schema import fields_of

JSON = dict[str, Any]

STRATEGIES: Final = ("enqueue", "interrupt", "rollback", "reject")
MODES: Final = ("values", "messages", "tasks", "checkpoints", "debug", "events")
OPTIONS: Final[JSON] = {
    "type": "object",
    "properties": {
        "recursion_limit": {
            "type": "integer",
            "minimum": 1,
            "description": "Steps after which a run that doesn't end is stopped. Not set, the assistant's holds.",
        },
        "durability": {
            "enum": ["async", "sync", "exit"],
            "description": "When checkpoints are kept: async while the next step runs, sync before it begins, exit "
            "only when the run is over, which leaves no steps to go back to.",
        },
        "while_busy": {
            "enum": list(STRATEGIES),
            "description": "A second input while a run is in flight: enqueue runs it afterwards, interrupt stops that "
            "run first, rollback takes back what it did, too, reject leaves it in the line. Not set, it is asked.",
        },
        "stream_modes": {
            "type": "array",
            "uniqueItems": True,
            "items": {"enum": list(MODES)},
            "description": "What is streamed beside what the views need; Raw shows it.",
        },
    },
}


class RunEditing(InputEditing):
    """What is marked as changed differs from how the version itself would run."""

    def __init__(self, schema: JSON | None, runnable: Runnable, options: RunOptions) -> None:
        base = {"context": runnable.context, "config": {}}
        document = {"context": {**runnable.context, **options.context}, "config": _chosen(options)}
        Editing.__init__(self, schema, base, document)

    def _lay(self, schema: JSON | None) -> None:
        super()._lay(schema)
        self._config_fields = tuple(replace(field, default_made=False) for field in fields_of(OPTIONS, CONFIG))
        context, about, _ = self._checkers
        self._checkers = (context, about, Checker(OPTIONS, CONFIG))
        self._changed()

    def _sections(self) -> Iterator[Section]:
        layout = Layout(self.document, self._kinds)
        yield Section("run", tuple(layout.entries(self._config_fields)))
        context = list(layout.entries(self._context_fields))
        for section in by_node(context, "not tied to a node" if any(one.field.nodes for one in context) else ""):
            yield Section(f"context: {section.title}" if section.title else "context", section.entries)
        if self._has_schema:
            extra = tuple(self._unknown(layout, self._context_fields, CONTEXT))
            if extra:
                yield Section("not in the schema", extra)

    def problems(self) -> dict[Path, str]:
        """Also where something of the version is taken away: a run can only be given other values."""
        gone = [path for path in self._given() if get(self.document, path) is UNSET]
        return super().problems() | dict.fromkeys(gone, "can have another value here; it can't be left out")

    def can_reset(self, path: Path) -> bool:
        """Whether a field may go back to its default: not if the version has a value for it."""
        return path[:1] == CONFIG or get(self.base, path[:2]) is UNSET

    def clear(self) -> None:
        """As the version itself runs."""
        self.texts.clear()
        for path in [*self._given(), CONFIG]:
            self.revert(path)
        context = get(self.document, CONTEXT)
        for key in list(context if isinstance(context, dict) else ()):
            if (*CONTEXT, key) not in self._given():
                self.assign((*CONTEXT, key), UNSET)

    def options(self, before: RunOptions) -> RunOptions:
        """What is filled in; what the form doesn't have stays as it was `before`."""
        context, base = self.document.get("context"), self.base["context"]
        given = context.items() if isinstance(context, dict) else ()
        chosen = self.document.get("config") or {}
        return replace(
            before,
            context={key: value for key, value in given if key not in base or not same(value, base[key])},
            recursion_limit=chosen.get("recursion_limit"),
            durability=chosen.get("durability"),
            multitask_strategy=chosen.get("while_busy"),
            stream_modes=tuple(chosen.get("stream_modes") or ()),
        )

    def _given(self) -> list[Path]:
        return [(*CONTEXT, key) for key in self.base["context"]]


def options_text(options: RunOptions) -> str:
    """What is chosen for runs beside the context, short: `limit 50 · sync · +debug`; "" if nothing is."""
    parts = [
        f"limit {options.recursion_limit}" if options.recursion_limit is not None else "",
        options.durability or "",
        f"busy: {options.multitask_strategy}" if options.multitask_strategy else "",
        "+" + ",".join(options.stream_modes) if options.stream_modes else "",
    ]
    return " · ".join(filter(None, parts))


def _chosen(options: RunOptions) -> JSON:
    found = {
        "recursion_limit": options.recursion_limit,
        "durability": options.durability,
        "while_busy": options.multitask_strategy,
        "stream_modes": list(options.stream_modes) or None,
    }
    return {key: value for key, value in found.items() if value is not None}
