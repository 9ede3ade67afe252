"""compare: the same input to several refs, without a screen."""

import json
import signal
from pathlib import Path

import pytest

from tests.cli.conftest import Run, process
from tests.servers import PROJECTS, StartServer


def test_figures_and_answers_of_each(odd: Run) -> None:
    result = odd("compare", "tokens", "tokens@v1", "--input", "3")
    assert result.code == 0
    assert "A tokens@v1" in result.out
    assert "B tokens@v1" in result.out
    assert "✔ done" in result.out
    assert result.out.count("\nword0 word1 word2") == 2
    assert "1/2  " in result.err
    assert "2/2  " in result.err


def test_a_narrow_terminal_has_the_figures_pane_by_pane(samples: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    result = samples("compare", "support", "support", "--input", "Where is order 4411?")
    assert result.code == 0
    assert "\nA  support@v1  ✔ done\nB  support@v1  ✔ done\n" in result.out
    assert "\ntools                all  track_parcel\n" in result.out


def test_ctrl_c_stops_the_runs(start_server: StartServer) -> None:
    server = start_server(PROJECTS / "runs")
    where = ("--url", server.url, "--key", server.key)
    running = process("compare", "sleep", "sleep", "--input", '{"seconds": 60}', *where)
    client = server.sync_client()
    assert running.stderr is not None
    assert running.stderr.readline().startswith("A sleep@v1")
    assert running.stderr.readline().startswith("B sleep@v1")
    while len(threads := client.threads.search(status="busy")) < 2:
        assert running.poll() is None, "both run"
    running.send_signal(signal.SIGINT)
    assert running.wait(20) == 130
    assert "Traceback" not in running.stderr.read()
    for thread in threads:
        (run,) = client.runs.list(thread["thread_id"])
        client.runs.join(thread["thread_id"], run["run_id"])
        assert client.runs.get(thread["thread_id"], run["run_id"])["status"] == "interrupted"


def test_samples_as_json_with_the_same_numbers(odd: Run) -> None:
    result = odd("compare", "tokens", "tokens", "--input", "2", "--samples", "3", "--at-most", "2", "--json")
    assert result.code == 0
    (line,) = result.out.splitlines()
    first, second = json.loads(line)["panes"]
    assert first["title"] == "tokens@v1"
    (turn,) = first["turns"]
    assert turn["input"] == "2"
    assert turn["groups"]["exact"] == [{"count": 3, "status": "done", "text": "word0 word1 ", "samples": [0, 1, 2]}]
    assert {sample["title"] for sample in turn["samples"]} == {"tokens@v1"}
    assert len({sample["run_id"] for sample in turn["samples"]}) == 3
    assert turn["summary"]["running"]["least"] <= turn["summary"]["running"]["median"]
    assert second["turns"][0]["differs"]["running"] is not None


def test_a_run_that_fails_is_the_commands_failure(odd: Run) -> None:
    result = odd("compare", "boom", "echo", "--input", "{}")
    assert result.code == 1
    assert "✘ failed" in result.out
    assert "✔ done" in result.out
    assert "Traceback" not in result.out + result.err


def test_several_inputs_and_a_line_that_is_none(odd: Run, tmp_path: Path) -> None:
    inputs = tmp_path / "inputs.jsonl"
    inputs.write_text('2\n{"messages": [{"role": "user", "content": "1"}]}\n{broken\n')
    result = odd("compare", "tokens", "tokens", "--inputs", str(inputs), "--json")
    assert result.code == 0
    assert "line 3 is not JSON" in result.err
    turns = json.loads(result.out)["panes"][0]["turns"]
    assert [turn["samples"][0]["answer"] for turn in turns] == ["word0 word1 ", "word0 "]


def test_bad_use_is_one_sentence(odd: Run, samples: Run, tmp_path: Path) -> None:
    for arguments, said in (
        (("tokens", "--input", "1"), "Two to four refs are compared, not 1"),
        (("tokens", "tokens"), "What are they given?"),
        (("tokens", "tokns", "--input", "1"), "Did you mean"),
        (("tokens", "tokens", "--input", "1", "--inputs", "x"), "not both"),
        (("tokens", "tokens", "--input", "missing.json"), "There is no file missing.json"),
        (("tokens", "tokens", "--inputs", str(tmp_path / "none.jsonl")), "can't be read"),
        (("tokens", "tokens", "--input", "1", "--samples", "0"), "samples"),
    ):
        result = odd("compare", *arguments)
        assert result.code == 2, arguments
        assert said in result.err, result.err
        assert not result.out
    result = samples("compare", "support", "classify", "--input", '{"labels": 3}')
    assert result.code == 2
    assert "The input doesn't fit" in result.err
