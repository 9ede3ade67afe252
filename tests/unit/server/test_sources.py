"""Which files of a project changed."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from playground.graphs.manifest import load_manifest
from playground.server.sources import Sources


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "langgraph.json").write_text('{"graphs": {"one": "./one.py:graph"}, "env": ".env", "dependencies": []}')
    for name in ("one.py", "helper.py", "beside.py", ".hidden.py", "notes.md"):
        (tmp_path / name).write_text("")
    (tmp_path / ".venv" / "site-packages").mkdir(parents=True)
    (tmp_path / ".venv" / "site-packages" / "installed.py").write_text("")
    return tmp_path


@pytest.fixture
def sources(project: Path) -> Iterator[Sources]:
    made = Sources(load_manifest(project / "langgraph.json"))
    names = []
    for name, path in (("helper", "helper.py"), ("installed", ".venv/site-packages/installed.py")):
        module = ModuleType(f"tests_sources_{name}")
        module.__file__ = str(project / path)
        sys.modules[module.__name__] = module
        names.append(module.__name__)
    yield made
    for name in names:
        del sys.modules[name]


def touch(path: Path) -> None:
    """Change a file's time, as an editor does; coarse clocks must not hide it."""
    later = path.stat().st_mtime_ns + 1_000_000
    os.utime(path, ns=(later, later))


def test_what_is_imported_or_named_counts_and_nothing_else(project: Path, sources: Sources) -> None:
    assert sources.look() == []
    for name in ("one.py", "helper.py", "beside.py", "notes.md", ".venv/site-packages/installed.py"):
        touch(project / name)
    (project / "new.py").write_text("")
    assert sources.look() == ["helper.py", "one.py"]
    assert sources.look() == []
    touch(project / "langgraph.json")
    (project / ".env").write_text("A=1")
    assert sources.look() == [".env", "langgraph.json"]
    (project / "helper.py").unlink()
    assert sources.look() == ["helper.py"]
    assert sources.look() == []


def test_a_change_between_the_start_and_the_first_look_counts(project: Path, sources: Sources) -> None:
    touch(project / "helper.py")
    assert sources.look() == ["helper.py"]


def test_beside_a_graph_that_does_not_load_every_python_file_counts(project: Path, sources: Sources) -> None:
    assert sources.look(all_beside=True) == []
    touch(project / "beside.py")
    touch(project / ".hidden.py")
    (project / "missing.py").write_text("")
    assert sources.look(all_beside=True) == ["beside.py", "missing.py"]
    assert sources.look(all_beside=True) == []
