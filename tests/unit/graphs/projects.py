"""Where the projects of these tests are."""

from collections.abc import Callable
from pathlib import Path

from playground.graphs.loader import Graphs

ROOT = Path(__file__).parents[3]
PROJECTS = ROOT / "tests" / "projects"
SAMPLES = ROOT / "sample_graphs"

LoadProject = Callable[..., Graphs]
WriteProject = Callable[[dict[str, str]], Path]
