"""The line on which a graph is defined."""

from pathlib import Path

import pytest

from playground.graphs.locating import line_of

CODE = '''"""Graphs."""
from elsewhere import imported as other, plain

graph = 1


def make():
    graph = 2
    return graph


if graph:
    chosen: int = 1
else:
    chosen = 2
one, (two, three) = 1, (2, 3)
graph = graph + 1
graph.compile(graph=graph)
if graph: other.graph = other["graph"] = {"graph": graph}
first = second = 1
'''


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("graph", 17),
        ("make", 7),
        ("chosen", 15),
        ("other", 2),
        ("plain", 2),
        ("three", 16),
        ("second", 20),
        ("missing", None),
    ],
)
def test_the_last_binding_of_the_module_counts(tmp_path: Path, name: str, line: int | None) -> None:
    file = tmp_path / "graphs.py"
    file.write_text(CODE)
    assert line_of(str(file), name) == line


def test_what_can_not_be_read_has_no_line(tmp_path: Path) -> None:
    file = tmp_path / "broken.py"
    file.write_text("graph = (")
    assert line_of(str(file), "graph") is None
    assert line_of(str(tmp_path), "graph") is None
    assert line_of(str(tmp_path / "gone.py"), "graph") is None
