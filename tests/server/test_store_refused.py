"""A store that can't be trusted is refused, untouched, with one sentence."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import SAMPLES


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"_meta": {"1": {"schema": 99, "generation": 1}}}', "was written by a newer version of the playground"),
        ('{"assistants": {"1": {', "is not JSON"),
        ('{"assistants": {"1": {"name": "no id"}}}', "store.json"),
        ('["not", "tables"]', "is not a TinyDB file"),
    ],
)
def test_newer_or_damaged(tmp_path: Path, content: str, sentence: str) -> None:
    store = tmp_path / "store"
    store.mkdir()
    (store / "store.json").write_text(content)
    command = [sys.executable, "-m", "playground", "serve", "--port", "0"]
    command += ["--project", str(SAMPLES), "--store", str(store)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert (store / "store.json").read_text() == content
    assert sorted(path.name for path in store.iterdir()) == ["store.json", "store.json.lock"]


def test_a_store_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    command = [sys.executable, "-m", "playground", "serve", "--port", "0"]
    command += ["--project", str(SAMPLES), "--store", str(blocked / "store")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert ended.returncode == 2
    assert str(blocked) in ended.stderr
    assert "Traceback" not in ended.stderr
