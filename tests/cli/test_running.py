"""run: what answers, what it answers, how it ends."""

import io
import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.servers import PROJECTS


def thread_of(err: str) -> str:
    found = re.search(r"thread ([0-9a-f-]{36})", err)
    assert found is not None
    return found[1]


def test_the_answer_and_who_gave_it(odd: Run) -> None:
    result = odd("run", "tokens", "3")
    assert (result.code, result.out) == (0, "word0 word1 word2 \n")
    assert re.fullmatch(r"tokens@v1 · [0-9a-f]{6} · thread [0-9a-f-]{36}\n", result.err)
    again = odd("run", "tokens@v1", "1", "--thread", thread_of(result.err))
    assert thread_of(again.err) == thread_of(result.err)


def test_one_event_a_line(odd: Run) -> None:
    result = odd("run", "tokens", "3", "--json")
    events = [json.loads(line) for line in result.out.splitlines()]
    assert [event["event"] for event in events][:3] == ["runnable", "accepted", "started"]
    assert events[0]["title"] == "tokens@v1"
    assert "".join(event["text"] for event in events if event["event"] == "message_chunk") == "word0 word1 word2 "
    assert events[-1] == {"event": "ended", "status": "success"}


def test_what_is_not_a_chat(samples: Run, tmp_path: Path) -> None:
    result = samples("run", "classify", "my lamp is broken")
    assert result.code == 0
    assert set(json.loads(result.out)) == {"label", "confidence"}
    given = tmp_path / "input.json"
    given.write_text(json.dumps({"text": "great lamp", "labels": ["good", "bad"]}))
    assert json.loads(samples("run", "classify", "--input", str(given)).out)["label"] in ("good", "bad", "unsure")


def test_standard_input(odd: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("2\n"))
    assert odd("run", "tokens", "-").out == "word0 word1 \n"
    monkeypatch.setattr("sys.stdin", io.StringIO('{"messages": [{"role": "user", "content": "1"}]}'))
    assert odd("run", "tokens", "-").out == "word0 \n"


def test_a_run_that_fails(odd: Run) -> None:
    result = odd("run", "boom", "{}")
    assert (result.code, result.out) == (1, "")
    assert "✘ CustomError: boom [/bold]" in result.err
    assert "Traceback" not in result.err
    assert "graphs.py" in odd("run", "boom", "{}", "--debug").err


def test_a_run_that_asks_says_how_to_answer(odd: Run) -> None:
    result = odd("run", "ask", '{"name": ""}')
    assert result.code == 0
    assert '‖ It asks: {"question": "name?"}' in result.err
    answer = f"run ask@v1 --thread {thread_of(result.err)} --resume JSON"
    assert answer in result.err
    assert "key-of-the-tests" not in result.err
    answered = odd("run", "ask@v1", "--thread", thread_of(result.err), "--resume", '"Ann"')
    assert (answered.code, json.loads(answered.out)) == (0, {"name": "Ann"})


def test_tools_and_an_approval(samples: Run) -> None:
    result = samples("run", "support", "please refund order 4411")
    assert result.code == 0
    assert "⚙ lookup_order(" in result.err
    assert "⚙" not in result.out


def test_an_answer_that_did_not_stream(odd: Run) -> None:
    result = odd("run", "shout", "hi")
    assert result.code == 0
    assert result.out.startswith("[/bold] [red]not red \x1b[31m")  # a pipe gets it as it is


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["run", "echo"], "Give the input once"),
        (["run", "echo", "x", "--input", "file"], "Give the input once"),
        (["run", "tokens", "--input", "nowhere.json"], "nowhere.json cannot be read: No such file"),
        (["run", "ask", "--resume", "1"], "--thread ID"),
        (["run", "echo", "{}", "--thread", "nix"], "Could not read the thread"),
        (["run", "echo", "{}", "--thread", "00000000-0000-0000-0000-000000000000"], "Could not read the thread"),
        (["run", "nix", "hi"], "There is no assistant “nix”"),
        (["run"], "Missing argument"),
        (["run", "echo", "{}", "--wrong"], "No such option"),
    ],
)
def test_used_wrongly(odd: Run, arguments: list[str], sentence: str) -> None:
    result = odd(*arguments)
    assert (result.code, result.out) == (2, "")
    assert sentence in result.err
    assert "Traceback" not in result.err


def test_a_file_that_is_no_text(odd: Run, tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in odd("run", "tokens", "--input", str(tmp_path / "picture")).err


def test_a_graph_that_cannot_be_made_runs_and_says_why(odd: Run) -> None:
    result = odd("run", "bad_factory", "{}")
    assert result.code == 1
    assert "no such model" in result.err


def test_a_graph_that_ends_the_server_is_named_with_its_last_words(command: Run, tmp_path: Path) -> None:
    result = command("run", "vanish", "{}", "--project", str(PROJECTS / "runs"), "--store", str(tmp_path / "store"))
    assert result.code == 3
    assert "The server ended with exit code 7." in result.err
    assert "last words of the graph" in result.err
    assert "Traceback" not in result.err
