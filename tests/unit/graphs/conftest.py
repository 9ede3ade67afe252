"""Projects loaded into the test's own process, which is put back as it was."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.graphs.loader import Graphs
from playground.graphs.manifest import find_manifest, load_manifest
from tests.unit.graphs.projects import PROJECTS, SAMPLES, LoadProject, WriteProject


@pytest.fixture
def restored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Modules of projects, sys.path and the environment are forgotten after the test."""
    monkeypatch.setenv("SCRIPTED_DELAY_MS", "0")
    path, environment = list(sys.path), dict(os.environ)
    yield
    sys.path[:] = path
    os.environ.clear()
    os.environ.update(environment)
    folders = (str(PROJECTS), str(SAMPLES), str(tmp_path))
    for name, module in list(sys.modules.items()):
        if _folder(module).startswith(folders):
            del sys.modules[name]


def _folder(module: Any) -> str:
    file = getattr(module, "__file__", None)
    return file or next(iter(getattr(module, "__path__", ())), "")


@pytest.fixture
def project(restored: None) -> LoadProject:
    """The graphs of a folder below tests/projects, or of any other; nothing is imported yet."""

    def load(folder: str | Path, **settings: Any) -> Graphs:
        return Graphs(load_manifest(find_manifest(PROJECTS / folder)), **settings)

    return load


@pytest.fixture
def write_project(tmp_path: Path) -> WriteProject:
    """Writes a project's files: `write_project({"langgraph.json": "…", "agent.py": "…"})`."""

    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")
        return tmp_path

    return write


@pytest.fixture
def samples(restored: None) -> None:
    """The sample project's package can be imported."""
    sys.path.append(str(SAMPLES))
