"""The options of a run as they are filled in, without a screen."""

from typing import Any

import pytest

from playground.client.run_options import RunOptions
from playground.client.values import Runnable
from playground.refs import context_hash
from playground.tui.forms.document import UNSET, Path
from playground.tui.forms.run_editing import RunEditing, options_text

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "say": {"type": "string", "default": "Hello."},
        "times": {"type": "integer", "minimum": 1, "default": 1},
        "api_key": {"type": "string", "format": "password"},
    },
}
CONTEXT = {"say": "Hi.", "api_key": "sk-1234567890abcdef", "more": [1, 2]}
V7 = Runnable("support@v7", "a1", "support", "support", 7, CONTEXT, context_hash(CONTEXT))
TIMES: Path = ("context", "times")


def test_what_is_as_the_version_has_it_is_no_option() -> None:
    editing = RunEditing(SCHEMA, V7, RunOptions())
    editing.write(("context", "say"), "Bye.")
    editing.write(TIMES, "3")
    assert dict(editing.options(RunOptions()).context) == {"say": "Bye.", "times": 3}
    editing.revert(("context", "say"))
    editing.reset(TIMES)
    assert editing.options(RunOptions()) == RunOptions()
    assert not editing.changes()


def test_options_are_read_back_into_the_form() -> None:
    options = RunOptions(("debug",), 50, "sync", {"times": 3}, None, "enqueue", ("say",), ())
    editing = RunEditing(SCHEMA, V7, options)
    assert not editing.problems()
    assert editing.options(options) == options  # also the breakpoints, which aren't in the form
    assert {path[1] for path in editing.changes()} >= {"times", "recursion_limit", "durability", "while_busy"}


def test_all_of_them_are_cleared() -> None:
    editing = RunEditing(
        SCHEMA, V7, RunOptions(("debug",), 50, "sync", {"times": 3, "say": "x"}, multitask_strategy="enqueue")
    )
    editing.write(("config", "recursion_limit"), "many")
    editing.clear()
    assert editing.options(RunOptions()) == RunOptions()
    assert not editing.problems()


@pytest.mark.parametrize(
    ("path", "text", "wanted"),
    [
        (("config", "recursion_limit"), "0", "1"),
        (("config", "recursion_limit"), "many", "number"),
        (TIMES, "0", "1"),
    ],
)
def test_what_does_not_fit_is_said(path: Path, text: str, wanted: str) -> None:
    editing = RunEditing(SCHEMA, V7, RunOptions())
    editing.write(path, text)
    assert wanted in editing.problems()[path]


def test_what_the_version_has_can_not_be_left_out() -> None:
    editing = RunEditing(SCHEMA, V7, RunOptions())
    assert not editing.can_reset(("context", "say"))
    assert editing.can_reset(TIMES)
    editing.assign(("context", "more"), UNSET)
    assert "left out" in " ".join(editing.problems().values())


def test_a_secret_stays_as_the_version_has_it() -> None:
    editing = RunEditing(SCHEMA, V7, RunOptions())
    editing.write(("context", "api_key"), "sk-other")
    assert not editing.options(RunOptions()).context


def test_a_graph_without_a_schema_takes_a_context_as_json() -> None:
    editing = RunEditing(None, V7, RunOptions())
    editing.write_text("json", '{"say": "Bye.", "api_key": "sk-1234567890abcdef", "more": [1, 2]}')
    assert dict(editing.options(RunOptions()).context) == {"say": "Bye."}


def test_what_is_chosen_is_said_short() -> None:
    assert options_text(RunOptions()) == ""
    assert options_text(RunOptions(("debug",), 50, "sync", {"a": 1}, multitask_strategy="enqueue")) == (
        "limit 50 · sync · busy: enqueue · +debug"
    )
