"""Grouping and counting samples."""

from hypothesis import given
from hypothesis import strategies as st

from playground.compare.metrics import Metrics
from playground.compare.samples import Sample, Spread, call_counts, group, loosened, spread, summary

STATUSES = st.sampled_from(["done", "failed", "interrupted", "stopped"])
WORDS = st.lists(st.text("abcäßजी0123456789", min_size=1, max_size=4), min_size=1, max_size=5)
NOISE = st.text(" \n\t!?;\"'…*_`„“—", max_size=3)
SAMPLES = st.lists(
    st.builds(
        Sample,
        answer=st.one_of(st.text(max_size=6), st.sampled_from(["Yes.", "yes", "no", "1.5", "15"])),
        calls=st.lists(st.sampled_from(["look_up", "refund", "ask"]), max_size=4).map(tuple),
        status=STATUSES,
        note=st.sampled_from(["", "boom"]),
    ),
    max_size=12,
)


@given(SAMPLES, st.booleans())
def test_every_sample_is_in_one_group(samples: list[Sample], loose: bool) -> None:
    groups = group(samples, loose)
    assert sorted(index for one in groups for index in one.indexes) == list(range(len(samples)))
    assert [one.count for one in groups] == sorted((one.count for one in groups), reverse=True)
    for one in groups:
        assert one.text == samples[one.indexes[0]].said
        assert {samples[index].status for index in one.indexes} == {one.status}


@given(SAMPLES)
def test_a_group_is_what_is_equal(samples: list[Sample]) -> None:
    where = {index: number for number, one in enumerate(group(samples)) for index in one.indexes}
    for left, first in enumerate(samples):
        for right, second in enumerate(samples):
            same = (first.status, first.said) == (second.status, second.said)
            assert (where[left] == where[right]) == same


@given(SAMPLES)
def test_loose_groups_only_join_exact_ones(samples: list[Sample]) -> None:
    loose = [set(one.indexes) for one in group(samples, loose=True)]
    assert all(any(set(one.indexes) <= larger for larger in loose) for one in group(samples))


@given(WORDS, st.data())
def test_case_space_and_punctuation_are_ignored(words: list[str], data: st.DataObject) -> None:
    def written() -> str:
        spoken = [data.draw(st.sampled_from([word, word.upper()])) + data.draw(NOISE) for word in words]
        return data.draw(NOISE) + "".join(spoken)

    assert loosened(written()) == loosened(written())


@given(WORDS, WORDS)
def test_other_words_are_other_answers(left: list[str], right: list[str]) -> None:
    same = "".join(left).casefold() == "".join(right).casefold()
    assert (loosened("! ".join(left)) == loosened(" ".join(right))) == same


def test_what_looks_like_punctuation_but_is_not() -> None:
    different = ["1.5", "15", "-15", "👍", "👎", "?", "!", "10:30", "1030", "कि", "का"]
    samples = [Sample(text) for text in different]
    assert len(group(samples, loose=True)) == len(different)
    assert len(group([Sample("Refund **issued**."), Sample("refund issued"), Sample("`Refund`\nissued!")], True)) == 1


def test_a_failure_and_an_answer_never_are_one() -> None:
    samples = [Sample(""), Sample("", status="failed", note="boom"), Sample("boom"), Sample("", status="interrupted")]
    assert [one.count for one in group(samples, loose=True)] == [1, 1, 1, 1]
    assert [one.text for one in group(samples)] == ["", "boom", "boom", ""]


@given(SAMPLES)
def test_a_tool_counts_once_a_sample(samples: list[Sample]) -> None:
    counts = call_counts(samples)
    for name in ("look_up", "refund", "ask"):
        having = sum(name in sample.calls for sample in samples if sample.status != "stopped")
        assert counts.get(name, 0) == having
    assert list(counts.values()) == sorted(counts.values(), reverse=True)


@given(st.lists(st.one_of(st.none(), st.floats(0, 1e6))))
def test_a_spread_is_of_what_is_known(values: list[float | None]) -> None:
    known = [value for value in values if value is not None]
    found = spread(values)
    if not known:
        assert found is None
        return
    assert found is not None
    assert (found.least, found.most) == (min(known), max(known))
    assert sum(value < found.median for value in known) <= len(known) / 2
    assert sum(value > found.median for value in known) <= len(known) / 2


def test_a_summary_times_only_what_is_done() -> None:
    slow = Metrics(queued=1.0, first_token=0.5, running=4.0, input_tokens=10, output_tokens=40)
    fast = Metrics(queued=0.0, first_token=0.1, running=2.0, output_tokens=20, cost=0.25)
    samples = [
        Sample("a", ("look_up", "look_up"), metrics=slow, title="support@v7"),
        Sample("a", ("look_up",), metrics=fast, title="support@v7", cached=True),
        Sample("", ("look_up",), "failed", Metrics(running=0.01), title="support@v7", note="boom"),
        Sample("", (), "stopped"),
    ]
    found = summary(samples)
    assert (found.count, found.ended, found.cached) == (4, 3, 1)
    assert found.statuses == {"done": 2, "failed": 1, "stopped": 1}
    assert found.titles == {"support@v7": 3}
    assert found.calls == {"look_up": 3}
    assert found.running == Spread(2.0, 3.0, 4.0)
    assert found.input_tokens == Spread(10, 10, 10)
    assert found.cost == Spread(0.25, 0.25, 0.25)
    assert summary([]).running is None
