"""What a run is asked for, and what it is called then."""

from datetime import UTC, datetime
from typing import Any

import pytest

from playground.client.run_options import RunOptions
from playground.client.values import RAN_AS, RAN_ASSISTANT, RAN_CONTEXT, RAN_DRAFT, RAN_VERSION, VARIANT, Run, Runnable
from playground.client.values import ran_title as title
from playground.refs import context_hash

NOW = datetime(2026, 11, 22, tzinfo=UTC)

CONTEXT = {"model": "small", "limit": 3}
V7 = Runnable("support@v7", "a1", "support", "support", 7, CONTEXT, context_hash(CONTEXT))


def test_a_version_with_another_context_is_a_variant_of_it() -> None:
    variant = RunOptions(context={"limit": 5}).runnable(V7)
    assert variant.title == "support@v7*"
    assert variant.draft == VARIANT
    assert variant.context == {"model": "small", "limit": 5}
    assert variant.context_hash == context_hash(variant.context) != V7.context_hash


def test_what_the_version_has_anyway_makes_no_variant() -> None:
    assert RunOptions(context={"limit": 3}, recursion_limit=9).runnable(V7) is V7


def test_another_assistant_runs_with_its_own_context() -> None:
    assert RunOptions(context={"limit": 5}, context_of="a2").runnable(V7) is V7
    assert RunOptions(context={"limit": 5}, context_of="a1").runnable(V7).title == "support@v7*"


def test_a_draft_with_another_context_stays_a_draft() -> None:
    draft = Runnable("support@draft", "a1", "support", "support", 7, {}, context_hash({}), draft=True)
    assert RunOptions(context={"limit": 5}).runnable(draft).title == "support@draft"


@pytest.mark.parametrize(
    ("version", "draft", "wanted"),
    [
        (7, False, "support@v7"),
        (7, VARIANT, "support@v7*"),
        (7, True, "support@draft"),
        (None, False, "support"),
        (None, VARIANT, "support@variant"),
    ],
)
def test_titles(version: int | None, draft: Any, wanted: str) -> None:
    assert title("support", version, draft) == wanted


def test_a_run_is_a_variant_as_long_as_the_server_says_that_this_ran() -> None:
    told = {RAN_AS: "pin", RAN_ASSISTANT: "a1", RAN_VERSION: 7, RAN_CONTEXT: "abc", RAN_DRAFT: VARIANT}

    def run(**metadata: Any) -> Run:
        return Run("r", "t", "a1", "success", NOW, NOW, {**told, **metadata})

    assert run(assistant_id="pin").draft == VARIANT
    assert run(assistant_id="a1", assistant_version=7).draft is False
    assert run(assistant_id="pin", context_hash="other").draft is False
