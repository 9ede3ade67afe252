"""What goes into a report: no secret, by its name, its look or its field's schema."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from playground.client.blocks import ToolBlock, Turn
from playground.client.conversation import Conversation
from playground.client.questions import question_text
from playground.client.reporting import report_pane, report_turn, turns_of
from playground.client.values import Runnable, Schemas
from playground.compare.report import Report
from playground.compare.report_html import report_html
from playground.compare.report_json import report_json_text
from playground.compare.report_markdown import report_markdown
from playground.compare.samples import Sample

KEY = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD"
HIDDEN = {"type": "object", "properties": {"pin": {"type": "string", "format": "password"}}}
SCHEMAS = Schemas("graph", HIDDEN, None, None, HIDDEN, None)
CONTEXT = {"pin": "12-34", "api_key": "hush-hush", "say": f"x {KEY}"}
RUNNABLE = Runnable("ref", "id", "graph", f"named {KEY}", 1, CONTEXT, "abcdef012345")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def talk() -> Conversation:
    """A turn whose input, tool call, answer and result have a secret each."""
    found = Conversation(RUNNABLE)
    given = {"pin": "12-34", "password": "hush-hush", "text": KEY}
    found.transcript.turns.append(Turn(0, input=given, title=RUNNABLE.title, status="done"))
    arguments = json.dumps({"password": "hush-hush", "text": "." * 1_990 + KEY})
    call = ToolBlock("0", name="look", pieces=[arguments], result="." * 1_990 + KEY)
    found.transcript.blocks.append(call)
    return found


def test_no_secret_in_any_report() -> None:
    conversation = talk()
    samples = report_turn({"pin": "12-34"}, [Sample(f"It is {KEY}", note=KEY)], schemas=SCHEMAS)
    pane = report_pane("A", RUNNABLE, SCHEMAS, turns_of(conversation, 0.0, SCHEMAS), samples)
    assert pane.left_out
    report = Report("", NOW, (pane,))
    for content in (report_html(report), report_markdown(report), report_json_text(report)):
        for secret in ("12-34", "hush-hush", KEY, KEY[:12]):
            assert secret not in content, secret
        assert "look" in content
        assert "It is" in content


def test_a_context_that_nobody_can_read_is_not_told() -> None:
    pane = report_pane("A", RUNNABLE, None, [])
    assert pane.context == {}
    assert pane.left_out == ("the whole context",)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("really?", "really?"),
        ({"a": 1}, '{"a": 1}'),
        ([{"action_request": {}, "description": "Refund?"}], "Refund?\n["),
        ({"action_requests": [{"description": "One?"}, {"description": "Two?"}, 3]}, "One?\nTwo?\n{"),
        ({"description": 3, "action_requests": 4}, '{"description": 3'),
        (None, "null"),
    ],
)
def test_a_question_as_text(value: Any, said: str) -> None:
    assert question_text(value).startswith(said)
