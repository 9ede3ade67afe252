"""What a transcript counts: super-steps, and what the models say they cost."""

from typing import Any

import pytest

from playground.client.blocks import Turn
from playground.client.events import Ended, MessageChunk, NodeUpdate, RunEvent, Started, Values
from playground.client.message_json import message_cost
from playground.client.stream import message_chunk
from playground.client.transcript import Transcript


def turn_of(*events: RunEvent) -> Turn:
    transcript = Transcript()
    transcript.begin({"topic": "x"})
    for event in (Started(1), *events, Ended("success")):
        transcript.apply(event)
    return transcript.turns[-1]


def test_nodes_side_by_side_are_one_step() -> None:
    turn = turn_of(
        Values({"topic": "x"}),
        NodeUpdate("plan", {}),
        Values({}),
        NodeUpdate("search", {}),
        NodeUpdate("read", {}),
        Values({}),
    )
    assert turn.metrics(0).steps == 2


def test_the_steps_of_a_subgraph_are_its_own() -> None:
    inside = ("agent:1",)
    turn = turn_of(Values({}), NodeUpdate("think", {}, inside), Values({}, inside), NodeUpdate("agent", {}), Values({}))
    assert turn.metrics(0).steps == 1


def test_the_costs_of_messages_add_up_and_each_counts_once() -> None:
    turn = turn_of(
        MessageChunk("a1", "ai", "one", cost=0.25, last=True),
        MessageChunk("a2", "ai", "two"),
        Values({"messages": [{"type": "ai", "id": "a2", "content": "two", "response_metadata": {"cost": 0.5}}]}),
    )
    assert turn.metrics(0).cost == 0.75


def test_without_a_price_nothing_is_said_of_it() -> None:
    assert turn_of(MessageChunk("a1", "ai", "one", last=True)).metrics(0).cost is None


@pytest.mark.parametrize(
    "said",
    [
        {"usage_metadata": {"input_tokens": 1, "cost": 0.5}},
        {"response_metadata": {"cost": 0.5}},
        {"response_metadata": {"total_cost": 0.5}},
        {"response_metadata": {"token_usage": {"cost": 0.5}}},
        {"response_metadata": {"usage": {"cost": 0.5, "cost_details": {}}}},
    ],
)
def test_a_cost_is_found_where_providers_put_it(said: dict[str, Any]) -> None:
    chunk = message_chunk([{"type": "AIMessageChunk", "id": "a1", "content": "", **said}, {}])
    assert chunk is not None
    assert chunk.cost == 0.5


@pytest.mark.parametrize("cost", [None, "0.5", True, {"total": 1}, float("nan"), float("inf")])
def test_what_is_no_number_is_no_cost(cost: object) -> None:
    assert message_cost({"response_metadata": {"cost": cost}}) is None
    assert message_cost({"response_metadata": cost, "usage_metadata": cost}) is None


def test_figures_are_final_once_the_run_is_over() -> None:
    transcript = Transcript()
    transcript.begin({"topic": "x"})
    transcript.apply(Started(1))
    assert not transcript.turns[0].metrics(0).ended
    transcript.apply(Ended("error"))
    assert transcript.turns[0].metrics(0).ended
