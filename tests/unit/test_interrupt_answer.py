"""Answers to interrupts, as graphs want them."""

from typing import Any

import pytest

from playground.tui.widgets.interrupt_answer import read_answer, review_of

INBOX = {
    "action_request": {"action": "refund", "args": {"amount": 42}},
    "config": {"allow_accept": True, "allow_edit": True, "allow_respond": False, "allow_ignore": True},
    "description": "Refund?",
}
MIDDLEWARE = {
    "action_requests": [
        {"name": "refund", "args": {"amount": 42}, "description": "Refund?"},
        {"name": "mail", "args": {}},
    ],
    "review_configs": [{"action_name": "refund", "allowed_decisions": ["approve", "edit"]}],
}


def test_an_agent_inbox_request() -> None:
    for value in (INBOX, [INBOX]):
        review = review_of(value)
        assert review is not None
        (action,) = review.actions
        assert (action.name, action.arguments, action.description) == ("refund", {"amount": 42}, "Refund?")
        assert action.ways == ("approve", "edit", "ignore")
        assert review.answer([review.approve()]) == [{"type": "accept", "args": None}]
        assert review.edit(action, {"amount": 1}) == {
            "type": "edit",
            "args": {"action": "refund", "args": {"amount": 1}},
        }
        assert review.reply(action, "no") == {"type": "response", "args": "no"}
        assert review.ignore() == {"type": "ignore", "args": None}


def test_several_requests_want_an_answer_each() -> None:
    review = review_of([INBOX, INBOX])
    assert review is not None
    assert len(review.actions) == 2
    assert len(review.answer([review.approve(), review.ignore()])) == 2


def test_the_human_in_the_loop_middleware() -> None:
    review = review_of(MIDDLEWARE)
    assert review is not None
    assert [(action.name, action.ways) for action in review.actions] == [
        ("refund", ("approve", "edit")),
        ("mail", ("approve", "edit", "reply", "ignore")),
    ]
    edited = review.edit(review.actions[0], {"amount": 1})
    assert review.answer([edited, review.reply(review.actions[1], "later")]) == {
        "decisions": [
            {"type": "edit", "edited_action": {"name": "refund", "args": {"amount": 1}}},
            {"type": "reject", "message": "later"},
        ]
    }


def test_a_reply_is_what_its_own_action_allows() -> None:
    decisions = {"ask": ["respond"], "refund": ["approve", "reject"]}
    review = review_of(
        {
            "action_requests": [{"name": name, "args": {}} for name in decisions],
            "review_configs": [{"action_name": name, "allowed_decisions": ways} for name, ways in decisions.items()],
        }
    )
    assert review is not None
    assert [review.reply(action, "no")["type"] for action in review.actions] == ["respond", "reject"]


@pytest.mark.parametrize(
    "value", [None, "really?", 7, [], {}, {"question": "name?"}, [INBOX, 1], {"action_requests": []}]
)
def test_anything_else_is_no_review(value: Any) -> None:
    assert review_of(value) is None


def test_an_answer_is_json_or_text() -> None:
    assert read_answer('{"a": 1}') == {"a": 1}
    assert read_answer("true") is True
    assert read_answer("yes, please") == "yes, please"
