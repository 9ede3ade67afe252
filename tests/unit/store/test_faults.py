"""Kills and full disks, in processes of their own. The scripts in tests/faults run for longer by hand."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FAULTS = Path(__file__).parents[2] / "faults"
ROUNDS = os.environ.get("PLAYGROUND_KILL_ROUNDS", "20")

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs POSIX")


def run(script: str, *arguments: str) -> str:
    result = subprocess.run(
        [sys.executable, str(FAULTS / script), *arguments], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_nothing_that_was_answered_is_lost_to_a_kill(directory: Path) -> None:
    assert run("store_kill.py", str(directory), ROUNDS).endswith("nothing lost\n")


def test_a_full_disk_is_one_sentence_and_loses_nothing(directory: Path) -> None:
    assert run("store_full.py", str(directory)).splitlines() == [
        f"{directory}/{name} could not be written: File too large." for name in ("store.json", "threads/t.json")
    ]
