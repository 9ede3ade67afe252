"""Which server: of a project, of the demo, or at a URL."""

from dataclasses import dataclass, field
from pathlib import Path

from playground.client.errors import UsageError

MANIFEST = "langgraph.json"


@dataclass(frozen=True, slots=True)
class Target:
    """How the server is found. A URL beats everything; the demo is a project with a store of its own.

    `python` is the interpreter that has the project's dependencies and this package; None is the one that runs this.
    """

    project: Path | None = None
    store: Path | None = None
    url: str | None = None
    key: str | None = field(default=None, repr=False)
    python: str | None = None
    demo: bool = False

    def place(self) -> "Place":
        """The project and the store to serve. Raises UsageError if there is no project."""
        if self.demo:
            return Place(sample_project(), (self.store or demo_store()).expanduser().resolve())
        project = find_project(self.project or Path.cwd())
        if project is None:
            where = f"{self.project}" if self.project else "this folder or above it"
            raise UsageError(
                f"There is no {MANIFEST} in {where}. "
                "Name a project with --project, try the samples with --demo, or attach to a server with --url."
            )
        return Place(project, (self.store or project / ".playground").expanduser().resolve())


@dataclass(frozen=True, slots=True)
class Place:
    """A project's folder and the folder of its store."""

    project: Path
    store: Path


def find_project(start: Path) -> Path | None:
    """The folder that holds langgraph.json: `start` (or the file's folder), or the nearest above it."""
    start = start.expanduser().resolve()
    if start.is_file():
        return start.parent if start.suffix == ".json" else None
    return next((folder for folder in (start, *start.parents) if (folder / MANIFEST).is_file()), None)


def sample_project() -> Path:
    """The sample graphs: inside an installed package, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "sample_graphs"
    return inside if (inside / MANIFEST).is_file() else package.parent / "sample_graphs"


def demo_store() -> Path:
    """The demo's store, in the user's data folder: it survives between demos."""
    from platformdirs import user_data_path

    return user_data_path("langgraph-playground", appauthor=False) / "demo"
