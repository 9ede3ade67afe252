"""The figures of a run."""

from playground.compare.metrics import Metrics


def test_tokens_per_second_leave_the_wait_for_the_first_token_out() -> None:
    assert Metrics(running=3.0, first_token=1.0, output_tokens=40).tokens_per_second == 20


def test_tokens_per_second_need_tokens_and_time() -> None:
    assert Metrics(running=3.0, output_tokens=40).tokens_per_second is None
    assert Metrics(running=3.0, first_token=1.0).tokens_per_second is None
    assert Metrics(running=1.0, first_token=1.0, output_tokens=1).tokens_per_second is None
