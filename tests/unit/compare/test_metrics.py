"""The figures of a run."""

from playground.compare.metrics import Metrics, percent


def test_tokens_per_second_leave_the_wait_for_the_first_token_out() -> None:
    assert Metrics(running=3.0, first_token=1.0, output_tokens=40).tokens_per_second == 20


def test_tokens_per_second_need_tokens_and_time() -> None:
    assert Metrics(running=3.0, output_tokens=40).tokens_per_second is None
    assert Metrics(running=3.0, first_token=1.0).tokens_per_second is None
    assert Metrics(running=1.0, first_token=1.0, output_tokens=1).tokens_per_second is None


def test_a_difference_is_in_per_cent_of_the_base() -> None:
    assert percent(3.0, 2.0) == 50
    assert percent(1, 2) == -50
    assert percent(2.0, 2.0) == 0


def test_there_is_no_difference_to_nothing() -> None:
    assert percent(None, 2.0) is None
    assert percent(2.0, None) is None
    assert percent(2.0, 0) is None
