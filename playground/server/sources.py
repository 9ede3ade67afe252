"""The files that a server's code came from, and which of them changed on disk since.

A look at the times of the files that were imported, not a watch on the folders: it needs no library, works on every
file system (network folders, containers), starts nothing for a log or a picture that a graph writes, and costs less
than a millisecond a second.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from playground.graphs.manifest import Manifest
from playground.runs.origin import is_projects

Stamp = tuple[int, int] | None  # time of change in ns and size; None: there is no such file


class Sources:
    """The project's Python files that are imported or named in langgraph.json, that file itself, and its `env` file.

    While a graph doesn't load (`all_beside`), also every other Python file in their folders: the fault may be there.
    """

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._roots = (manifest.root, *manifest.dependencies)
        self._always = {manifest.path, *(spec.source for spec in manifest.graphs if spec.source)}
        if manifest.env_file is not None:
            self._always.add(manifest.env_file)
        self._imported: set[Path] = set()
        self._modules = 0
        self._stamps: dict[Path, Stamp] = {path: _stamp(path) for path in self._always}
        self._beside: dict[Path, Stamp] | None = None

    def look(self, *, all_beside: bool = False) -> list[str]:
        """The files that changed since the last look, relative to the project; a new one counts from its second."""
        if len(sys.modules) != self._modules:
            self._modules = len(sys.modules)
            self._imported = set(self._files())
        changed = {path for path in self._imported | self._always if self._is_new(path)}
        changed |= self._look_beside() if all_beside else set()
        if not all_beside:
            self._beside = None
        return sorted(self._name(path) for path in changed)

    def _is_new(self, path: Path) -> bool:
        stamp = _stamp(path)
        old, self._stamps[path] = self._stamps.get(path, stamp), stamp
        return old != stamp

    def _look_beside(self) -> set[Path]:
        """What changed or appeared there: the missing module, perhaps."""
        now = {path: _stamp(path) for path in set(self._in_folders()) - self._imported - self._always}
        before, self._beside = self._beside, now
        return set() if before is None else {path for path in now if path not in before or before[path] != now[path]}

    def _files(self) -> Iterable[Path]:
        for module in list(sys.modules.values()):
            file = getattr(module, "__file__", None) if isinstance(module, ModuleType) else None
            if isinstance(file, str) and is_projects(path := Path(file), self._roots):
                yield path

    def _in_folders(self) -> Iterable[Path]:
        for folder in {self._manifest.root, *(path.parent for path in self._imported | self._always)}:
            if folder.is_dir() and is_projects(folder, self._roots):
                yield from (path for path in folder.glob("*.py") if not path.name.startswith("."))

    def _name(self, path: Path) -> str:
        return str(path.relative_to(self._manifest.root) if path.is_relative_to(self._manifest.root) else path)


def _stamp(path: Path) -> Stamp:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
