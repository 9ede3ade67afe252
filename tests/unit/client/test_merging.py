"""One comparison, changed in two terminals: nothing that ran is lost."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from playground.client.merging import merged, merged_turns
from playground.client.saved import MOST_TURNS, SavedComparison, SavedSide, SavedTurn


def side(name: str, *runs: str, **facts: object) -> SavedSide:
    turns = tuple(SavedTurn(run_id=run, status="done") for run in runs)
    made = SavedSide(name, f"{name}@v1", f"id-{name}", "g", name, 1, "abc", thread_id=f"t-{name}", turns=turns)
    return replace(made, **facts)  # type: ignore[arg-type]


def comparison(*sides: SavedSide, name: str = "") -> SavedComparison:
    return SavedComparison("c", name, sides)


def runs(saved: SavedComparison) -> dict[str, list[str | None]]:
    return {side.side_id: [turn.run_id for turn in side.turns] for side in saved.sides}


def test_turns_of_both_terminals_are_kept() -> None:
    base = comparison(side("a", "1"), side("b", "1"))
    mine = comparison(side("a", "1", "2"), side("b", "1"))
    stored = comparison(side("a", "1", "x"), side("b", "1", "y"))
    assert runs(merged(base, mine, stored)) == {"a": ["1", "x", "2"], "b": ["1", "y"]}


def test_panes_of_both_terminals_are_kept_and_what_one_takes_away_goes() -> None:
    base = comparison(side("a", "1"), side("b", "1"))
    added = comparison(side("a", "1"), side("mine"))
    stored = comparison(side("a", "1"), side("b", "1"), side("theirs"))
    assert list(runs(merged(base, added, stored))) == ["a", "mine", "theirs"]
    assert list(runs(merged(base, base, comparison(side("a", "1"))))) == ["a"], "the other took b away"
    ran = comparison(side("a", "1"), side("b", "1", "2"))
    assert runs(merged(base, ran, comparison(side("a", "1")))) == {"a": ["1"], "b": ["1", "2"]}, "it ran here since"


def test_the_last_name_holds() -> None:
    base = comparison(name="old")
    assert merged(base, comparison(name="old"), comparison(name="theirs")).name == "theirs"
    assert merged(base, comparison(name="mine"), comparison(name="theirs")).name == "mine"
    assert merged(base, comparison(name="mine"), None).name == "mine"


def test_a_pane_on_a_new_thread_remembers_the_old_one() -> None:
    base = comparison(side("a", "1"))
    mine = comparison(side("a", "2", thread_id="new", earlier=("t-a",)))
    stored = comparison(side("a", "1", "x"))
    (kept,) = merged(base, mine, stored).sides
    assert (kept.thread_id, kept.earlier, [turn.run_id for turn in kept.turns]) == ("new", ("t-a",), ["2"])
    (kept,) = merged(base, stored, mine).sides
    assert (kept.thread_id, kept.earlier, [turn.run_id for turn in kept.turns]) == ("new", ("t-a",), ["2"])


def test_a_turn_kept_before_the_server_took_it_is_not_two() -> None:
    sent = SavedTurn(input="hello")
    base = comparison(side("a", turns=(sent,)))
    mine = comparison(side("a", turns=(replace(sent, run_id="1", status="done"),)))
    assert runs(merged(base, mine, base)) == {"a": ["1"]}
    other = replace(sent, input="from elsewhere")
    stored = comparison(side("a", turns=(sent, other)))
    assert runs(merged(base, mine, stored)) == {"a": [None, "1"]}


def test_a_turn_that_has_ended_is_not_running_again() -> None:
    done, running = SavedTurn(run_id="1", status="done", running=2.0), SavedTurn(run_id="1", status="running")
    assert merged_turns([running], [running], [done]) == (done,)
    assert merged_turns([running], [done], [running]) == (done,)


def test_it_does_not_grow_without_bound() -> None:
    many = comparison(side("a", *map(str, range(3 * MOST_TURNS))))
    (kept,) = merged(many, many, many).sides
    assert [turn.run_id for turn in kept.turns] == [str(number) for number in range(2 * MOST_TURNS, 3 * MOST_TURNS)]


_RUNS = st.lists(st.sampled_from("abcdefghij"), unique=True, max_size=8)


@given(_RUNS, _RUNS, _RUNS)
def test_every_run_is_kept_once_and_mine_in_their_order(base: list[str], mine: list[str], theirs: list[str]) -> None:
    turns = [[SavedTurn(run_id=run, status="done") for run in runs] for runs in (base, mine, theirs)]
    found = [turn.run_id for turn in merged_turns(*turns)]
    assert len(found) == len(set(found))
    assert set(found) == {*mine, *theirs}
    assert [run for run in found if run in mine] == mine
