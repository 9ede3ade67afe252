"""How a comparison stands: who waits, failed, was the fastest."""

import pytest

from playground.compare.metrics import Metrics
from playground.tui.compare.standing import fastest, standing_content


@pytest.mark.parametrize(
    ("statuses", "times", "said"),
    [
        ([], [], ""),
        (["ready", "ready"], [None, None], ""),
        (["done", "done"], [1.0, 0.6], "B fastest"),
        (["done", "done"], [1.0, None], ""),
        (["done", "done"], [1.02, 0.98], ""),
        (["done", "running"], [1.0, 0.2], ""),
        (["failed", "done", "done"], [0.1, 2.0, 3.0], "✘ A failed   B fastest"),
        (["interrupted", "failed", "interrupted", "done"], [1, 1, 1, 1], "‖ A and C wait   ✘ B failed"),
        (["interrupted", "stopped"], [1, 1], "‖ A waits"),
    ],
)
def test_what_is_said_of_the_panes(statuses: list[str], times: list[float | None], said: str) -> None:
    metrics = [None if time is None else Metrics(running=time) for time in times]
    assert standing_content(statuses, metrics).plain.strip() == said


def test_who_lacks_the_turn_is_not_compared() -> None:
    assert fastest(["done", "done", "done"], [Metrics(running=2.0), None, Metrics(running=1.0)]) == "C"
