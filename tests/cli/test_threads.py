"""threads: listed, shown, written to files, made again, deleted."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.servers import Server

KEY = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD"


@pytest.fixture(scope="module")
def thread_id(odd_server: Server) -> str:
    """A thread with two turns of `tokens`."""
    client = odd_server.sync_client()
    thread = client.threads.create()["thread_id"]
    for text in ("2", "3"):
        client.runs.wait(thread, "tokens", input={"messages": [{"role": "user", "content": text}]})
    return str(thread)


@pytest.fixture(scope="module")
def odd_thread(odd_server: Server) -> str:
    """A thread whose input has a key in it."""
    client = odd_server.sync_client()
    thread = client.threads.create()["thread_id"]
    client.runs.wait(thread, "tokens", input={"messages": [{"role": "user", "content": "0"}]})
    said = {"messages": [{"role": "user", "content": f"my key is {KEY}"}]}
    client.runs.wait(thread, "tokens", input=said, raise_error=False)
    return str(thread)


def test_list_and_show(odd: Run, thread_id: str) -> None:
    result = odd("threads", "list")
    assert result.code == 0
    (line,) = [line for line in result.out.splitlines() if line.startswith(thread_id)]
    assert "tokens@v1" in line
    assert line.endswith("2")
    rows = json.loads(odd("threads", "list", "tokens", "--json").out)
    assert [row["title"] for row in rows if row["thread_id"] == thread_id] == ["2"]
    shown = odd("threads", "show", thread_id[:18])
    assert shown.code == 0
    assert "Turn 2 · tokens@v1" in shown.out
    assert "human> 3\nai> word0 word1 word2" in shown.out


def test_a_thread_is_made_again_with_its_steps(odd: Run, odd_server: Server, thread_id: str, tmp_path: Path) -> None:
    file = tmp_path / "thread.json"
    assert odd("threads", "export", thread_id, "-o", str(file)).code == 0
    assert file.stat().st_mode & 0o077 == 0
    again = odd("threads", "export", thread_id, "-o", str(file))
    assert again.code == 2
    assert "--force" in again.err
    made = odd("threads", "import", str(file), "--json")
    assert made.code == 0, made.err
    answer = json.loads(made.out)
    assert answer["steps"] > 1
    assert answer["differs"] == []
    client = odd_server.sync_client()
    old, new = client.threads.get_history(thread_id), client.threads.get_history(answer["thread_id"])
    assert [len(state["values"]["messages"]) for state in new] == [4, 3, 2, 2, 1, 0]
    said = [
        [(one["id"], one["type"], one["content"]) for one in state["values"]["messages"]] for state in (old[0], new[0])
    ]
    assert said[0] == said[1]
    assert [state["next"] for state in new] == [state["next"] for state in old]
    assert client.threads.get(answer["thread_id"])["metadata"]["graph_id"] == "tokens"


def test_no_key_is_written(odd: Run, odd_thread: str, tmp_path: Path) -> None:
    for ending in ("md", "html", "json", "py"):
        file = tmp_path / f"thread.{ending}"
        result = odd("threads", "export", odd_thread, "-o", str(file))
        assert result.code == 0, result.err
        text = file.read_text()
        assert KEY not in text, ending
        assert "my key is" in text, ending


def test_the_code_runs_the_turns_again(odd: Run, odd_server: Server, thread_id: str, tmp_path: Path) -> None:
    file = tmp_path / "again.py"
    assert odd("threads", "export", thread_id, "-o", str(file)).code == 0
    ast.parse(file.read_text())
    done = subprocess.run(
        [sys.executable, str(file)],
        env={"PLAYGROUND_URL": odd_server.url, "PLAYGROUND_KEY": odd_server.key},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "word0 word1 word2" in done.stdout


def test_delete_asks_and_deletes_all_or_none(odd: Run, odd_server: Server) -> None:
    client = odd_server.sync_client()
    ids = [str(client.threads.create()["thread_id"]) for _ in range(2)]
    result = odd("threads", "delete", *ids)
    assert result.code == 2
    assert "2 threads" in result.err
    assert odd("threads", "delete", ids[0], "no-such-thread", "--yes").code == 2
    assert client.threads.get(ids[0])
    result = odd("threads", "delete", *ids, "--yes", "--json")
    assert result.code == 0
    assert json.loads(result.out) == {"deleted": ids}


def test_bad_use_is_one_sentence(odd: Run, thread_id: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    for content, said in (("{", "no JSON"), ("[]", "no exported thread"), ('{"playground": "thread"}', "format None")):
        bad.write_text(content)
        result = odd("threads", "import", str(bad))
        assert result.code == 2
        assert said in result.err
    for arguments, said in (
        (("show", "no-such-thread"), "There is no thread no-such-thread"),
        (("export", thread_id, "-o", "thread.doc"), ".md"),
        (("import", str(tmp_path / "none.json")), "can't be read"),
    ):
        result = odd("threads", *arguments)
        assert result.code == 2, arguments
        assert said in result.err, result.err
        assert "Traceback" not in result.err
