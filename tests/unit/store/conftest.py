"""Stores to test with, each in its own directory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.store.database import Database


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def database(directory: Path) -> Iterator[Database]:
    database = Database.open(directory)
    yield database
    database.close()
