"""The server answers its user, and no stranger."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.servers import SAMPLES, Server, StartServer

EVERYWHERE = ["/ok", "/info", "/playground", "/playground/log", "/assistants/0", "/openapi.json", "/docs", "/nothing"]


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize("key", [None, "wrong", "key-of-the-tests-and-more", "kéy"])
def test_without_the_key_nothing_is_answered(shared_server: Server, path: str, key: str | None) -> None:
    headers = {} if key is None else {"x-api-key": key.encode()}
    response = httpx.get(shared_server.url + path, headers=headers)
    assert response.status_code == 401
    assert shared_server.key not in response.text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8123", "127.0.0.1.evil.example", "", "[::2]:1"])
def test_a_rebound_name_is_refused(shared_server: Server, host: str) -> None:
    response = httpx.get(shared_server.url + "/ok", headers={"host": host, "x-api-key": shared_server.key})
    assert response.status_code == 403


@pytest.mark.parametrize("host", ["localhost", "localhost:1", "127.0.0.1", "[::1]:80"])
def test_the_machines_own_names_are_answered(shared_server: Server, host: str) -> None:
    response = httpx.get(shared_server.url + "/ok", headers={"host": host, "x-api-key": shared_server.key})
    assert response.json()["ok"] is True


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
def test_a_web_page_is_refused(start_server: StartServer, headers: dict[str, str], shared_server: Server) -> None:
    response = httpx.get(shared_server.url + "/ok", headers={**headers, "x-api-key": shared_server.key})
    assert response.status_code == 403


def test_only_the_random_key_of_a_managed_server_is_written_down(shared_server: Server) -> None:
    path = shared_server.store / "server.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text())["key"] is None
    for file in shared_server.store.rglob("*"):
        if file.is_file():
            assert shared_server.key not in file.read_text(errors="replace")


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--project", "{empty}"], 2, "There is no langgraph.json in"),
        (["--project", "{samples}", "--host", "0.0.0.0"], 2, "needs a key"),
        (["--project", "{samples}", "--port", "{taken}"], 3, "cannot be used: address already in use"),
        (["--project", "{samples}", "--store", "{locked}"], 3, "process"),
        (["--project", "{broken}"], 2, "is not valid JSON"),
    ],
)
def test_what_keeps_it_from_starting_is_one_sentence(
    shared_server: Server, tmp_path: Path, arguments: list[str], code: int, sentence: str
) -> None:
    broken = tmp_path / "broken"
    (tmp_path / "empty").mkdir()
    broken.mkdir()
    (broken / "langgraph.json").write_text('{"graphs": {')
    places = {
        "empty": tmp_path / "empty",
        "broken": broken,
        "samples": SAMPLES,
        "locked": shared_server.store,
        "taken": httpx.URL(shared_server.url).port,
    }
    command = [sys.executable, "-m", "playground", "serve", "--store", str(tmp_path / "store"), "--port", "0"]
    command += [argument.format_map(places) for argument in arguments]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, env=os.environ)
    assert ended.returncode == code
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
