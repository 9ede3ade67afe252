"""Whose values win when assistant, thread and request are merged."""

import pytest

from playground.refs import context_hash
from playground.runs.config import Merged, merge
from playground.store.errors import BothGiven

ASSISTANT = {
    "assistant_id": "a-1",
    "graph_id": "writer",
    "version": 3,
    "context": {"prompt": "p", "nested": {"k": 9}},
    "config": {"tags": ["a"], "recursion_limit": 11, "configurable": {"prompt": "p", "nested": {"k": 9}}},
    "metadata": {"am": 1, "x": "assistant"},
}


def merged(**request: object) -> Merged:
    given = {"thread": None, "context": None, "config": None, "metadata": None, **request}
    return merge(assistant=ASSISTANT, thread_id="t-1", run_id="r-1", **given)  # type: ignore[arg-type]


def test_a_plain_run_has_exactly_the_assistants_values() -> None:
    run = merged()
    assert run.context == ASSISTANT["context"]
    assert run.config["tags"] == ["a"]
    assert run.config["recursion_limit"] == 11
    assert run.context_hash == context_hash(ASSISTANT["context"])  # type: ignore[arg-type]


def test_a_runs_context_replaces_key_by_key_and_changes_the_hash() -> None:
    run = merged(context={"nested": {"tags": ["q"]}})
    assert run.context == {"prompt": "p", "nested": {"tags": ["q"]}}
    assert run.config["configurable"]["nested"] == {"tags": ["q"]}
    assert run.context_hash != merged().context_hash


def test_configurable_alone_is_used_as_context() -> None:
    assert merged(config={"configurable": {"prompt": "mine"}}).context["prompt"] == "mine"


def test_context_and_configurable_together_are_refused() -> None:
    with pytest.raises(BothGiven, match="Cannot specify both configurable and context"):
        merged(context={"a": 1}, config={"configurable": {"b": 2}})


def test_a_thread_id_in_configurable_is_not_a_context() -> None:
    run = merged(context={"prompt": "c"}, config={"configurable": {"thread_id": "spoofed"}})
    assert run.config["configurable"]["thread_id"] == "t-1"
    assert "thread_id" not in run.context


def test_values_of_an_earlier_assistant_do_not_stick_to_the_thread() -> None:
    thread = {"metadata": {"assistant_id": "other", "assistant_version": 1}, "config": {}}
    run = merged(thread=thread)
    assert run.config["configurable"]["prompt"] == "p"
    assert run.metadata["assistant_id"] == "a-1"


def test_metadata_of_the_run_wins_over_config_thread_and_assistant() -> None:
    run = merged(
        thread={"metadata": {"tm": 1, "x": "thread"}},
        config={"metadata": {"cm": 1, "x": "config"}},
        metadata={"rm": 1, "x": "run"},
    )
    assert {key: run.metadata[key] for key in ("am", "tm", "cm", "rm", "x")} == {
        "am": 1,
        "tm": 1,
        "cm": 1,
        "rm": 1,
        "x": "run",
    }


@pytest.mark.parametrize("key", ["assistant_id", "assistant_version", "context_hash"])
def test_nobody_can_claim_another_version(key: str) -> None:
    assert (
        merged(metadata={key: "spoofed"}, config={"metadata": {key: "spoofed"}}).metadata[key] == merged().metadata[key]
    )


def test_graphs_that_ask_who_the_user_is_learn_that_nobody_is() -> None:
    configurable = merged(config={"configurable": {"langgraph_auth_user_id": "spoofed"}}).config["configurable"]
    assert (configurable["user_id"], configurable["langgraph_auth_user_id"]) == ("", "")
    assert merged(context={"user_id": "me"}).config["configurable"]["user_id"] == "me"


def test_a_checkpoint_of_the_request_wins_over_one_in_the_configurable() -> None:
    config = {"configurable": {"checkpoint_id": "old", "checkpoint_ns": None}}
    assert merged(config=config).config["configurable"]["checkpoint_id"] == "old"
    assert "checkpoint_ns" not in merged(config=config).config["configurable"]
    both = merged(config=config, checkpoint={"checkpoint_id": "new"})
    assert both.config["configurable"]["checkpoint_id"] == "new"
    assert "checkpoint_id" not in both.context
